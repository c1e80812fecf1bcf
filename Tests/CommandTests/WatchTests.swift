import CampaignCore
import Glibc
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

  /// What is written wakes the watch, and the film is then what it says.
  @Test(arguments: [
    ("list.json", #"[{"id": "y"}]"#), ("src/deep/new.txt", "n"), ("rules/more", "# nothing\n"),
    ("root.md", "r"),
    ("photos/x.txt", "X"),
  ])
  func `all that a build reads is watched`(path: String, text: String) throws {
    let test = try CommandTest(
      """
      include rules/more

      build/e/{x.id}.txt: photos/{x.id}.txt for x in list.json
          $ cp "$in" "$out"

      build/film.txt: build/e/*.txt src/**/*.txt *.md Campaignfile rules/more
          $ cat $in > "$out"; \(Gate.script("built"))
      """,
      [
        "rules/more": "", "list.json": #"[{"id": "x"}]"#, "src/a.txt": "a", "a.md": "m", "photos/x.txt": "x",
        "photos/y.txt": "y",
      ])
    let gate = try Gate("built", test)
    let watch = test.start("watch")
    try gate.waitForStep()
    try gate.open()
    try test.write(text, to: path)
    try gate.waitForStep()
    try gate.open()
    watch.signal(2)
    #expect(try watch.wait().code == 130)
  }

  @Test func `a mistake in an included file can be mended, and a folder can come back`() throws {
    let test = try CommandTest(
      "include rules/more", ["photos/a.txt": "1", "rules/more": "nonsense\n"])
    let gate = try Gate("built", test)
    let watch = test.start("watch")
    try Self.waitForWords("watching", test)
    try test.write(
      "build/a.txt: photos/*.txt\n    $ cp \"$in\" \"$out\"; \(Gate.script("built"))\n", to: "rules/more")
    try gate.waitForStep()
    try gate.open()
    try Self.waitForWords("1 made", test)
    #expect(rename(test.path("photos"), test.path("gone")) == 0)
    try Self.waitForWords("no file matches", test)
    try test.write("2", to: "photos/a.txt")
    try gate.waitForStep()
    #expect(try test.read("photos/a.txt") == "2")
    try gate.open()
    watch.signal(2)
    #expect(try watch.wait().code == 130)
  }

  /// Returns when the watch has said so.
  private static func waitForWords(
    _ words: String, _ test: CommandTest, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let log = test.folder + "/narration-1"
    for _ in 0..<3000 {
      if Files.exists(log), try Files.text(log).contains(words) { return }
      _ = poll(nil, 0, 10)
    }
    Issue.record("it never said: \(words)", sourceLocation: sourceLocation)
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
