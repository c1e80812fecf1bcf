import CampaignCore
import Testing

/// Pairs that a chat model chooses, and how long a choice lasts.
@Suite struct ChoiceTests {
  private static let rules = """
    size  = 64x36
    fps   = 12

    build/manifest.json: photos/*.jpg photos.csv
        collect

    build/pairs.json: build/manifest.json brief.md
        select-pairs
        by     = xai grok-4.3
        scenes = all
        clip   = 5s

    build/clips/{pair.id}.mp4: {pair.first} {pair.last} for pair in build/pairs.json
        generate-clip
        by       = replicate wan-video/wan-2.2-i2v-fast
        duration = {pair.duration}
        prompt   = {pair.prompt}

    scene pool
        tags   = pool water
        prompt = "Over the water."

    scene bed
        tags   = bed room
        prompt = "Past the bed."
    """
  private static let pairs = "build/pairs.json"

  private func shop() throws -> Rehearsed {
    let shop = try Rehearsed(rules: Self.rules)
    try shop.test.write("No people.", to: "brief.md")
    try shop.test.write(
      "file,description,tags\na.jpg,a pool,pool\nb.jpg,a pool,pool\nc.jpg,a bed,bed\nd.jpg,a bed,bed\n",
      to: "photos.csv")
    return shop
  }

  private func chosen(_ shop: Rehearsed) throws -> [String] {
    let pairs = try JSON.parse(Array(try #require(try shop.test.read(Self.pairs)).utf8)).array ?? []
    return pairs.map { pair in
      [pair["id"], pair["first"], pair["last"]].map { $0?.string ?? "?" }.joined(separator: " ")
    }
  }

  private func questions(_ shop: Rehearsed) throws -> [String] {
    (try shop.ask("/_ledger")["chats"]?.array ?? []).map {
      "\($0["name"]?.string ?? "") \($0["pictures"]?.int ?? 0)"
    }
  }

  @Test func `two questions, with the pictures in both`() throws {
    let shop = try shop()
    try shop.build(Self.pairs, "--max-cost", "5")
    #expect(try chosen(shop) == ["pool photos/a.jpg photos/b.jpg", "bed photos/c.jpg photos/d.jpg"])
    #expect(try questions(shop) == ["rooms 4", "pairs 4"])
    try shop.build(Self.pairs)
    #expect(try questions(shop).count == 2)
    try shop.expectHonesty()
  }

  @Test func `photos may have blanks in their names`() throws {
    let shop = try shop()
    for name in ["a", "b", "c", "d"] {
      try Files.rename(
        shop.test.path("photos/\(name).jpg"), to: shop.test.path("photos/the \(name): one.jpg"))
    }
    try shop.test.write(
      try #require(try shop.test.read("photos.csv")).replacing(/^(.)\.jpg/.anchorsMatchLineEndings()) {
        "the \($0.1): one.jpg"
      }, to: "photos.csv")
    try shop.build("--max-cost", "5")
    #expect(
      try chosen(shop) == [
        "pool photos/the a: one.jpg photos/the b: one.jpg", "bed photos/the c: one.jpg photos/the d: one.jpg",
      ])
    try shop.expectHonesty()
  }

  @Test func `photos that nobody tagged are enough for every scene of a rehearsal`() throws {
    let shop = try shop()
    try shop.test.write("file,description,tags\na.jpg,,\nb.jpg,,\nc.jpg,,\nd.jpg,,\n", to: "photos.csv")
    try shop.build(Self.pairs, "--max-cost", "5")
    let photos = try chosen(shop).flatMap { $0.split(separator: " ").dropFirst() }
    #expect(photos.count == 4 && Set(photos).count == 4)
  }

