import CampaignCore
import Glibc
import Testing

/// What the programs of a step are given, and what becomes of them.
@Suite struct StepProcessTests {
  private static let words: KeyValuePairs = ["a.txt": "one\n"]

  private static func rule(_ script: String) -> String {
    "build/a.txt: a.txt\n    $ \(script); cp \"$in\" \"$out\""
  }

  /// Ways for a shell to have a program below it that it does not lead any more.
  private static let descendants = [
    "sh -c '\(Gate.script("a")) exec sleep 1000'; true",
    "timeout 1000 sh -c 'trap \"\" INT TERM; \(Gate.script("a")) sleep 1000'; true",
    "set -m; { \(Gate.script("a")) sleep 1000; } & wait",
    "{ trap '' HUP; \(Gate.script("a")) sleep 1000; } & trap '' INT TERM; wait",
  ]

  @Test(arguments: descendants, [SIGKILL, SIGTERM])
  func `nothing below a step outlives its build`(script: String, signal: Int32) throws {
    let test = try CommandTest(Self.rule("exec 9> ../alive; " + script), Self.words)
    let alive = try Lifeline("alive", test)
    let gate = try Gate("a", test)
    let command = test.start("build")
    try gate.waitForStep()
    command.signal(signal)
    if signal == SIGTERM && script.contains("trap '' INT TERM") { command.signal(signal) }
    #expect(try command.wait().code == 128 + signal)
    try alive.waitForEnd()
  }

  @Test func `a step leaves nothing behind in its process group`() throws {
    let test = try CommandTest(Self.rule("exec 9> ../alive; sleep 1000 & true"), Self.words)
    let alive = try Lifeline("alive", test)
    try test.build(ran: [])
    try alive.waitForEnd()
  }

  /// It holds the way to the log open, as every output that it inherits.
  @Test(arguments: [[], ["A_KEY=0123456789"]])
  func `a daemon that a step starts goes on, and is not waited for`(keys: [String]) throws {
    let test = try CommandTest(
      Self.rule("setsid sh -c 'echo $$ > ../daemon; exec sleep 1000' & \(Self.wait)"), Self.words)
    #expect(try test.run(["build"], environment: keys).code == 0)
    #expect(try test.shell("kill \"$(cat ../daemon)\"") == 0)
  }

  private static let wait = "while ! test -s ../daemon; do :; done"

  @Test func `a step begins with three descriptors, default signals, no terminal and our umask`() throws {
    let test = try CommandTest(
      Self.rule("ls /proc/self/fd; grep -E 'Sig(Blk|Ign)' /proc/self/status; umask; cat /proc/$$/stat"),
      Self.words)
    #expect(try test.shell("umask 027; env -i PATH=\"$PATH\" \(CommandTest.program("campaign")) build") == 0)
    let lines = try #require(try test.read(".campaign/logs/build/a.txt.log")).split(separator: "\n")
    // The fourth is the folder that `ls` looks at.
    #expect(lines.prefix(4) == ["0", "1", "2", "3"])
    #expect(lines[4] == "SigBlk:\t0000000000000000")
    let ignored = try #require(UInt64(lines[5].split(separator: "\t")[1], radix: 16))
    for signal in [SIGPIPE, SIGXFSZ, SIGTSTP, SIGINT, SIGTERM] {
      #expect(ignored & 1 << UInt64(signal - 1) == 0, "signal \(signal)")
    }
    #expect(lines[6] == "0027")
    // `pid (sh) state parent group session terminal`
    let process = lines[7].split(separator: " ")
    #expect(process[4] == process[0] && process[5] == process[0] && process[6] == "0")
  }

  /// The shell's job control gives the build a group that a terminal could stop.
  @Test func `a build that is stopped stops its steps, and goes on with them`() throws {
    let test = try CommandTest(
      Self.rule("echo $$ > ../step; while ! test -e ../go; do :; done"), Self.words)
    let script = """
      exec bash -euc '
      set -m
      "\(try CommandTest.program("campaign"))" build & build=$!
      state() { cut -d" " -f3 "/proc/$1/stat"; }
      while ! test -s ../step; do :; done
      step=$(cat ../step)
      kill -TSTP $build
      while test "$(state $build)" != T; do :; done
      test "$(state $step)" = T
      kill -CONT $build
      while test "$(state $step)" = T; do :; done
      touch ../go
      wait $build
      '
      """
    #expect(try test.shell(script) == 0)
    #expect(try test.read("build/a.txt") == "one\n")
  }

