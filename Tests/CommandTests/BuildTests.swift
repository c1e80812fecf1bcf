import CampaignCore
import Glibc
import Testing

/// What a build makes, and what it leaves alone.
@Suite struct BuildTests {
  /// `lines` drops comments, `loud` follows it, `other` stands alone.
  static let rules = """
    build/lines.txt: text.txt
        $ echo lines >> ../runs; grep -v '^#' "$in" > "$out"

    build/loud.txt: build/lines.txt
        $ echo loud >> ../runs; tr a-z A-Z < "$in" > "$out"

    build/other.txt: other.txt
        $ echo other >> ../runs; cp "$in" "$out"

    loud: build/loud.txt
    """
  let test: CommandTest

  init() throws {
    test = try CommandTest(Self.rules, ["text.txt": "# first\nhello\n", "other.txt": "other\n"])
  }

  @Test func `the first build makes everything`() throws {
    try test.build(ran: ["lines", "loud", "other"])
    #expect(
      try test.files(in: "build") == [
        "build/lines.txt": "hello\n", "build/loud.txt": "HELLO\n", "build/other.txt": "other\n",
      ])
  }

  @Test func `a second build does nothing`() throws {
    try test.build(ran: ["lines", "loud", "other"])
    try test.build(ran: [])
  }

  @Test func `a plan after a build that did nothing says so, and still names orphans`() throws {
    try test.build(ran: ["lines", "loud", "other"])
    try test.build(ran: [])
    #expect(try test.run(["plan"]).output == "nothing to do: 3 targets are current\n")
    let rules = Self.rules.replacing("build/other.txt", with: "build/new.txt")
    try test.write("campaign test\n\n" + rules + "\n", to: "Campaignfile")
    try test.build(ran: ["other"])
    try test.build(ran: [])
    #expect(
      try test.run(["plan"]).output == """
        nothing to do: 3 targets are current
        no rule makes build/other.txt any more: `campaign clean orphans` lists them

        """)
  }

  @Test func `an edit made while a build runs is seen by the next`() throws {
    let test = try CommandTest(
      """
      build/a.txt: a.txt
          $ echo a >> ../runs; cp "$in" "$out"

      build/b.txt: build/a.txt
          $ echo b >> ../runs; cp "$in" "$out"; \(Gate.script("gate"))
      """, ["a.txt": "made\n"])
    let gate = try Gate("gate", test)
    let build = test.start("build")
    try gate.waitForStep()
    try test.write("edited\n", to: "build/a.txt")
    waitForTick()
    try gate.open()
    #expect(try build.wait().code == 0)
    gate.remove()
    #expect(try test.takeRuns() == ["a", "b"])
    try test.build(ran: ["b"])
    #expect(try test.read("build/b.txt") == "edited\n")
    try test.build(ran: [])
  }

  /// Returns when the clock by which files are stamped has moved.
  private func waitForTick() {
    func now() -> Int {
      var time = timespec()
      clock_gettime(CLOCK_REALTIME_COARSE, &time)
      return time.tv_nsec
    }
    let start = now()
    while now() == start {}
  }

  @Test func `after a disk was full for a while the next build knows what is there`() throws {
    let names = (0..<6).map(String.init)
    // The first steps run under a limit for files, which the fourth lifts.
    let test = try CommandTest(
      names.map { name in
        """
        build/\(name).txt: text.txt
            $ echo \(name) >> ../runs; cp "$in" "$out"
            $ if [ $(wc -l < ../runs) -ge 4 ]; then prlimit --pid $PPID --fsize=unlimited; fi
        """
      }.joined(separator: "\n\n"), ["text.txt": "words\n"])
    var command = Command(
      ["sh", "-c", "trap '' XFSZ; ulimit -S -f 1; exec $0 build -k -j1", try CommandTest.program("campaign")])
    command.folder = test.workspace
    #expect(try command.run(log: test.folder + "/log", interrupt: Interrupt()).code == 1)
    #expect(try test.takeRuns() == names)
    for arguments in [["plan", "-v"], ["explain", "build/5.txt"], ["build"]] {
      let run = try test.run(arguments)
      #expect(run.code == 0, "\(arguments) said: \(run.narration)")
    }
    _ = try test.takeRuns()
    try test.build(ran: [])
  }

  @Test func `a touched file with the same content is not a change`() throws {
    try test.build(ran: ["lines", "loud", "other"])
    test.touch("text.txt")
    test.touch("build/lines.txt")
    try test.build(ran: [])
  }

  @Test func `a changed input makes what depends on it, and nothing else`() throws {
    try test.build(ran: ["lines", "loud", "other"])
    try test.write("goodbye\n", to: "text.txt")
    try test.build(ran: ["lines", "loud"])
    #expect(try test.read("build/loud.txt") == "GOODBYE\n")
    try test.build(ran: [])
  }

  @Test func `a step that makes the same output again stops the change`() throws {
    try test.build(ran: ["lines", "loud", "other"])
    try test.write("# second\nhello\n", to: "text.txt")
    try test.build(ran: ["lines"])
    try test.build(ran: [])
  }

  @Test func `a changed command is a changed step`() throws {
    try test.build(ran: ["lines", "loud", "other"])
    let rules = Self.rules.replacing("tr a-z A-Z", with: "tr a-z b-za")
    try test.write("campaign test\n\n" + rules, to: "Campaignfile")
    try test.build(ran: ["loud"])
    #expect(try test.read("build/loud.txt") == "ifmmp\n")
  }

  @Test func `comments and order of the Campaignfile are not a change`() throws {
    try test.build(ran: ["lines", "loud", "other"])
    let rules = Self.rules.split(separator: "\n\n").reversed().joined(separator: "\n\n# and then\n\n")
    try test.write("# a comment\ncampaign test\n\n" + rules, to: "Campaignfile")
    try test.build(ran: [])
  }

  @Test func `a missing output is made again`() throws {
    try test.build(ran: ["lines", "loud", "other"])
    test.remove("build/lines.txt")
    try test.build(ran: ["lines"])
    #expect(try test.read("build/lines.txt") == "hello\n")
  }

  @Test func `a target brings only what it needs`() throws {
    try test.build("build/lines.txt", ran: ["lines"])
    try test.build("loud", ran: ["loud"])
    try test.build(ran: ["other"])
  }

  @Test func `--force makes one target anew, -B makes all`() throws {
    try test.build(ran: ["lines", "loud", "other"])
    try test.build("--force", "build/other.txt", ran: ["other"])
    try test.build("-B", ran: ["lines", "loud", "other"])
    try test.build(ran: [])
  }

  @Test func `-n runs nothing and changes nothing`() throws {
    try test.build("-n", ran: [])
    #expect(try test.files(in: "build") == [:])
    try test.build(ran: ["lines", "loud", "other"])
  }

  @Test func `status --check says by its code whether something is stale`() throws {
    #expect(try test.run(["status", "--check"]).code == 3)
    try test.build(ran: ["lines", "loud", "other"])
    #expect(try test.run(["status", "--check"]).code == 0)
    try test.write("other again\n", to: "other.txt")
    #expect(try test.run(["status", "--check"]).code == 3)
    #expect(try test.takeRuns() == [])
  }

  @Test func `-C and -f say where the campaign is`() throws {
    #expect(rename(test.path("Campaignfile"), test.path("Other")) == 0)
    let run = try test.run(["build", "-C", "workspace", "-f", "Other"], folder: test.folder)
    #expect(run.code == 0, "it said: \(run.narration)")
    #expect(try test.read("build/loud.txt") == "HELLO\n")
  }
}
