import Testing

/// Mistakes in a call or a campaign: exit code 2, and nothing runs.
@Suite struct MistakeTests {
  struct Case: CustomTestStringConvertible {
    var testDescription: String
    var rules: String
    var arguments: [String] = []
    /// What the message must name.
    var says: [String]
  }

  static let copy = "\n    $ echo ran >> ../runs; cp \"$in\" \"$out\"\n"

  static let cases = [
    Case(
      testDescription: "unknown target", rules: "build/final.txt: a.txt" + copy,
      arguments: ["build/finale.txt"], says: ["`build/finale.txt`", "did you mean `build/final.txt`?"]),
    Case(
      testDescription: "missing input", rules: "build/a.txt: b.txt" + copy,
      says: ["Campaignfile:3:", "`b.txt`"]),
    Case(
      testDescription: "glob without a match", rules: "build/a.txt: photos/*.jpg" + copy,
      says: ["Campaignfile:3:14:", "`photos/*.jpg`"]),
    Case(
      testDescription: "cycle",
      rules: "build/a.txt: build/b.txt" + copy + "\nbuild/b.txt: build/a.txt" + copy,
      says: ["Campaignfile:", "build/a.txt", "build/b.txt"]),
    Case(
      testDescription: "two rules for one output",
      rules: "build/a.txt: a.txt" + copy + "\nbuild/a.txt: a.txt" + copy,
      says: ["Campaignfile:3:", "Campaignfile:6:", "`build/a.txt`"]),
    Case(
      testDescription: "unknown action", rules: "build/a.json: a.txt\n    colect\n",
      says: ["Campaignfile:4:5:", "`colect`", "did you mean `collect`?"]),
    Case(
      testDescription: "two mistakes",
      rules: "build/a.json: a.txt\n    colect\n\nbuild/b.txt: a.txt\n    mixaudio\n",
      says: ["Campaignfile:4:5:", "Campaignfile:7:5:"]),
    Case(
      testDescription: "unknown option", rules: "build/a.txt: a.txt" + copy, arguments: ["--frobnicate"],
      says: ["--frobnicate"]),
  ]

  @Test(arguments: cases) func `a mistake is told before anything runs`(_ mistake: Case) throws {
    let test = try CommandTest(mistake.rules, ["a.txt": "a\n"])
    let run = try test.run(["build"] + mistake.arguments)
    #expect(run.code == 2)
    for words in mistake.says { #expect(run.narration.contains(words)) }
    #expect(try test.takeRuns() == [])
    #expect(try test.files(in: "build") == [:])
  }

  @Test func `a folder without a Campaignfile is a mistake`() throws {
    let test = try CommandTest("")
    test.remove("Campaignfile")
    let run = try test.run(["build"])
    #expect(run.code == 2)
    #expect(run.narration.contains("Campaignfile"))
  }
}