  @Test func `what is to be ignored is ignored, as nohup wants it`() throws {
    let test = try CommandTest(Self.rule("kill -HUP $(cut -d' ' -f4 /proc/$$/stat)"), Self.words)
    #expect(try test.shell("trap '' HUP; '\(try CommandTest.program("campaign"))' build") == 0)
    #expect(try test.read("build/a.txt") == "one\n")
  }

  // MARK: - Closed and full outputs

  @Test func `closed descriptors get nothing that is meant for a file of ours`() throws {
    let test = try CommandTest(Self.rule("true"), Self.words)
    let campaign = try CommandTest.program("campaign")
    for closed in ["<&- >&- 2>&-", ">&- 2>&-", "2>&-", "<&-"] {
      test.remove("build")
      #expect(try test.shell("'\(campaign)' build \(closed)") == 0, "\(closed)")
      let lock = try #require(try test.read(".campaign/lock"))
      #expect(lock.hasPrefix("pid ") && lock.split(separator: "\n").count == 2, "\(lock)")
    }
    #expect(try test.shell("'\(campaign)' plan >&-") == 1)
  }

  @Test(arguments: [
    "plan", "status --json", "graph", "help", "--version", "build --events -", "build --events /dev/full",
  ])
  func `results that cannot be written are an error`(call: String) throws {
    let test = try CommandTest(Self.rule("true"), Self.words)
    let log = test.folder + "/said"
    let status = try test.shell("'\(try CommandTest.program("campaign"))' \(call) > /dev/full 2> \(log)")
    #expect(status == 1)
    #expect(try Files.text(log).contains("error: cannot write `"))
    #expect(try test.read("build/a.txt") == (call.hasPrefix("build") ? "one\n" : nil))
  }

  @Test func `a build whose narration goes nowhere is a good build`() throws {
    let test = try CommandTest(Self.rule("echo words"), Self.words)
    #expect(try test.shell("'\(try CommandTest.program("campaign"))' build 2> /dev/full") == 0)
    #expect(try test.read("build/a.txt") == "one\n")
  }

  // MARK: - Limits

  @Test(arguments: [("f 0", "ulimit -f"), ("n 8", "ulimit -n"), ("n 12", "ulimit -n")])
  func `a limit that is too low is told, and leaves nothing half-made`(limit: String, help: String) throws {
    let test = try CommandTest(Self.rule("true"), Self.words)
    let log = test.folder + "/said"
    let campaign = try CommandTest.program("campaign")
    #expect(try test.shell("(ulimit -\(limit); exec '\(campaign)' build) 2>&1 | cat > \(log)") == 0)
    let said = try Files.text(log)
    #expect(said.contains(help), "it said: \(said)")
    #expect(try test.read("build/a.txt") == nil)
    try test.build(ran: [])
  }

  // MARK: - Builds within builds

  @Test func `a step cannot build its own workspace, but look at it, and build another`() throws {
    let campaign = try CommandTest.program("campaign")
    let test = try CommandTest(
      Self.rule(
        "'\(campaign)' plan; '\(campaign)' -C ../other build; ! '\(campaign)' build; ! '\(campaign)' gc"),
      Self.words)
    try test.write(
      "campaign other\n\nbuild/b.txt: b.txt\n    $ cp \"$in\" \"$out\"\n", to: "../other/Campaignfile")
    try test.write("two\n", to: "../other/b.txt")
    try test.build(ran: [])
    #expect(try test.read("../other/build/b.txt") == "two\n")
    let log = try #require(try test.read(".campaign/logs/build/a.txt.log"))
    #expect(log.contains("error: a step cannot build or change the workspace that it is a step of: pid "))
  }
}
