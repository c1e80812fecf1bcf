import CampaignCore
import Testing

/// What a build says to CI services, to hooks and by its exit code.
@Suite struct CITests {
  static let rules = """
    build/a.txt: a.txt
        $ echo "made a"; cp "$in" "$out"; test ! -e ../broken

    build/b.txt: build/a.txt
        $ cp "$in" "$out"
    """

  // MARK: - Services

  @Test func `GitHub gets groups, annotations and a summary`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "1", "repository/.keep": ""])
    try test.write("", to: "../broken")
    let environment = [
      "CI=true", "GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=\(test.folder)",
      "GITHUB_STEP_SUMMARY=\(test.folder)/summary.md", "MY_API_KEY=very-secret-value",
    ]
    let run = try test.run(["build", "--junit", "build/report/junit.xml"], environment: environment)
    #expect(run.code == 1)
    let lines = run.narration.split(separator: "\n").map(String.init)
    #expect(lines.first == "::add-mask::very-secret-value")
    #expect(lines.contains("::group::log of build/a.txt") && lines.contains("made a"))
    #expect(lines.contains("::endgroup::"))
    #expect(
      lines.contains(
        "::error file=workspace/Campaignfile,line=3,col=1,endColumn=12,title=build/a.txt failed"
          + "::the command failed with exit code 1"))
    let summary = try #require(try test.read("../summary.md"))
    #expect(summary.hasPrefix("### test: failed after "))
    #expect(summary.contains("| `build/a.txt` | failed | "))
    #expect(summary.hasSuffix("| free | build/a.txt failed |\n\nRun `campaign build` again to go on.\n\n"))
    let junit = try #require(try test.read("build/report/junit.xml"))
    #expect(junit.contains("tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"1\""))
    #expect(
      junit.contains("<failure type=\"failed\" message=\"the command failed with exit code 1\">"))
    #expect(junit.contains("<skipped message=\"build/a.txt failed\"/>"))
  }

  @Test func `what is current is told to JUnit, too`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "1"])
    #expect(try test.run(["build"]).code == 0)
    #expect(try test.run(["build", "--junit", "junit.xml"]).code == 0)
    let junit = try #require(try test.read("junit.xml"))
    #expect(junit.split(separator: "<skipped message=\"up to date\"/>").count == 3)
    // Readers take it for what it is.
    #expect(try test.shell("python3 -c 'import sys, xml.dom.minidom as x; x.parse(\"junit.xml\")'") == 0)
  }

  @Test func `a mistake in the Campaignfile is annotated`() throws {
    let test = try CommandTest("build/a.txt: a.txt\n    colect", ["a.txt": "1"])
    let environment = ["GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=\(test.workspace)"]
    let run = try test.run(["build"], environment: environment)
    #expect(run.code == 2)
    #expect(
      run.narration.hasSuffix(
        "::error file=Campaignfile,line=4,col=5,endColumn=11,title=E0203::there is no action `colect`"
          + "%0Adid you mean `collect`?\n"))
  }

  @Test func `GitLab gets sections`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "1"])
    let run = try test.run(["build"], environment: ["GITLAB_CI=true"])
    #expect(run.code == 0)
    #expect(
      try run.narration.contains(
        Regex(
          "section_start:[0-9]{10}:build_a.txt\\[collapsed=true\\]\r\u{1B}\\[0Klog of build/a.txt\nmade a\n"))
    )
    #expect(try run.narration.contains(Regex("section_end:[0-9]{10}:build_a.txt\r\u{1B}\\[0K\n")))
  }

  @Test func `a plan is a comment on a pull request`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "1"])
    #expect(
      try test.run(["plan", "--markdown"]).output == """
        ### test: would spend nothing

        | target | what | price | why |
        | --- | --- | --- | --- |
        | `build/a.txt` | make | free | never built |
        | `build/b.txt` | depends | free | build/a.txt |

        1 to make, 1 undecided; free

        """)
    #expect(try test.run(["build"]).code == 0)
    #expect(try test.run(["plan", "--markdown"]).output == "### test: nothing to do\n\n")
  }

  // MARK: - Hooks

  @Test func `hooks are told how a build ended`() throws {
    let hook = { (name: String) in
      "\(name) = cat > ../\(name).json; echo \"$$event $$campaign\" >> ../hooks\n"
    }
    let test = try CommandTest(hook("on-success") + hook("on-failure") + "\n" + Self.rules, ["a.txt": "1"])
    #expect(try test.run(["build"]).code == 0)
    #expect(try test.run(["build"]).code == 0)
    try test.write("2", to: "a.txt")
    try test.write("", to: "../broken")
    #expect(try test.run(["build"]).code == 1)
    #expect(try test.read("../hooks") == "on-success test\non-failure test\n")
    let told = try JSON.parse(Array(try #require(try test.read("../on-failure.json")).utf8))
    #expect(told["event"]?.string == "on-failure")
    #expect(told["failed"]?.array?.first?["target"]?.string == "build/a.txt")
    #expect(told["summary"]?["failed"]?.int == 1)
  }

  @Test func `a build that waits for a person calls its hook`() throws {
    let test = try CommandTest(
      "on-approval-needed = cat > ../told\n\n"
        + Self.rules.replacing("    $ echo", with: "    approve = yes\n    $ echo"), ["a.txt": "1"])
    #expect(try test.run(["build"]).code == 4)
    let told = try JSON.parse(Array(try #require(try test.read("../told")).utf8))
    #expect(told["awaiting"] == .array([.string("build/a.txt")]))
  }

  @Test func `a hook that fails fails no build, and says so`() throws {
    let test = try CommandTest("on-success = exit 3\n\n" + Self.rules, ["a.txt": "1"])
    let run = try test.run(["build"])
    #expect(run.code == 0)
    #expect(run.narration.contains("`on-success` failed with exit code 3, see .campaign/logs/on-success.log"))
  }

  // MARK: - Exit codes

  @Test(arguments: [
    (["build"], 0), (["build", "--nonsense"], 2), (["nonsense"], 2), (["build", "build/none.txt"], 2),
    (["status", "--check"], 3), (["build", "--set", "no=1"], 2), (["build", "-C", "nowhere"], 2),
    (["help", "E0999"], 2), (["help", "E0204"], 0), (["history", "nonsense"], 2), (["--version"], 0),
    (["log", "build/a.txt"], 1), (["takes", "build/a.txt"], 2), (["approve", "build/a.txt"], 2),
    (["adopt", "build/b.txt"], 2), (["gc", "nonsense"], 2), (["compare", "a", "b"], 2),
    (["explain", "no"], 2),
    (["graph", "--format", "no"], 2), (["completions", "tcsh"], 2), (["pause", "no"], 2), (["check"], 0),
  ])
  func `every call ends with its code`(arguments: [String], code: Int) throws {
    let test = try CommandTest(Self.rules, ["a.txt": "1"])
    let run = try test.run(arguments)
    #expect(run.code == code, "it said: \(run.narration)")
    // A mistake is told in few lines, the last of which says what to do.
    if code == 2 {
      let lines = run.narration.split(separator: "\n").filter { $0 != "nothing was run, nothing was spent" }
      #expect(lines.first?.contains("error") == true && lines.last?.hasPrefix("help: ") == true)
    }
  }

  @Test func `failure, approval, trouble and refusal have codes of their own`() throws {
    for (script, code) in [("exit 9", 1), ("exit 75", 6), ("kill -KILL $$", 1)] {
      let test = try CommandTest("build/a.txt: a.txt\n    $ \(script)", ["a.txt": "1"])
      #expect(try test.run(["build"]).code == code)
    }
    let shop = try Rehearsed(clips: ["hook"])
    #expect(try shop.run("build").code == 5)
    #expect(try shop.run("build", "build/pairs.json").code == 0)
    #expect(try shop.run("build", "--frozen").code == 5)
  }

  @Test func `a second build does not wait when it is told not to`() throws {
    let test = try CommandTest(
      "build/a.txt: a.txt\n    $ \(Gate.script("a")) cp \"$in\" \"$out\"", ["a.txt": "1"])
    let gate = try Gate("a", test)
    let build = test.start("build")
    try gate.waitForStep()
    #expect(try test.run(["build", "--no-wait"]).code == 7)
    #expect(try test.run(["status"]).output.contains("a build that runs: pid "))
    build.signal(15)
    #expect(try build.wait().code == 143)
  }
}
