import CampaignCore
import Testing

/// What was bought or edited stays, and comes back for nothing.
@Suite struct TakeTests {
  let test: CommandTest

  init() throws {
    test = try CommandTest(
      """
      build/clip.txt: a.txt
          costly = yes
          $ echo clip >> ../runs; cat "$in" > "$out"

      build/film.txt: build/clip.txt
          $ echo film >> ../runs; sed 's/$/!/' "$in" > "$out"
      """, ["a.txt": "one\n"])
    try test.build(ran: ["clip", "film"])
  }

  @Test func `a deleted costly output comes back from the store`() throws {
    test.remove("build/clip.txt")
    try test.build(ran: [])
    #expect(try test.read("build/clip.txt") == "one\n")
    test.remove("build")
    try test.build(ran: ["film"])
  }

  @Test func `a reverted input brings the old take back`() throws {
    try test.write("two\n", to: "a.txt")
    try test.build(ran: ["clip", "film"])
    try test.write("one\n", to: "a.txt")
    try test.build(ran: ["film"])
    #expect(try test.read("build/film.txt") == "one!\n")
  }

  @Test func `an edited output is adopted, and what follows is made from it`() throws {
    try test.write("edited\n", to: "build/clip.txt")
    let run = try test.build(ran: ["film"])
    #expect(run.narration.contains("build/clip.txt"))
    #expect(try test.read("build/clip.txt") == "edited\n")
    #expect(try test.read("build/film.txt") == "edited!\n")
    try test.build(ran: [])
  }

  @Test func `an edited output stays when its inputs change, until it is forced`() throws {
    try test.write("edited\n", to: "build/clip.txt")
    try test.build(ran: ["film"])
    try test.write("two\n", to: "a.txt")
    try test.build(ran: [])
    #expect(try test.read("build/clip.txt") == "edited\n")
    try test.build("--force", "build/clip.txt", ran: ["clip", "film"])
    #expect(try test.read("build/clip.txt") == "two\n")
  }

  @Test func `a deleted cache costs time, never a take`() throws {
    test.remove(".campaign/cache")
    try test.build(ran: ["film"])
    try test.build(ran: [])
  }

  @Test(arguments: ["garbage", "torn", "flipped"])
  func `a damaged cache costs time, never a take`(damage: String) throws {
    var bytes = try Files.read(test.path(".campaign/cache"))
    switch damage {
    case "garbage": bytes = Array("garbage\n".utf8)
    case "torn": bytes.removeLast(bytes.count / 3)
    default: bytes[bytes.count / 2] ^= 0xFF
    }
    try Files.write(bytes, to: test.path(".campaign/cache"))
    let run = try test.run(["build"])
    #expect(run.code == 0, "it said: \(run.narration)")
    #expect(try test.takeRuns().contains("clip") == false)
    #expect(try test.files(in: "build") == ["build/clip.txt": "one\n", "build/film.txt": "one!\n"])
    try test.build(ran: [])
  }

  @Test func `clean never touches the store`() throws {
    let before = try test.files(in: ".campaign/store")
    #expect(try test.run(["clean", "outputs", "--yes"]).code == 0)
    #expect(try test.files(in: ".campaign/store") == before)
    try test.build(ran: ["film"])
    #expect(try test.read("build/clip.txt") == "one\n")
  }
}
