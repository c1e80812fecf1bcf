import CampaignCore
import Glibc
import Testing

/// How steps are run: tries, timeouts, priorities, places, pauses.
@Suite struct MannerTests {
  /// A step that fails with `code` the first `times` times.
  private static func flaky(_ code: Int, times: Int) -> String {
    "$ echo flaky >> ../runs; echo x >> ../count; "
      + "test $(wc -l < ../count) -gt \(times) || exit \(code); cp \"$in\" \"$out\""
  }

  @Test(arguments: [
    ("retries = 2", 75, 2, 0, 3), ("retries = 2", 1, 2, 0, 3), ("retries = 1", 75, 2, 6, 2),
    ("retries = 3\n    retry-on = trouble", 75, 1, 0, 2), ("retries = 3\n    retry-on = trouble", 1, 1, 1, 1),
    ("retries = 3\n    retry-on = timeout", 75, 1, 6, 1),
  ])
  func `a failed step is tried again as its rule says`(
    manner: String, code: Int, times: Int, exit: Int, tries: Int
  ) throws {
    let test = try CommandTest(
      "build/a.txt: a.txt\n    \(manner)\n    retry-delay = 1ms\n    \(Self.flaky(code, times: times))",
      ["a.txt": "1"])
    let run = try test.build(exits: exit, ran: Array(repeating: "flaky", count: tries))
    #expect(run.narration.split(separator: "\n").count { $0.contains(" again   ") } == tries - 1)
  }

  @Test func `a setting grants tries to every rule`() throws {
    let test = try CommandTest(
      "retries = 1\nretry-delay = 1ms\n\nbuild/a.txt: a.txt\n    \(Self.flaky(1, times: 1))", ["a.txt": "1"])
    try test.build(ran: ["flaky", "flaky"])
  }

  @Test func `tries shape no result`() throws {
    let test = try CommandTest(
      "build/a.txt: a.txt\n    $ echo a >> ../runs; cp \"$in\" \"$out\"", ["a.txt": "1"])
    try test.build(ran: ["a"])
    let text = try #require(try test.read("Campaignfile"))
    try test.write(
      text.replacing("    $ echo", with: "    retries = 3\n    timeout = 1m\n    priority = 5\n    $ echo"),
      to: "Campaignfile")
    try test.build(ran: [])
  }

  @Test func `a step that takes too long is stopped with all it started`() throws {
    let test = try CommandTest(
      """
      build/a.txt: a.txt
          timeout = 200ms
          $ exec 9< ../line; echo a >> ../runs; sh -c 'trap "" TERM; sleep 600' & sleep 600
      """, ["a.txt": "1"])
    let line = try Lifeline("line", test)
    let run = try withWriter(test.folder + "/line") { try test.build(exits: 1, ran: ["a"]) }
    #expect(run.narration.contains("took longer than its `timeout` of 200ms"))
    try line.waitForEnd()
  }

  /// Keeps a pipe open for writing, so that steps can open it for reading.
  private func withWriter<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    let descriptor = try Files.open(path, O_RDWR, "open")
    defer { close(descriptor) }
    return try body()
  }

  @Test func `a higher priority goes first`() throws {
    let rule = { (name: String, priority: Int) in
      "build/\(name).txt: a.txt\n    priority = \(priority)\n    $ echo \(name) >> ../order; cp \"$in\" \"$out\"\n\n"
    }
    let test = try CommandTest(rule("low", -1) + rule("high", 7) + rule("middle", 0), ["a.txt": "1"])
    #expect(try test.run(["build", "-j1"]).code == 0)
    #expect(try test.read("../order") == "high\nmiddle\nlow\n")
  }

  @Test func `steps take as many places as they say`() throws {
    let rule = { (name: String, units: Int) in
      """
      build/\(name).txt: a.txt
          pool  = gpu
          units = \(units)
          $ mkdir ../lock || echo together >> ../runs; cp "$in" "$out"; rmdir ../lock || true


      """
    }
    let test = try CommandTest(
      "pool gpu\n    width = 3\n\n" + rule("one", 2) + rule("two", 2) + rule("three", 2), ["a.txt": "1"])
    try test.build("-j8", ran: [])
  }

  @Test func `a pool is paused and resumed while a build runs`() throws {
    let test = try CommandTest(
      """
      pool slow
          width = 1

      build/one.txt: a.txt
          pool = slow
          $ \(Gate.script("one")) echo one >> ../runs; cp "$in" "$out"

      build/two.txt: build/one.txt
          pool = slow
          $ echo two >> ../runs; cp "$in" "$out"
      """, ["a.txt": "1"])
    let gate = try Gate("one", test)
    let build = test.start("build")
    try gate.waitForStep()
    #expect(try test.run(["pause", "slow"]).output == "paused: slow\n")
    try gate.open()
    #expect(try test.run(["status"]).output.contains("paused: slow"))
    #expect(try test.run(["resume"]).output == "resumed: slow\n")
    #expect(try test.run(["resume"]).output == "no pool is paused\n")
    #expect(try build.wait().code == 0)
    #expect(try test.takeRuns() == ["one", "two"])
  }

  @Test func `pauses outlive builds, and only pools can be paused`() throws {
    let test = try CommandTest("build/a.txt: a.txt\n    $ cp \"$in\" \"$out\"", ["a.txt": "1"])
    let wrong = try test.run(["pause", "cpus"])
    #expect(wrong.code == 2 && wrong.narration.contains("did you mean `cpu`?"))
    #expect(try test.run(["pause"]).output == "all pools are paused\n")
    #expect(try test.run(["status"]).output.hasSuffix("next: campaign resume\n"))
    #expect(try test.run(["resume", "cpu"]).output == "all pools are paused\n")
    #expect(try test.run(["resume"]).output == "resumed: all pools\n")
    #expect(try test.run(["build"]).code == 0)
  }

  @Test(arguments: ["2", "10/day", "-1/s", "/min", "x/min"])
  func `a rate has a unit`(rate: String) throws {
    let test = try CommandTest("pool slow\n    width = 1\n    rate = \(rate)", [:])
    let run = try test.run(["check"])
    #expect(run.code == 2 && run.narration.contains("write 2/s, 10/min or 100/h"))
  }
}
