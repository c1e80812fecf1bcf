import CampaignCore
import Testing

/// The table of models, as `campaign models` shows it and a plan relies on it.
@Suite struct ModelsTests {
  private static let rules = """
    build/clip.mp4: a.png a.png
        generate-clip
        by       = ./still photo
        duration = 1s
        size     = 64x36
        fps      = 12

    model photo
        provider = ./still
        kind     = clip
        lengths  = "1s 2s, big 2s"
        price    = "0.05 USD"
        priced   = 2020-02-03
        source   = example.com/prices
    """

  @Test func `lists what is known, with what a campaign adds`() throws {
    let test = try CommandTest(Self.rules)
    let text = try test.run(["models"]).output
    #expect(text.hasPrefix("clip\n") && text.contains("\nmusic\n") && text.contains("\nchat\n"))
    #expect(
      try text.contains(
        Regex("google/veo-3.1  +replicate  +4s, 6s, 8s; 1080p: 8s  +720p 1080p  +2026-10-08  +0.20 USD/s"))
    )
    #expect(try text.contains(Regex("photo +./still +1s, 2s; big: 2s +- +2020-02-03 +0.05 USD\n")))
    #expect(try text.contains(Regex("luma/ray-3.2 .* price unknown\n")))
    let list = try JSON.parse(Array(try test.run(["models", "--json"]).output.utf8))
    let own = try #require(list["models"]?.array?.first { $0["name"]?.string == "photo" })
    #expect(own["source"]?.string == "example.com/prices" && own["priced"]?.string == "2020-02-03")
  }

  @Test func `needs no campaign`() throws {
    let test = try CommandTest(Self.rules)
    test.remove("Campaignfile")
    #expect(try test.run(["models"]).output.contains("google/veo-3.1-fast"))
  }

  @Test func `a plan says when its price is old`() throws {
    let test = try CommandTest(Self.rules, ["a.png": "x"])
    #expect(try test.run(["plan"]).output.contains("its price is of 2020-02-03: see example.com/prices"))
  }

  @Test func `a date that is none is a mistake`() throws {
    let test = try CommandTest(Self.rules.replacing("2020-02-03", with: "lately"), ["a.png": "x"])
    #expect(try test.run(["check"]).narration.contains("write e.g. priced = 2026-11-23"))
  }
}
