import CampaignCore
import Testing

/// What is told of earlier builds, of what is on the disk, and of what is kept.
@Suite struct HistoryTests {
  static let rules = """
    build/a.txt: a.txt
        $ cp "$in" "$out"; test ! -e ../broken

    build/b.txt: build/a.txt
        costly = yes
        $ cp "$in" "$out"
    """

  private func json(_ test: CommandTest, _ arguments: String...) throws -> JSON {
    try JSON.parse(Array(try test.run(arguments + ["--json"]).output.utf8))
  }

  // MARK: - history

  @Test func `builds have names, outcomes and steps`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "1"])
    #expect(try test.run(["history"]).output == "nothing was built yet\n")
    #expect(try test.run(["build"]).code == 0)
    #expect(try test.run(["build"]).code == 0)
    try test.write("2", to: "a.txt")
    try test.write("", to: "../broken")
    #expect(try test.run(["build", "build/b.txt"]).code == 1)
    let builds = try #require(try json(test, "history")["builds"]?.array)
    #expect(builds.map { $0["outcome"]?.string } == ["done", "failed"])
    #expect(builds[0]["changed"] == .array([.string("build/a.txt"), .string("build/b.txt")]))
    let name = try #require(builds[1]["build"]?.string)
    let run = try json(test, "history", name)
    #expect(run["targets"] == .array([.string("build/b.txt")]))
    let steps = try #require(run["steps"]?.array)
    #expect(steps.map { $0["outcome"]?.string } == ["failed", "skipped"])
    #expect(steps[0]["message"]?.string == "the command failed with exit code 1")
    #expect(try json(test, "history", "last") == run)
    #expect(try test.run(["status"]).output.contains("build/a.txt failed in \(name): the command failed"))
  }

  @Test func `an unknown build is named`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "1"])
    #expect(try test.run(["history", "amber-heron"]).code == 2)
  }

  @Test func `a build that was killed is told as cut short`() throws {
    let test = try CommandTest(
      "build/a.txt: a.txt\n    $ \(Gate.script("a")) cp \"$in\" \"$out\"", ["a.txt": "1"])
    let gate = try Gate("a", test)
    let build = test.start("build")
    try gate.waitForStep()
    build.signal(9)
    _ = try build.wait()
    #expect(try json(test, "history")["builds"]?.array?.first?["outcome"]?.string == "cut short")
  }

  @Test func `a mistake in the Campaignfile hides nothing of the past`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "1"])
    #expect(try test.run(["build"]).code == 0)
    try test.write("campaign test\n\nx = $y\n", to: "Campaignfile")
    #expect(try json(test, "history", "last")["steps"]?.array?.count == 2)
    let log = try test.run(["log", "build/a.txt"])
    #expect(log.code == 0, "it said: \(log.narration)")
    try test.write("campaign test\n\nx = $y\n", to: "other/Campaignfile")
    let other = try test.run(["history", "-C", "other"])
    #expect(other.code == 2 && other.narration.contains("E0201"), "it said: \(other.narration)")
  }

  @Test func `what cannot be restored is named`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "1"])
    #expect(try test.run(["build"]).code == 0)
    let name = try #require(try json(test, "history")["builds"]?.array?.first?["build"]?.string)
    #expect(try test.run(["history", name, "--restore"]).output == "there was no take to restore\n")
    try test.write("2", to: "a.txt")
    #expect(try test.run(["build"]).code == 0)
    #expect(
      try test.run(["history", name, "--restore"]).output
        == "there was no take to restore\nbuild/a.txt, build/b.txt were made anew since: put photos, texts and "
        + "Campaignfile back as they were then, and build\n")
    #expect(try test.read("build/b.txt") == "2")
  }

  // MARK: - log

  @Test func `a log without words says how the step ended`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "1"])
    let unborn = try test.run(["log", "build/a.txt"])
    #expect(unborn.code == 1 && unborn.narration.contains("has not run yet"))
    #expect(try test.run(["build"]).code == 0)
    #expect(try test.run(["log", "build/a.txt"]).narration == "`build/a.txt` was made without a word\n")
    try test.write("2", to: "a.txt")
    try test.write("", to: "../broken")
    #expect(try test.run(["build"]).code == 1)
    #expect(
      try test.run(["log", "build/a.txt"]).narration
        == "`build/a.txt` failed (the command failed with exit code 1) without a word\n")
  }

  // MARK: - explain

  @Test func `explain compares field by field and input by input`() throws {
    let test = try CommandTest(
      "words = a slow dolly over the pool\n\nbuild/a.txt: a.txt b.txt\n    $ echo \"$words\" > \"$out\"",
      ["a.txt": "1", "b.txt": "1"])
    #expect(try test.run(["build"]).code == 0)
    try test.write("2", to: "a.txt")
    try test.write("3", to: "c.txt")
    let text = try #require(try test.read("Campaignfile"))
    try test.write(
      text.replacing("slow dolly", with: "crane up").replacing("a.txt b.txt", with: "a.txt c.txt"),
      to: "Campaignfile")
    let words = try test.run(["explain"]).output
    #expect(words.contains("words  = a [-slow dolly-] {+crane up+} over the pool\n"))
    let explanation = try json(test, "explain", "build/a.txt")
    let inputs = try #require(explanation["inputs"]?.array)
    #expect(inputs.map { $0["path"]?.string } == ["a.txt", "c.txt", "b.txt"])
    #expect(inputs.map { $0["change"]?.string } == ["changed", "added", "removed"])
  }

  // MARK: - verify

  @Test func `verify finds what a build does not look at`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "1"])
    #expect(try test.run(["build"]).code == 0)
    #expect(try test.run(["verify"]).output.hasPrefix("sound: read "))
    try test.write("odd", to: "build/odd.txt")
    let run = try test.run(["verify"])
    #expect(run.code == 0 && run.output.hasPrefix("stray    build/odd.txt"))
    #expect(try test.shell("for f in .campaign/store/objects/*/*; do echo x >> $f; done") == 0)
    let damaged = try test.run(["verify"])
    #expect(damaged.code == 1 && damaged.output.contains("damaged  .campaign/store/objects/"))
    test.remove("build/b.txt")
    #expect(try json(test, "verify")["sound"]?.bool == false)
    // A build does not take what is damaged for the output.
    #expect(try test.run(["build"]).code != 0 || test.read("build/b.txt") == "1")
    #expect(try test.run(["build"]).code == 0)
    #expect(try test.read("build/b.txt") == "1")
  }

  // MARK: - gc

  @Test func `gc removes what nothing counts on, and only then`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "1"])
    #expect(try test.run(["build"]).code == 0)
    try test.write("2", to: "a.txt")
    #expect(try test.run(["build"]).code == 0)
    #expect(try test.run(["gc"]).output == "nothing to remove\n")
    let list = try test.run(["gc", "--older-than", "0d"])
    #expect(list.output.contains("an earlier result\n1 file, 1 byte; nothing was removed"))
    #expect(try test.run(["gc", "--max-size", "1GB"]).output == "nothing to remove\n")
    #expect(try test.run(["gc", "--max-size", "0kB", "-y"]).output.hasSuffix("removed 1 file, 1 byte\n"))
    #expect(try test.files(in: ".campaign/store/objects").values.sorted() == ["2"])
    try test.write("1", to: "a.txt")
    #expect(try test.run(["build"]).code == 0)
    #expect(try test.read("build/b.txt") == "1")
  }

  @Test func `gc keeps bought takes unless they are asked for`() throws {
    let shop = try Rehearsed(clips: ["hook"])
    try shop.build("--max-cost", "5")
    try shop.build("--max-cost", "5", "--force", "build/clips/hook.mp4")
    #expect(try shop.takes().count == 2)
    #expect(try shop.run("gc", "--older-than", "0d", "-y").code == 0)
    #expect(try shop.takes().count == 2)
    let list = try shop.run("gc", "--older-than", "0d", "--paid", "--json")
    let files = try #require(try JSON.parse(Array(list.output.utf8))["files"]?.array)
    let paid = files.filter { $0["usd"] != .null }
    #expect(paid.map { $0["what"]?.string?.prefix(31) } == ["take 1 of build/clips/hook.mp4,"])
    let named = try shop.run("gc", "build/clips/hook.mp4#2")
    #expect(
      named.output.contains("take 2 of build/clips/hook.mp4, ")
        && named.output.contains("the one that counts"))
    #expect(try shop.run("gc", "--paid", "--older-than", "0d", "-y").code == 0)
    #expect(try shop.takes().count == 1)
    #expect(try shop.run("status", "--check").code == 0)
  }

  // MARK: - adopt

  @Test func `adopt takes a file for a step's result`() throws {
    let test = try CommandTest(
      """
      build/a.txt: a.txt
          $ echo a >> ../runs; cp "$in" "$out"

      build/b.txt: build/a.txt
          $ echo b >> ../runs; cp "$in" "$out"
      """, ["a.txt": "1", "mine.txt": "mine"])
    let early = try test.run(["adopt", "build/b.txt", "--from", "mine.txt"])
    #expect(
      early.code == 2 && early.narration.contains("`build/b.txt` rests on `build/a.txt`, which is stale"))
    #expect(try test.run(["adopt", "build/a.txt", "--from", "none.txt"]).code == 2)
    #expect(try test.run(["adopt", "build/a.txt", "--from", "mine.txt"]).code == 0)
    try test.build(ran: ["b"])
    #expect(try test.read("build/b.txt") == "mine")
    try test.build(ran: [])
    try test.write("2", to: "a.txt")
    try test.build(ran: [])
    #expect(try test.read("build/a.txt") == "mine")
    try test.build("--force", "build/a.txt", ran: ["a", "b"])
    #expect(try test.read("build/b.txt") == "2")
  }
}
