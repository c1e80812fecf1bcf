import Glibc
import Testing

/// How `$` lines are run, with and without a shell.
@Suite struct ShellTests {
  @Test("one program named by its path sees what a shell would have given it")
  func runsWithoutShell() throws {
    let test = try CommandTest(
      """
      build/a.txt: a.txt "two words.txt"
          $ ./show "$out" plain "$in1" "$in2" "quoted words"
      """, ["a.txt": "1", "two words.txt": "2"])
    try test.write("#!/bin/sh\nout=$1; shift; printf '%s\\n' \"$@\" > \"$out\"\n", to: "show")
    try #require(chmod(test.path("show"), 0o755) == 0)
    try test.build(ran: [])
    #expect(try test.read("build/a.txt") == "plain\na.txt\ntwo words.txt\nquoted words\n")
  }

  @Test("an unset variable is an error, with and without a shell", arguments: ["./show", "\"./show\""])
  func refusesUnsetVariables(program: String) throws {
    let test = try CommandTest("build/a.txt: a.txt\n    $ \(program) \"$out\" \"$missing\"", ["a.txt": "1"])
    try test.build(exits: 1, ran: [])
    #expect(try test.run(["log", "build/a.txt"]).output.contains("missing: "))
  }

  @Test("a list of all inputs is in $inputs, however many they are")
  func listsInputs() throws {
    let names = (1...2000).map { "photos/photo with a rather long name \(10_000 + $0).jpg" }
    let test = try CommandTest(
      "build/list.txt: photos/*.jpg\n    $ wc -l < \"$inputs\" > \"$out\"; head -n 1 \"$inputs\" >> \"$out\"")
    for name in names { try test.write("", to: name) }
    try test.build(ran: [])
    #expect(try test.read("build/list.txt") == "2000\n\(names[0])\n")
  }
}