  @Test func `a choice outlives its file`() throws {
    let shop = try shop()
    try shop.build("--max-cost", "5")
    let before = try chosen(shop)
    #expect(try shop.run("clean", "outputs", "-y").code == 0)
    try shop.build()
    shop.test.remove("build")
    let edited = try #require(try shop.test.read("Campaignfile")).replacing(
      "Past the bed", with: "Along the bed")
    try shop.test.write(edited, to: "Campaignfile")
    try shop.build(Self.pairs, "--max-cost", "5")
    #expect(try chosen(shop) == before)
    #expect(try questions(shop).count == 2)
  }

  @Test func `a choice stays when words change, and when photos come`() throws {
    let shop = try shop()
    try shop.build("--max-cost", "5")
    let edited = try #require(try shop.test.read("Campaignfile")).replacing(
      "Past the bed", with: "Along the bed")
    try shop.test.write(edited, to: "Campaignfile")
    try shop.build("--max-cost", "5")
    #expect(try questions(shop).count == 2)
    #expect(try shop.creates == 3)
    try Files.write(try Files.read(shop.test.path("photos/a.jpg")) + [0], to: shop.test.path("photos/e.jpg"))
    let run = try shop.build("--max-cost", "1")
    #expect(run.narration.contains("`campaign build --reselect` chooses anew"))
    #expect(try questions(shop).count == 2)
    #expect(try shop.creates == 3)
  }

  @Test func `only a scene that is new is chosen for`() throws {
    let shop = try shop()
    try shop.build(Self.pairs, "--max-cost", "5")
    try Files.write(try Files.read(shop.test.path("photos/c.jpg")) + [0], to: shop.test.path("photos/e.jpg"))
    try Files.write(try Files.read(shop.test.path("photos/d.jpg")) + [0], to: shop.test.path("photos/f.jpg"))
    try shop.test.write(
      try #require(try shop.test.read("Campaignfile")) + "\nscene door\n    tags = door\n", to: "Campaignfile"
    )
    try shop.build(Self.pairs, "--max-cost", "5")
    #expect(try questions(shop).suffix(2) == ["rooms 2", "pairs 2"])
    #expect(try chosen(shop).count == 3)
  }

  @Test func `choosing anew shows what changes before it costs`() throws {
    let shop = try shop()
    try shop.build("--max-cost", "5")
    try shop.script(#"[{"on": "chat", "do": "wrong_count"}]"#)
    let run = try shop.build("--reselect", "--max-cost", "5")
    #expect(run.narration.contains("choice build/pairs.json: 2 kept, 0 new, 0 dropped"))
    #expect(try shop.creates == 2)
    #expect(try questions(shop).count >= 4)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var fault: String
    var code: Int
    /// Questions that were answered.
    var questions: Int
    var says: String
    var testDescription: String { fault }

    init(_ fault: String, exits code: Int = 0, questions: Int, says: String = "") {
      (self.fault, self.code, self.questions, self.says) = (fault, code, questions, says)
    }
  }

  static let rows = [
    Row(#"{"on": "chat", "do": "invalid_json"}"#, questions: 3),
    Row(#"{"on": "chat", "do": "fenced_json"}"#, questions: 2),
    Row(#"{"on": "chat", "nth": 2, "do": "unknown_ids"}"#, questions: 3),
    Row(#"{"on": "chat", "nth": 2, "do": "dup_ids"}"#, questions: 3),
    Row(#"{"on": "chat", "nth": 2, "do": "wrong_count"}"#, questions: 3),
    Row(
      #"{"on": "chat", "nth": 2, "do": "dup_ids", "times": 3}"#, exits: 1, questions: 4, says: "is used twice"
    ),
    Row(#"{"on": "chat", "do": "refusal", "times": 3}"#, exits: 1, questions: 3, says: "refused"),
    Row(#"{"on": "chat", "do": "length"}"#, questions: 3),
    Row(#"{"on": "chat", "do": "reject_json_schema", "times": 9}"#, questions: 2),
    Row(
      #"{"on": "chat", "do": "reject_image_url"}"#, exits: 1, questions: 0, says: "image_url is not supported"
    ),
    Row(#"{"on": "chat", "do": "status", "code": 503, "times": 2}"#, questions: 2),
    Row(#"{"on": "chat", "do": "reset", "times": 2}"#, questions: 2),
    Row(#"{"on": "chat", "do": "status", "code": 503, "times": 9}"#, exits: 6, questions: 0),
    Row(#"{"on": "chat", "do": "xai_403_flat"}"#, exits: 1, questions: 0, says: "add credit"),
    Row(#"{"on": "chat", "do": "openai_error"}"#, exits: 1, questions: 0, says: "add credit"),
    Row(
      #"{"on": "chat", "do": "openrouter_error_in_200"}"#, exits: 1, questions: 0,
      says: "Insufficient credits"),
  ]

  @Test(arguments: rows)
  func `a bad answer is asked for again, and never taken`(row: Row) throws {
    let shop = try shop()
    try shop.script("[\(row.fault)]")
    let run = try shop.build(Self.pairs, "--max-cost", "5", exits: row.code)
    #expect(run.narration.contains(row.says), "it said: \(run.narration)")
    #expect(try questions(shop).count == row.questions)
    if row.code == 0 {
      #expect(try chosen(shop) == ["pool photos/a.jpg photos/b.jpg", "bed photos/c.jpg photos/d.jpg"])
    } else {
      try shop.build(Self.pairs, "--max-cost", "5")
    }
    try shop.expectHonesty()
  }
}
