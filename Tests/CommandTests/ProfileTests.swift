import CampaignCore
import Testing

/// A choice that was made in a production stays one of that production.
@Suite struct ProfileTests {
  private static let rules = """
    size = 64x36
    fps  = 12
    film = local

    build/pairs.json: pairs.txt local.txt
        $ if [ "$film" = local ]; then cp local.txt "$out"; else cp pairs.txt "$out"; fi

    build/clips/{pair.id}.mp4: {pair.first} {pair.last} for pair in build/pairs.json
        generate-clip
        by       = $film
        duration = 5s
        prompt   = {pair.prompt}
        deadline = 200s

    profile production
        film = replicate wan-video/wan-2.2-i2v-fast
    """
  private static let clip = "build/clips/hook.mp4"

  /// With two takes of a clip, the second of which counts.
  private func shop() throws -> Rehearsed {
    let shop = try Rehearsed(rules: Self.rules)
    let pairs = try #require(try shop.test.read("pairs.txt"))
    try shop.test.write(pairs.replacing("b.jpg", with: "c.jpg"), to: "local.txt")
    try shop.build("--profile", "production", "--max-cost", "5")
    try shop.build("--profile", "production", "--max-cost", "5", "--force", Self.clip)
    return shop
  }

  private func isCurrent(_ shop: Rehearsed) throws -> [Bool?] {
    try shop.takes(Self.clip).map { $0["current"]?.bool }
  }

  @Test func `a take is chosen as it was ordered, and nothing else is chosen with it`() throws {
    let shop = try shop()
    let before = try shop.test.files(in: "build")
    let run = try shop.run("takes", Self.clip, "--use", "1")
    #expect(run.code == 0 && run.narration == "as profile `production` orders it\n")
    let after = try shop.test.files(in: "build")
    #expect(after["build/pairs.json"] == before["build/pairs.json"])
    #expect(after[Self.clip] != before[Self.clip])
    #expect(try isCurrent(shop) == [true, false])
    #expect(try shop.build("--profile", "production", "--frozen").narration.hasPrefix("nothing to do"))
  }

  @Test func `a take that is not at home here counts later`() throws {
    let shop = try shop()
    try shop.build()
    let before = try shop.test.files(in: "build")
    let run = try shop.run("takes", Self.clip, "--use", "1")
    #expect(
      run.narration
        == "it counts from the next build on: campaign build --profile production \(Self.clip)\n")
    #expect(try shop.test.files(in: "build") == before)
    try shop.build("--profile", "production", "--frozen")
    #expect(try isCurrent(shop) == [true, false])
    #expect(try shop.creates == 2)
  }
}
