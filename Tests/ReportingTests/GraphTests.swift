import CampaignCore
import CampaignEngine
import Testing

@testable import CampaignReporting

/// The graph as a tree and as a picture.
struct GraphTests {
  @Test func drawsATree() {
    #expect(
      GraphText(stalePlan()).text(.tree) == """
        build/final.mp4  undecided  mix-audio
        ├─ build/hook.mp4  stale  generate-clip
        │  └─ photos/a.jpg
        └─ build/music.m4a  restorable  generate-clip
           └─ build/manifest.json  current  collect
              └─ photos/a.jpg
        build/brief.json  edited  generate-clip
        build/title.png  kept  generate-clip
        build/clips/{pair.id}.mp4  later  generate-clip
        └─ build/pairs.json

        """)
  }

  @Test func foldsManyFilesAndShowsNothingTwice() {
    var plan = Plan()
    plan.entries = [
      entry("list", from: (1...9).map { "photos/\($0).jpg" } + ["photos.csv"], .current, action: "collect"),
      entry("one", from: ["list"], .current), entry("two", from: ["list"], .current),
      entry("film", from: ["one", "two"], .current),
    ]
    #expect(
      GraphText(plan).text(.tree) == """
        film  current  generate-clip
        ├─ one  current  generate-clip
        │  └─ list  current  collect
        │     ├─ photos/*.jpg (9 files)
        │     └─ photos.csv
        └─ two  current  generate-clip
           └─ list  current  collect  …above

        """)
  }

  /// Twenty diamonds in a row have a million paths.
  @Test func aLadderOfDiamondsStaysShort() {
    var plan = Plan()
    for rung in 0..<20 {
      let below = rung == 0 ? "source" : "\(rung - 1)"
      plan.entries += [
        entry("\(rung)l", from: [below], .current), entry("\(rung)r", from: [below], .current),
        entry("\(rung)", from: ["\(rung)l", "\(rung)r"], .current),
      ]
    }
    #expect(GraphText(plan).text(.tree).split(separator: "\n").count < 110)
  }

  @Test func aNodeStandsRightOfWhatItIsMadeFrom() {
    let edges = [(0, 1), (1, 2), (0, 3), (2, 3), (4, 3)].map { (from: $0.0, to: $0.1) }
    let layout = GraphLayout(count: 5, edges: edges)
    #expect(Array(layout.ranks.prefix(5)) == [0, 1, 2, 3, 0])
    // The long edges bend in each column that they cross.
    #expect(layout.routes.map(\.count) == [2, 2, 4, 2, 4])
    #expect(layout.columns.flatMap { $0 }.sorted() == Array(layout.ranks.indices))
  }

  @Test func aPictureHoldsEveryNodeAndNoForeignText() {
    var plan = stalePlan()
    plan.entries[1].outputs = ["a <b> & \"c\".mp4"]
    let svg = GraphText(plan).text(.svg)
    #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""))
    #expect(svg.contains(">a &lt;b&gt; &amp; &quot;c&quot;.mp4</text>"))
    #expect(svg.contains("▲ stale · generate-clip"))
    #expect(!svg.contains("<script") && svg.split(separator: "http").count == 2)
  }
}
