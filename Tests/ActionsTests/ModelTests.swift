import CampaignCore
import CampaignEngine
import CampaignSyntax
import Testing

@testable import CampaignActions

/// The table of models: lengths, shapes, inputs and prices.
@Suite struct ModelTests {
  private let table: ModelTable

  init() throws { table = try ModelTable([]) }

  private func model(_ name: String, _ kind: Order.Kind = .clip) throws -> Model {
    try #require(try table.model(.provider(name: "replicate", model: name), for: kind))
  }

  @Test(arguments: [
    ("google/veo-3.1", 5.0, 6.0), ("google/veo-3.1-fast", 4, 4), ("minimax/hailuo-02", 5, 6),
    ("kwaivgi/kling-v2.1", 6, 10), ("kwaivgi/kling-v3-video", 5.5, 6), ("bytedance/seedance-2.0", 3, 4),
    ("luma/ray-2-720p", 6, 9), ("pixverse/pixverse-v5", 5, 5), ("wan-video/wan-2.2-i2v-fast", 5, 5),
  ])
  func `buys the next longer length`(name: String, wanted: Double, bought: Double) throws {
    let length = try model(name).length(for: Milliseconds(Int(wanted * 1000)))
    #expect(length?.seconds == bought)
  }

  @Test(arguments: [
    ("google/veo-3.1", "1080p", 5.0, 8.0), ("google/veo-3.1", "720p", 5, 6),
    ("google/veo-3.1-lite", "1080p", 4, 8),
    ("prunaai/p-video", "1080p", 20, 20), ("kwaivgi/kling-o1", "pro", 9.5, 10),
  ])
  func `buys what the model makes at that size`(
    name: String, resolution: String, wanted: Double, bought: Double
  ) throws {
    let length = try model(name).length(for: Milliseconds(Int(wanted * 1000)), at: resolution)
    #expect(length?.seconds == bought)
  }

  @Test(arguments: [
    ("kwaivgi/kling-v3-video", 1080, 1_120_000 as Int64), ("kwaivgi/kling-v3-video", 720, 840_000),
    ("bytedance/seedance-2.5", 720, 1_156_000), ("google/veo-3.1-lite", 720, 250_000),
  ])
  func `a size has its price`(name: String, height: Int, micros: Int64) throws {
    let size = FrameSize(width: height * 16 / 9, height: height)
    #expect(try model(name).price(length: Milliseconds(5000), size: size)?.micros == micros)
  }

