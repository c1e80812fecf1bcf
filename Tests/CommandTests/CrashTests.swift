import CampaignCore
import Glibc
import Testing

/// Builds that are stopped, killed or doubled.
@Suite struct CrashTests {
  /// Three steps in a row, each with a gate of its own before and after it writes.
  static let rules = """
    build/a.txt: a.txt
        costly = yes
        $ echo a >> ../runs; \(Gate.script("a")) cat "$in" > "$out"; \(Gate.script("a-written"))

    build/b.txt: build/a.txt
        $ echo b >> ../runs; \(Gate.script("b")) sed 's/$/b/' "$in" > "$out"; \(Gate.script("b-written"))

    build/c.txt: build/b.txt
        $ echo c >> ../runs; \(Gate.script("c")) sed 's/$/c/' "$in" > "$out"; \(Gate.script("c-written"))
    """
  static let clean = ["build/a.txt": "one\n", "build/b.txt": "oneb\n", "build/c.txt": "onebc\n"]

  @Test(arguments: [
    ("a", ["a", "b", "c"]), ("a-written", ["a", "b", "c"]), ("b", ["b", "c"]), ("b-written", ["b", "c"]),
    ("c", ["c"]), ("c-written", ["c"]),
  ])
  func `kill -9 loses only the step that was running`(point: String, left: [String]) throws {
    let test = try CommandTest(Self.rules, ["a.txt": "one\n"])
    let gate = try Gate(point, test)
    let command = test.start("build")
    try gate.waitForStep()
    command.signal(SIGKILL)
    #expect(try command.wait().code == 137)
    gate.remove()
    _ = try test.takeRuns()
    try test.build(ran: left)
    #expect(try test.files(in: "build") == Self.clean)
    try test.build(ran: [])
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)])
  func `a signal ends the build and everything it started`(signal: Int32, code: Int) throws {
    let test = try CommandTest(
      """
      build/a.txt: a.txt
          $ exec 9> ../alive; sleep 1000 & \(Gate.script("a")) wait; cp "$in" "$out"
      """, ["a.txt": "one\n"])
    let alive = try Lifeline("alive", test)
    let gate = try Gate("a", test)
    let command = test.start("build")
    try gate.waitForStep()
    command.signal(signal)
    #expect(try command.wait().code == code)
    try alive.waitForEnd()
    #expect(try test.files(in: "build") == [:])
  }

  @Test func `a step that does not hear an interrupt is asked to end before it is killed`() throws {
    let test = try CommandTest(
      """
      build/a.txt: a.txt
          $ trap '' INT; trap 'echo asked >> ../runs; exit 1' TERM; echo here > ../a.here; sleep 1000 & wait
      """, ["a.txt": "one\n"])
    let gate = try Gate("a", test)
    let command = test.start("build")
    try gate.waitForStep()
    command.signal(SIGINT)
    let run = try command.wait()
    #expect(run.code == 130)
    #expect(!run.narration.contains("killing"))
    #expect(try test.takeRuns() == ["asked"])
  }

  @Test func `an interrupted build goes on where it was`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "one\n"])
    let gate = try Gate("b", test)
    let command = test.start("build")
    try gate.waitForStep()
    command.signal(SIGINT)
    #expect(try command.wait().code == 130)
    gate.remove()
    #expect(try test.takeRuns() == ["a", "b"])
    try test.build(ran: ["b", "c"])
    #expect(try test.files(in: "build") == Self.clean)
  }

  @Test func `kill -9 leaves no step running`() throws {
    let test = try CommandTest(
      """
      build/a.txt: a.txt
          $ exec 9> ../alive; \(Gate.script("a")) cp "$in" "$out"
      """, ["a.txt": "one\n"])
    let alive = try Lifeline("alive", test)
    let gate = try Gate("a", test)
    let command = test.start("build")
    try gate.waitForStep()
    command.signal(SIGKILL)
    _ = try command.wait()
    try alive.waitForEnd()
  }

  @Test func `a second build waits for the first and finds nothing to do`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "one\n"])
    let gate = try Gate("b", test)
    let first = test.start("build")
    try gate.waitForStep()
    let second = test.start("build")
    #expect(try test.run(["build", "--no-wait"]).code == 7)
    try gate.open()
    #expect(try first.wait().code == 0)
    #expect(try second.wait().code == 0)
    #expect(try test.takeRuns() == ["a", "b", "c"])
    #expect(try test.files(in: "build") == Self.clean)
  }

  @Test func `an input that changes while a step runs is seen by the next build`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "one\n"])
    let gate = try Gate("a-written", test)
    let command = test.start("build")
    try gate.waitForStep()
    try test.write("two\n", to: "a.txt")
    try gate.open()
    _ = try command.wait()
    gate.remove()
    _ = try test.takeRuns()
    #expect(try test.run(["build"]).code == 0)
    #expect(try test.read("build/c.txt") == "twobc\n")
    _ = try test.takeRuns()
    try test.build(ran: [])
  }
}
