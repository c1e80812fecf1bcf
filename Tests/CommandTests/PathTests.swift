import CampaignCore
import Glibc
import Testing

/// Names of files, and what a workspace may look like.
@Suite struct PathTests {
  private static func joined(_ pattern: String) -> String {
    "build/all.txt: \(pattern)\n    $ echo all >> ../runs; printf '%s\\n' $in > \"$out\""
  }

  private static let each = """
    build/{x.id}.txt: a.txt for x in list.json
        $ cp "$in" "$out"
    """

  /// Expects that a build is refused, or its array, and that it says all of `words`.
  private func refuse(
    _ test: CommandTest, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try test.run(["build"])
    #expect(run.code == 1 || run.code == 2, sourceLocation: sourceLocation)
    for word in words {
      #expect(run.narration.contains(word), "it said: \(run.narration)", sourceLocation: sourceLocation)
    }
    #expect(try test.takeRuns() == [], sourceLocation: sourceLocation)
  }

  // MARK: - One spelling

  @Test func `every spelling of a path is the same file`() throws {
    let test = try CommandTest(
      """
      build/a.txt: ./a.txt
          $ echo a >> ../runs; cp "$in" "$out"

      build/b.txt: build/./a.txt build//a.txt
          $ echo b >> ../runs; cat $in > "$out"

      build/{x.id}.txt: {x.from} for x in ./list.json
          $ echo $x_id >> ../runs; cp "$in" "$out"
      """, ["a.txt": "1", "list.json": #"[{"id": "./c", "from": "build/.//b.txt"}]"#])
    try test.build(".//build/./c.txt", ran: ["./c", "a", "b"])
    #expect(try test.read("build/c.txt") == "11")
    try test.write("2", to: "a.txt")
    try test.build(ran: ["./c", "a", "b"])
    #expect(try test.read("build/c.txt") == "22")
  }

  @Test(arguments: [
    "./../.campaign/journal", "../Campaignfile.", "./../Campaignfile.lock", "x/../y", "../../x", "a\\nb",
    "\\u001b[31m", String(repeating: "n", count: 252),
  ])
  func `an array cannot lead a step astray`(id: String) throws {
    let test = try CommandTest(
      """
      build/{x.id}.txt: a.txt for x in other.json
          $ cp "$in" "$out"
      """, ["a.txt": "1", "other.json": #"[{"id": "\#(id)"}]"#])
    try refuse(test, "element 1 of `other.json`")
  }

  @Test(arguments: ["./.campaign/cach", "Campaignfil", "./Campaignfil", "rules//./mor"])
  func `no element makes what the campaign is read from`(id: String) throws {
    let test = try CommandTest(
      """
      include rules/more

      {x.id}e: a.txt for x in list.json
          $ echo overwritten > "$out"
      """, ["a.txt": "1", "rules/more": "", "list.json": #"[{"id": "\#(id)"}]"#])
    try refuse(test, "element 1 of `list.json` gives the output")
  }

  @Test func `no link leads an output to another name of the workspace`() throws {
    let test = try CommandTest(
      """
      loop/b.txt: a.txt
          $ cp "$in" "$out"
      """, ["a.txt": "1", "list.json": #"[{"id": "../state/journal"}]"#])
    #expect(symlink(".", test.path("loop")) == 0)
    try refuse(test, "[E0408]", "`loop` is a link to `.`")
    try test.write(
      "campaign test\n\nstate/{x.id}: a.txt for x in list.json\n    $ cp a.txt \"$out\"\n", to: "Campaignfile"
    )
    try test.write(#"[{"id": "journal"}]"#, to: "list.json")
    try Files.makeFolder(test.path(".campaign"))
    #expect(symlink(".campaign", test.path("state")) == 0)
    try refuse(test, "`state` is a link to `.campaign`")
    #expect(!Files.exists(test.path(".campaign/journal")))
  }

  @Test func `a name is that of a file or of a folder`() throws {
    let test = try CommandTest(Self.each, ["a.txt": "1", "list.json": #"[{"id": "x"}, {"id": "x.txt/y"}]"#])
    try refuse(
      test, "element 2 of `list.json` gives `build/x.txt/y.txt`, but `build/x.txt` is an output, so no folder"
    )
    try test.write(#"[{"id": "f/y"}]"#, to: "list.json")
    try test.write("mine", to: "build/f")
    test.remove(".campaign/plan")
    try refuse(test, "`build/f` is a file, and no folder")
    test.remove("build/f")
    try Files.makeFolder(test.path("build/f/y.txt"))
    try refuse(test, "`build/f/y.txt` is a folder, and outputs are files")
  }

  @Test func `names as long as the system takes have logs`() throws {
    let name = String(repeating: "n", count: 255)
    let test = try CommandTest(
      "\(name): a.txt\n    $ echo said; cp \"$in\" \"$out\"\n\nb.log/c: a.txt\n    $ cp \"$in\" \"$out\"; echo c\n\n"
        + "b: a.txt\n    $ cp \"$in\" \"$out\"; echo b", ["a.txt": "1"])
    try test.build(ran: [])
    for (target, log) in [(name, "said\n"), ("b", "b\n"), ("b.log/c", "c\n")] {
      #expect(try test.run(["log", target]).output.contains(log))
    }
  }

  // MARK: - Patterns

  @Test
  func `a pattern over outputs of elements takes all of them in the first build, and none that is gone`()
    throws
  {
    let test = try CommandTest(
      """
      build/e/m.txt: a.txt
          $ cp "$in" "$out"

      build/e/{x.id}.txt: a.txt for x in build/list.json
          $ echo $x_id >> ../runs; cp "$in" "$out"

      build/list.json: list.json
          $ cp "$in" "$out"

      \(Self.joined("build/e/*.txt"))
      """, ["a.txt": "1", "list.json": #"[{"id": "z"}, {"id": "b"}]"#])
    try test.build("build/all.txt", ran: ["all", "b", "z"])
    #expect(try test.read("build/all.txt") == "build/e/b.txt\nbuild/e/m.txt\nbuild/e/z.txt\n")
    try test.build(ran: [])
    try test.write(#"[{"id": "b"}, {"id": "c"}]"#, to: "list.json")
    try test.build(ran: ["all", "c"])
    #expect(try test.read("build/all.txt") == "build/e/b.txt\nbuild/e/c.txt\nbuild/e/m.txt\n")
    try test.build(ran: [])
    try test.write("mine", to: "build/e/z.txt")
    try refuse(test, "takes `build/e/*.txt`, but `build/e/z.txt` is none of the files")
    test.remove("build/e/z.txt")
    try test.build(ran: [])
  }

  @Test func `a pattern does not take what a rule made that is gone`() throws {
    let test = try CommandTest(
      "build/x.txt: a.txt\n    $ cp \"$in\" \"$out\"\n\n" + Self.joined("build/[a-z].txt"),
      ["a.txt": "1", "build/a.txt": "mine"])
    try test.build(ran: ["all"])
    #expect(try test.read("build/all.txt") == "build/a.txt\nbuild/x.txt\n")
    try test.write("campaign test\n\n" + Self.joined("build/[a-z].txt") + "\n", to: "Campaignfile")
    try test.build(ran: ["all"])
    #expect(try test.read("build/all.txt") == "build/a.txt\n")
    try test.write("edited", to: "build/x.txt")
    try test.build(ran: ["all"])
    #expect(try test.read("build/all.txt") == "build/a.txt\nbuild/x.txt\n")
  }

  @Test func `links below a pattern are followed once`() throws {
    let test = try CommandTest(
      Self.joined("src/**/*.txt"), ["src/x.txt": "", "src/c/y.txt": "", "other/z.txt": ""])
    for (from, to) in [
      ("src/a", "."), ("src/b", "."), ("src/c/up", ".."), ("src/o", "../other"), ("src/l", "c"),
    ] {
      #expect(symlink(to, test.path(from)) == 0)
    }
    try test.build(ran: ["all"])
    #expect(try test.read("build/all.txt") == "src/c/y.txt\nsrc/o/z.txt\nsrc/x.txt\n")
  }

  @Test func `a pattern may be absolute, and a name may look like one`() throws {
    let test = try CommandTest("", ["src/x[1].txt": "", "src/x.txt": "", ".hidden": ""])
    try test.write("campaign test\n\n" + Self.joined("\(test.path("src"))/*.txt") + "\n", to: "Campaignfile")
    try test.build(ran: ["all"])
    #expect(try test.read("build/all.txt") == "\(test.path("src/x.txt"))\n\(test.path("src/x[1].txt"))\n")
    try test.write("campaign test\n\n" + Self.joined("src/x[1].txt") + "\n", to: "Campaignfile")
    try test.build(ran: ["all"])
    #expect(try test.read("build/all.txt") == "src/x[1].txt\n")
  }

  @Test func `a folder that cannot be read is an error`() throws {
    let test = try CommandTest(Self.joined("src/**/*.txt"), ["src/x.txt": ""])
    // Deeper than a path may be long.
    let deep =
      "n=$(printf '%0250d' 0); for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do mkdir $n; cd $n; done"
    var shell = Command(["sh", "-c", "cd src; \(deep); touch y.txt"])
    shell.folder = test.workspace
    #expect(try shell.run(log: test.folder + "/log", interrupt: Interrupt()).code == 0)
    try refuse(test, "Campaignfile:3:16: error[E0422]: cannot read the folder `src/0", "File name too long")
    shell = Command(["rm", "-rf", "src"])
    shell.folder = test.workspace
    #expect(try shell.run(log: test.folder + "/log", interrupt: Interrupt()).code == 0)
  }

  // MARK: - Names that are odd

  @Test func `a name that is no text, or looks like another, is an error`() throws {
    let test = try CommandTest(Self.joined("src/*.txt"), ["src/x.txt": ""])
    let odd =
      Array(test.path("src/caf").utf8CString.dropLast()) + [CChar(bitPattern: 0xE9)]
      + Array(".txt".utf8CString)
    #expect(creat(odd, 0o600) >= 0)
    try refuse(test, "Campaignfile:3:16: error[E0422]: the name of `src/caf\\xE9.txt` is no UTF-8 text")
    #expect(unlink(odd) == 0)
    try test.write("", to: "src/é.txt")
    try test.build(ran: ["all"])
    try test.write("", to: "src/e\u{301}.txt")
    try refuse(test, "Campaignfile:3:1: error[E0421]", "looks like that of another")
    test.remove("src/é.txt")
    try test.build(ran: ["all"])
    try test.write("", to: "src/a\nb.txt")
    try refuse(test, "Campaignfile:3:16: error[E0421]: `src/a\\x0Ab.txt` holds a control character")
  }

  @Test func `an input that is no regular file is called what it is`() throws {
    let test = try CommandTest(Self.joined("src/in"), ["a.txt": ""])
    try Files.makeFolder(test.path("src"))
    try refuse(test, "`src/in` does not exist")
    #expect(mkfifo(test.path("src/in"), 0o600) == 0)
    try refuse(test, "`src/in` is a pipe, and inputs are regular files")
    test.remove("src/in")
    #expect(symlink("nowhere", test.path("src/in")) == 0)
    try refuse(test, "`src/in` is a link to what is not there")
  }

  @Test func `odd names that every system can hold just work`() throws {
    let names = ["-n", "~", "100%.txt", "a b", "trailing.", "blank ", "'\"$x", "Case", "case", "{", "#", "é"]
    let test = try CommandTest(Self.joined("src/*"), [:])
    for name in names { try test.write(name, to: "src/" + name) }
    try test.write(
      "campaign test\n\nbuild/all.txt: src/*\n    $ cat \"$in_list\" > \"$out\"\n", to: "Campaignfile")
    try test.build(ran: [])
    #expect(try test.read("build/all.txt") == names.map { "src/\($0)\n" }.sortedByBytes().joined())
    try test.build(ran: [])
  }

  @Test func `a workspace may have a name that is no text`() throws {
    let test = try CommandTest(
      "build/a.txt: a.txt\n    $ echo a >> ../runs; cp \"$in\" \"$out\"", ["a.txt": "1"])
    for option in ["-C ", "-C"] {
      let name = "$(printf 'caf\\351')"
      let call =
        "mv workspace \"\(name)\"; '\(try CommandTest.program("campaign"))' build \(option)\"\(name)\"; mv caf* workspace"
      var shell = Command(["sh", "-euc", call])
      shell.folder = test.folder
      #expect(try shell.run(log: test.folder + "/log", interrupt: Interrupt()).code == 0)
      #expect(try test.takeRuns() == (option == "-C" ? [] : ["a"]))
    }
  }

  @Test func `commands take every spelling of a target`() throws {
    let test = try CommandTest("build/a.txt: a.txt\n    $ echo said; cp \"$in\" \"$out\"", ["a.txt": "1"])
    try test.build("./build//a.txt", ran: [])
    #expect(try test.run(["log", "./build/a.txt"]).output.contains("said"))
    #expect(try test.run(["explain", "build/./a.txt"]).code == 0)
  }

  // MARK: - Cleaning

  @Test func `clean removes nothing that a person made`() throws {
    let test = try CommandTest("build/a.txt: a.txt\n    $ cp \"$in\" \"$out\"", ["a.txt": "1"])
    try test.build(ran: [])
    try test.write("MINE", to: "build/a.txt")
    let run = try test.run(["clean", "outputs", "-y"])
    #expect(
      run.output == "nothing to remove\n"
        && run.narration.hasPrefix("left: build/a.txt: not as a step made it"))
    #expect(try test.read("build/a.txt") == "MINE")
    try test.build(ran: [])
    #expect(try test.run(["clean", "outputs", "-y"]).output.hasPrefix("removed 1 file"))
    try test.build(ran: [])
    #expect(try test.read("build/a.txt") == "MINE")
  }

  @Test func `what a rule takes is no orphan, and a link to a folder stays`() throws {
    let test = try CommandTest("out/a.txt: a.txt\n    $ cp \"$in\" \"$out\"", ["a.txt": "1"])
    try Files.makeFolder(test.folder + "/disk")
    #expect(symlink("../disk", test.path("out")) == 0)
    try test.build(ran: [])
    try test.write("campaign test\n\nbuild/b.txt: out/a.txt\n    $ cp \"$in\" \"$out\"\n", to: "Campaignfile")
    try test.build(ran: [])
    #expect(try test.run(["clean", "orphans", "-y"]).output == "nothing to remove\n")
    try test.write("campaign test\n\nbuild/b.txt: a.txt\n    $ cp \"$in\" \"$out\"\n", to: "Campaignfile")
    #expect(try test.run(["clean", "orphans", "-y"]).output.hasPrefix("removed 1 file"))
    #expect(Files.isFolder(test.path("out")) && !Files.exists(test.path("out/a.txt")))
  }
}
