import Testing

/// Where a setting's value comes from, and how it reaches a step.
@Suite struct SettingTests {
  static let rules = """
    word = file

    build/word.txt: a.txt
        $ printf '%s' "$word" > "$out"

    profile loud
        word = profile
    """

  @Test(arguments: [
    ([], [], "file"),
    (["--profile", "loud"], [], "profile"),
    (["--profile", "loud"], ["CAMPAIGN_WORD=environment"], "environment"),
    (["--profile", "loud", "--set", "word=line"], ["CAMPAIGN_WORD=environment"], "line"),
  ])
  func `the nearer value wins`(arguments: [String], environment: [String], word: String) throws {
    let test = try CommandTest(Self.rules, ["a.txt": "a\n"])
    let run = try test.run(["build"] + arguments, environment: environment)
    #expect(run.code == 0, "it said: \(run.narration)")
    #expect(try test.read("build/word.txt") == word)
  }

  @Test func `a value is never read as shell text`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "a\n"])
    let run = try test.run(["build", "--set", "word=a; touch ../pwned `touch ../pwned`"])
    #expect(run.code == 0, "it said: \(run.narration)")
    #expect(try test.read("build/word.txt") == "a; touch ../pwned `touch ../pwned`")
    #expect(try test.read("../pwned") == nil)
  }

  @Test func `another value makes what names the setting anew`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "a\n"])
    #expect(try test.run(["build"]).code == 0)
    #expect(try test.run(["status", "--check"]).code == 0)
    #expect(try test.run(["status", "--check", "--set", "word=line"]).code == 3)
  }
}
