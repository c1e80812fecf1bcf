import CampaignCore
import Testing

/// `campaign watch`: builds what is free whenever something changes.
@Suite struct WatchTests {
  /// Each build of the film comes to the gate `built`.
  private static let rules = """
    build/a.txt: a.txt
        $ cp "$in" "$out"

    build/film.txt: build/a.txt
        $ cp "$in" "$out"; \(Gate.script("built"))
    """

  @Test func `a change is built, a mistake is survived, and nothing else wakes it`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "1", "other.txt": "1"])
    let gate = try Gate("built", test)
    let watch = test.start("watch")
    try gate.waitForStep()
    try gate.open()
    try test.write("2", to: "a.txt")
    try gate.waitForStep()
    try gate.open()
    let good = try #require(try test.read("Campaignfile"))
    try test.write(good + "nonsense\n", to: "Campaignfile")
    try test.write(good, to: "Campaignfile")
    try test.write("3", to: "a.txt")
    try gate.waitForStep()
    #expect(try test.read("build/a.txt") == "3")
    try gate.open()
    watch.signal(2)
    let run = try watch.wait()
    #expect(run.code == 130, "it said: \(run.narration)")
    #expect(run.narration.contains("watching 2 files; Ctrl-C ends it\n"))
    #expect(run.narration.contains("changed: a.txt\n"))
  }

  @Test func `what costs something is named, not bought`() throws {
    let shop = try Rehearsed(clips: ["hook"], rules: Rehearsed.head + Rehearsed.clips + Self.tail)
    let gate = try Gate("built", shop.test)
    let watch = shop.start("watch")
    try gate.waitForStep()
    try gate.open()
    watch.signal(2)
    let run = try watch.wait()
    #expect(
      run.narration.contains(
        "`build/clips/hook.mp4` would cost $0.05: `campaign build build/clips/hook.mp4` buys it"))
    #expect(try shop.creates == 0)
  }

  private static let tail = """


    build/z.txt: pairs.txt build/pairs.json
        $ \(Gate.script("built")) cp "$in1" "$out"
    """
}
