import CampaignCore
import Testing

/// Two profiles side by side, and a maker on a part of a campaign.
@Suite struct CompareTests {
  static let profiles = """


    profile cheap
        by = replicate minimax/hailuo-02

    profile mixed
        by = replicate minimax/hailuo-02 40% | local
    """

  private func shop(_ clips: [String]) throws -> Rehearsed {
    try Rehearsed(clips: clips, rules: Rehearsed.head + Rehearsed.clips + Self.profiles)
  }

  private func json(_ shop: Rehearsed, _ arguments: String...) throws -> JSON {
    let run = try shop.test.run(arguments + ["--json"], environment: shop.environment)
    return try JSON.parse(Array(run.output.utf8))
  }

  @Test func `a target falls to a maker by its name`() throws {
    let clips = (1...40).map { "clip-\($0)" }
    let shop = try shop(clips)
    #expect(try shop.run("build", "build/pairs.json").code == 0)
    func bought(_ share: String) throws -> Set<String> {
      let plan = try JSON.parse(
        Array(
          try shop.run(
            "plan", "--json", "--set", "by=replicate wan-video/wan-2.2-i2v-fast \(share) | local"
          ).output.utf8))
      let paid = (plan["steps"]?.array ?? []).filter { $0["payee"] != .null }
      return Set(paid.compactMap { $0["outputs"]?.array?.first?.string })
    }
    let (some, more, all) = (try bought("25%"), try bought("50%"), try bought("100%"))
    #expect((5...15).contains(some.count) && (14...26).contains(more.count))
    #expect(some.isSubset(of: more))
    #expect(all.count == 40)
  }

  @Test(arguments: [
    ("replicate wan-video/wan-2.2-i2v-fast | local", "has no share"),
    ("replicate wan-video/wan-2.2-i2v-fast 80% | local 80%", "more than 100%"),
    ("replicate wan-video/wan-2.2-i2v-fast 20% | local 20%", "less than 100%"),
    ("replicat x/y 20% | local", "did you mean `replicate`?"), ("20% | local", "names no maker"),
  ])
  func `shares are checked before anything runs`(by: String, message: String) throws {
    let shop = try shop(["hook"])
    let run = try shop.run("check", "--set", "by=\(by)")
    #expect(run.code == 2 && run.narration.contains(message), "it said: \(run.narration)")
  }

  @Test func `two profiles are compared by cost, time and picture`() throws {
    let shop = try shop(["hook"])
    try shop.build("--max-cost", "5")
    let before = try json(shop, "compare", "-", "cheap")
    #expect(before["sheet"] == .null)
    let clip = try #require(before["targets"]?.array?.last)
    #expect(clip["left"]?["made"]?.bool == true && clip["right"]?["made"]?.bool == false)
    #expect(clip["right"]?["maker"]?.string == "replicate minimax/hailuo-02")
    try shop.build("--profile", "cheap", "--max-cost", "5")
    let after = try json(shop, "compare", "-", "cheap")
    #expect(after["targets"]?.array?.last?["right"]?["made"]?.bool == true)
    let sheet = try #require(after["sheet"]?.string)
    #expect(try #require(FileStamp.of(shop.test.path(sheet))).size > 500)
    let words = try shop.run("compare", "-", "cheap").output
    #expect(words.contains("1 target is the same by both\nside by side: \(sheet)\n"))
  }
}
