import CampaignCore
import Testing

/// What a shell offers when Tab is pressed.
@Suite struct CompletionTests {
  let test: CommandTest

  init() throws {
    test = try CommandTest(
      """
      pool gpu
          width = 1

      build/one.txt: a.txt
          pool = gpu
          $ cp "$in" "$out"

      build/two.txt: build/one.txt
          $ cp "$in" "$out"

      film: build/two.txt

      profile draft
          retries = 1
      """, ["a.txt": "1"])
    let text = try #require(try test.read("Campaignfile"))
    try test.write(text.replacing("pool gpu", with: "retries = 0\n\npool gpu"), to: "Campaignfile")
  }

  /// Names and what is said of them.
  private func complete(_ kind: String, _ words: String...) throws -> [String] {
    try test.run(["complete", kind, "--"] + words).output.split(separator: "\n").map(String.init)
  }

  @Test func `names come with what to know of them`() throws {
    #expect(
      try complete("targets") == [
        "film\ta name", "build/one.txt\tstale: never built", "build/two.txt\tdepends on build/one.txt",
      ])
    #expect(try test.run(["build"]).code == 0)
    #expect(try complete("targets").last == "build/two.txt\tcurrent")
    #expect(try complete("profiles") == ["draft\tprofile"])
    #expect(try complete("pools") == ["cpu", "gpu"])
    #expect(try complete("settings") == ["retries=\t0"])
    #expect(try complete("builds").first?.hasSuffix("\tdone, build/one.txt, build/two.txt") == true)
    #expect(try complete("codes").contains("E0204"))
  }

  @Test func `the words of the line say which campaign`() throws {
    try test.write("campaign other\n\nbuild/other.txt: b.txt\n    $ cp $in $out\n", to: "inner/Campaignfile")
    try test.write("", to: "inner/b.txt")
    #expect(try complete("targets", "build", "-C", "inner") == ["build/other.txt\tstale: never built"])
    #expect(try complete("targets", "build", "-C", "nowhere") == [])
    try test.write("nonsense", to: "Campaignfile")
    #expect(try complete("targets") == [])
  }

  @Test(arguments: [
    ("campaign bui", "build"), ("campaign build build/o", "build/one.txt"),
    ("campaign build --for", "--force --force-all"),
    ("campaign build --color al", "always"), ("campaign pause g", "gpu"),
    ("campaign build --profile ''", "draft"),
    ("campaign help E041", "E0410 E0411 E0412 E0413 E0414 E0415 E0416 E0417 E0418 E0419"),
    ("campaign init --template m", "minimal"), ("campaign -C . explain film", "film"),
  ])
  func `bash completes`(line: String, words: String) throws {
    let script = """
      source /dev/stdin <<< "$(campaign completions bash)"
      COMP_WORDS=(\(line)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _campaign; echo "${COMPREPLY[@]}" > ../reply
      """
    try test.write(script, to: "../script")
    let folder = try #require(Files.folder(of: try CommandTest.program("campaign")))
    #expect(try test.shell("PATH=\(folder):$PATH bash ../script") == 0)
    #expect(try test.read("../reply") == words + "\n")
  }

  @Test func `every shell has every command`() throws {
    for shell in ["bash", "zsh", "fish"] {
      let script = try test.run(["completions", shell]).output
      for command in ["build", "history", "gc", "compare", "completions"] {
        #expect(script.contains(command), "\(shell) lacks \(command)")
      }
      #expect(!script.contains("complete complete"))
    }
    #expect(try test.shell("\(try CommandTest.program("campaign")) completions bash | bash -n") == 0)
  }
}
