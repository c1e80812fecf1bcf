import CampaignCore
import Testing

/// The tool's own files, changed by a person, a crash or a disk: nothing traps, and where it is about money it is told.
@Suite struct OddLineTests {
  private static let order = String(repeating: "0", count: 31) + "1"

  private static func line(_ id: String, micros: String) -> String {
    """
    {"t":1,"attempt":"\(id)","order":"\(order)","target":"build/a.mp4","kind":"clip","provider":"p","model":"m",\
    "run":"r","micros":\(micros)}

    """
  }

  private static let reading = [
    ["cost"], ["cost", "--by", "month"], ["plan"], ["status"], ["history"], ["verify"], ["build"],
    ["explain", "a"],
  ]

  @Test(arguments: [
    "9223372036854775807", "1e300", "-5", "\"much\"",
  ])
  func `an amount that nobody pays is told with its line, and all else goes on`(micros: String) throws {
    let test = try CommandTest("a: src\n    $ cp src \"$out\"", ["src": "1"])
    try test.write(
      Self.line("x", micros: micros) + Self.line("y", micros: "600000") + Self.line("z", micros: micros),
      to: ".campaign/journal")
    for command in Self.reading {
      try test.write("\(command)", to: "src")
      let run = try test.run(command)
      #expect(run.code == (command == ["verify"] ? 1 : 0), "\(command) said: \(run.narration)")
    }
    let cost = try test.run(["cost"])
    #expect(cost.output.contains("spent $0.60"))
    #expect(cost.narration.contains(".campaign/journal, line 1: `micros` is no amount of money"))
    #expect(cost.narration.contains("line 3"))
    try test.write("other", to: "src")
    #expect(
      try test.run(["plan"]).output.contains("line 1: `micros` is no amount of money; nothing is bought"))
    #expect(try test.run(["status"]).output.contains(".campaign/journal, line 1"))
    #expect(try test.run(["build"]).narration.contains(".campaign/journal, line 1"))
  }

  @Test func `nothing is bought while nobody knows what was spent`() throws {
    let shop = try Rehearsed()
    try shop.test.write(Self.line("x", micros: "1e300"), to: ".campaign/journal")
    let run = try shop.build("--max-cost", "5", exits: 5)
    #expect(run.narration.contains(".campaign/journal, line 1: `micros` is no amount of money"))
    #expect(try shop.creates == 0)
    try shop.test.write(Self.line("x", micros: "0"), to: ".campaign/journal")
    try shop.build("--max-cost", "5")
    #expect(try shop.creates == 1)
  }

  @Test(arguments: ["1e300", "-1e300", "9223372036854775807", "\"x\"", "null"])
  func `a log of a build may hold any number`(number: String) throws {
    let test = try CommandTest("a: src\n    $ cp src \"$out\"", ["src": "1"])
    try test.build(ran: [])
    try test.write(
      """
      {"v":1,"t":\(number),"ev":"run.context","targets":[],"forced":[]}
      {"v":1,"t":\(number),"ev":"step.started","target":"a","action":"shell","pool":"cpu","why":[]}
      {"v":1,"t":\(number),"ev":"step.finished","target":"a","outcome":"failed","seconds":\(number),"usd":\(number)}
      {"v":1,"t":\(number),"ev":"run.finished","summary":{"usd":\(number),"failed":\(number),"seconds":\(number)}}

      """, to: ".campaign/runs/20991231-235959000-odd-owl.jsonl")
    try test.write("2", to: "src")
    for command in [
      ["history"], ["history", "last"], ["history", "last", "--json"], ["report"], ["status"],
      ["explain", "a"],
    ] {
      let run = try test.run(command)
      #expect(run.code == 0, "\(command) said: \(run.narration)")
    }
  }

  @Test func `a shelf may hold any number, and verify finds it`() throws {
    let shop = try Rehearsed()
    try shop.build("--max-cost", "5")
    let shelves = try shop.test.files(in: ".campaign/store/bought")
    let (path, text) = try #require(shelves.first)
    try shop.test.write(
      text.split(separator: "\n").map { $0.replacing(#/"micros":\d+/#, with: "\"micros\":1e300") + "\n" }
        .joined(),
      to: path)
    #expect(try shop.run("takes", "build/clips/hook.mp4").code == 0)
    let run = try shop.run("verify")
    #expect(run.code == 1)
    #expect(run.output.contains("line 1: `micros` is no amount of money"))
    try shop.build()
    #expect(try shop.creates == 1)
  }
}
