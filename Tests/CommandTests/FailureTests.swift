import Testing

/// Steps that fail: what they leave, and what still runs.
@Suite struct FailureTests {
  /// `bad` fails while there is a file `../broken`; `after` needs it, `good` does not.
  let test: CommandTest

  init() throws {
    test = try CommandTest(
      """
      build/bad.txt: a.txt
          $ echo bad >> ../runs; cat "$in" > "$out"; test ! -e ../broken

      build/after.txt: build/bad.txt
          $ echo after >> ../runs; cp "$in" "$out"

      build/good.txt: b.txt
          $ echo good >> ../runs; cp "$in" "$out"
      """, ["a.txt": "one\n", "b.txt": "one\n"])
    try test.build(ran: ["after", "bad", "good"])
    try test.write("", to: "../broken")
    try test.write("two\n", to: "a.txt")
  }

  @Test func `a failed step leaves the old output and ends with 1`() throws {
    try test.build(exits: 1, ran: ["bad"])
    #expect(try test.read("build/bad.txt") == "one\n")
    #expect(try test.read("build/after.txt") == "one\n")
  }

  @Test func `a failed step is run again until it succeeds`() throws {
    try test.build(exits: 1, ran: ["bad"])
    try test.build(exits: 1, ran: ["bad"])
    test.remove("../broken")
    try test.build(ran: ["after", "bad"])
    #expect(try test.read("build/after.txt") == "two\n")
  }

  @Test func `-k keeps independent work going`() throws {
    try test.write("two\n", to: "b.txt")
    try test.build("-k", exits: 1, ran: ["bad", "good"])
    #expect(try test.read("build/good.txt") == "two\n")
  }

  @Test func `an output that was not made is a failure`() throws {
    let test = try CommandTest(
      """
      build/none.txt: a.txt
          $ echo none >> ../runs; cat "$in"
      """, ["a.txt": "one\n"])
    try test.build(exits: 1, ran: ["none"])
  }

  @Test func `an undefined variable fails the step`() throws {
    let test = try CommandTest(
      """
      build/a.txt: a.txt
          $ echo a >> ../runs; cp "$in2" "$out"
      """, ["a.txt": "one\n"])
    try test.build(exits: 1, ran: ["a"])
  }

  @Test func `what a step printed is in its log`() throws {
    try test.build(exits: 1, ran: ["bad"])
    try test.write(
      "campaign test\n\nbuild/a.txt: a.txt\n    $ echo to output; echo to error >&2; false",
      to: "Campaignfile")
    try test.build(exits: 1, ran: [])
    #expect(try test.run(["log", "build/a.txt"]).output.contains("to output\nto error\n"))
  }

  @Test func `a target that failed says so when it is explained`() throws {
    let test = try CommandTest("build/a.txt: a.txt\n    $ exit 3", ["a.txt": "1"])
    #expect(try test.run(["build"]).code == 1)
    let name = try #require(test.run(["history"]).output.split(separator: " ").dropFirst(2).first)
    let words = "failed   in \(name): the command failed with exit code 3; see `campaign log build/a.txt`"
    #expect(try test.run(["explain", "build/a.txt"]).output.contains(words))
    #expect(
      try test.run(["status"]).output.hasSuffix("next: campaign log build/a.txt, then campaign build\n"))
  }
}