  @Test(arguments: [
    (#"{"seconds":5.041666,"resolution":"pro"}"#, 1_129_334 as Int64?),
    (#"{"seconds":5,"resolution":"pro"}"#, 1_120_000),
    (#"{"seconds":-5,"resolution":"pro"}"#, nil), (#"{"seconds":1e300,"resolution":"pro"}"#, nil),
    ("{}", nil),
    (#"{"in":9223372036854775807,"out":9223372036854775807}"#, 0), (#"{"seconds":5,"resolution":"8k"}"#, nil),
  ])
  func `what is billed is priced to the micro-dollar`(billed: String, micros: Int64?) throws {
    #expect(try model("kwaivgi/kling-v3-video").price(billed: JSON.parse(billed))?.micros == micros)
  }

  @Test func `nobody pays for more tokens than there are`() {
    let price = Price("1.25 USD/Mtok in, 2.50 USD/Mtok out")
    #expect(price?.amount(tokensIn: 1_000_001, tokensOut: 1)?.micros == 1_250_005)
    #expect(
      price?.amount(tokensIn: .max, tokensOut: 1) == nil && price?.amount(tokensIn: -1, tokensOut: 1) == nil)
  }

  @Test func `every model has a source, and every price its date`() {
    #expect(table.listing.count > 25)
    for model in table.listing {
      #expect(model.source != nil && (model.price == nil) == (model.priced == nil), "\(model.name)")
    }
    #expect(!table.listing.contains { $0.name == "gemini-2.5-flash" })
  }

  @Test func `a price that is older than sixty days says so`() throws {
    let veo = try model("google/veo-3.1")
    #expect(veo.priced == Day("2026-10-08"))
    #expect(veo.priceNotes(on: try #require(Day("2026-12-07"))) == [])
    #expect(
      veo.priceNotes(on: try #require(Day("2026-12-08")))
        == ["its price is of 2026-10-08: see replicate.com/google/veo-3.1"])
  }

  @Test(arguments: ["2026-13", "2026", "yesterday", "2026-11-32", ""])
  func `no date is no day`(text: String) { #expect(Day(text) == nil) }

  @Test func `refuses what is longer than the longest`() throws {
    #expect(try model("google/veo-3.1").length(for: Milliseconds(9000)) == nil)
    #expect(throws: StepFailure.self) {
      try GenerateClip(table).check([
        Parameter("by", "replicate google/veo-3.1"), Parameter("duration", "9s"), Parameter("fps", "30"),
      ])
    }
  }

  @Test func `writes each model's own input`() throws {
    func input(_ name: String) throws -> String {
      try model(name).clipInput(
        prompt: "p", first: "a.jpg", last: "b.jpg", length: Milliseconds(6000),
        size: FrameSize(width: 1920, height: 1080), extra: #"negative_prompt="rain, fog" generate_audio=true"#
      ).compact
    }
    #expect(
      try input("google/veo-3.1")
        == #"{"prompt":"p","image":{"$file":"a.jpg"},"last_frame":{"$file":"b.jpg"},"duration":6,"#
        + #""resolution":"1080p","aspect_ratio":"16:9","negative_prompt":"rain, fog","generate_audio":true}"#)
    #expect(try input("wan-video/wan-2.2-i2v-fast").contains(#""num_frames":97,"resolution":"720p""#))
  }

  @Test func `chooses size and ratio, and says what that means`() throws {
    let veo = try model("google/veo-3.1")
    #expect(veo.shape(for: FrameSize(width: 1280, height: 720)).resolution == "720p")
    #expect(veo.shape(for: FrameSize(width: 1080, height: 1920)).ratio == "9:16")
    #expect(
      veo.shape(for: FrameSize(width: 1080, height: 1080)).notes == [
        "it makes 16:9, which is cropped to 1080x1080"
      ])
    #expect(
      veo.shape(for: FrameSize(width: 3840, height: 2160)).notes
        == ["it makes at most 1080p, which is scaled up to 3840x2160"])
  }

  @Test(arguments: [
    ("0.12 USD/s", 6000, nil as String?, 720_000 as Int64?), ("0.27 USD", 6000, nil, 270_000),
    ("720p 0.08 USD/s, 1080p 0.12 USD/s", 1001, "720p", 80_080),
    ("0.75 USD, 0.0125 USD/s", 30_000, nil, 1_125_000),
    ("720p 0.08 USD/s", 1000, "1080p", nil),
  ])
  func `prices in micro-dollars, rounded up`(text: String, length: Int, resolution: String?, micros: Int64?)
    throws
  {
    let price = try #require(Price(text))
    #expect(price.amount(Milliseconds(length), resolution: resolution)?.micros == micros)
  }

  @Test(arguments: ["12", "USD", "0.1 EUR/s", "0.1 USD/m", "a b 0.1 USD"])
  func `takes no price that it does not understand`(text: String) { #expect(Price(text) == nil) }

  @Test func `a block changes a model field by field`() throws {
    let source =
      "campaign c\nmodel google/veo-3.1\n    price = \"9.00 USD\"\nmodel me/new\n    kind = music\n"
    let (campaign, _) = load(LoadRequest(file: "c", read: { _ in Array(source.utf8) }, schemas: []))
    let table = try ModelTable(try #require(campaign).models)
    let veo = try #require(try table.model(.provider(name: "replicate", model: "google/veo-3.1"), for: .clip))
    #expect(veo.price(length: Milliseconds(4000), size: FrameSize(width: 1, height: 1))?.micros == 9_000_000)
    #expect(veo.length(for: Milliseconds(5000)) == Milliseconds(6000))
    #expect(throws: StepFailure.self) {
      try table.model(.provider(name: "replicate", model: "me/new"), for: .clip)
    }
  }

  @Test(arguments: [
    ("local", nil as String?), ("replicate google/veo-3.1", nil), ("./mine x", nil), ("my-shop model-1", nil),
    ("replicat google/veo-3.1", "there is no provider `replicat`: did you mean `replicate`?"),
    ("replicate", "`replicate` says no model"), ("a b c", "`a b c` is no provider with its model"),
  ])
  func `reads who makes it`(text: String, problem: String?) { #expect(Maker.problem(with: text) == problem) }

  @Test func `a new take has another seed unless it is to have the same`() {
    let order = ContentHash(high: 0, low: 41)
    #expect(SeedPolicy("next")?.seed(after: nil, of: order) == 41)
    #expect(SeedPolicy("next")?.seed(after: 41, of: order) == 42)
    #expect(SeedPolicy("same")?.seed(after: 41, of: order) == 41)
    #expect(SeedPolicy("7")?.seed(after: 41, of: order) == 7)
    #expect(SeedPolicy("often") == nil)
  }
}
