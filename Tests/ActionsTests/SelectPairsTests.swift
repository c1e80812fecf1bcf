import CampaignCore
import CampaignEngine
import CampaignSyntax
import Testing

@testable import CampaignActions

@Suite struct SelectPairsTests {
  let bench: MediaBench

  init() throws { bench = try MediaBench() }

  /// A photo of a color with some texture, and its entry in a manifest.
  private func photo(_ id: String, _ color: String, tags: String = "", orientation: Int = 1) throws -> JSON {
    try bench.photo("\(id).png", "color=\(color):s=96x64,drawgrid=w=16:h=16:t=2:c=white")
    return .members([
      "id": .string(id), "path": .string("\(id).png"), "orientation": .int(orientation),
      "tags": .array(tags.split(separator: " ").map { .string(String($0)) }), "description": .string(""),
    ])
  }

  private func select(_ manifest: [JSON], _ values: [String: String] = [:]) throws -> (
    pairs: [JSON], notes: [String]
  ) {
    try Files.write(JSON.array(manifest).pretty, to: bench.path("manifest.json"))
    try Files.write("A brief.", to: bench.path("brief.md"))
    let inputs = [(name: "brief.md", role: 1), (name: "manifest.json", role: 0)]
    let report = try bench.perform(SelectPairs(), inputs, to: "pairs.json", values)
    #expect(SelectPairs().damage(of: bench.path("pairs.json")) == nil)
    return (try JSON.parse(Files.read(bench.path("pairs.json"))).array ?? [], report.notes)
  }

  private func ends(_ pair: JSON) -> [String] {
    [pair["first"], pair["last"]].compactMap { $0?.string }.sorted()
  }

  private func scenes(_ scenes: KeyValuePairs<String, String>) -> [String: String] {
    let list = scenes.map { JSON.members(["name": .string($0.key), "tags": .string($0.value)]) }
    return ["scenes": JSON.array(list).compact]
  }

  @Test func `gives each scene the photos that have its tags`() throws {
    let manifest = [
      try photo("bed-1", "blue", tags: "interior bed"), try photo("pool-1", "green", tags: "exterior pool"),
      try photo("bed-2", "navy", tags: "interior bed"), try photo("pool-2", "lime", tags: "exterior pool"),
    ]
    let (pairs, notes) = try select(manifest, scenes(["swim": "pool", "sleep": "bed"]))
    #expect(pairs.map { $0["id"]?.string } == ["swim", "sleep"])
    #expect(pairs.map(ends) == [["pool-1.png", "pool-2.png"], ["bed-1.png", "bed-2.png"]])
    #expect(pairs.map { $0["order"]?.int } == [1, 2])
    #expect(pairs[0]["reason"]?.string?.hasPrefix("both show pool; ") == true)
    #expect(notes == [])
  }

  @Test func `finds the rooms of the sample`() throws {
    let sample = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/workspace"
    let names = Files.names(in: sample + "/photos").sorted()
    for name in names { _ = try Files.copy("\(sample)/photos/\(name)", to: bench.path(name)) }
    _ = try Files.copy(sample + "/photos.csv", to: bench.path("photos.csv"))
    try bench.perform(Collect(), (names + ["photos.csv"]).map { ($0, 0) }, to: "collected.json")
    let manifest = try JSON.parse(Files.read(bench.path("collected.json"))).array ?? []
    let wishes = scenes([
      "hook": "exterior pool water day", "tub": "bathroom tub spa candles",
      "vanity": "bathroom vanity mirror interior", "outro": "exterior dusk evening glow establishing",
    ])
    let rooms = ["exterior-pool", "bathtub", "bathroom-vanity", "exterior-dusk"]
    #expect(try select(manifest, wishes).pairs.map(ends) == rooms.map { ["\($0)-a.jpg", "\($0)-b.jpg"] })
  }

  @Test func `fills in what a scene does not say`() throws {
    let manifest = [
      try photo("a", "red"), try photo("b", "maroon"), try photo("c", "blue"), try photo("d", "navy"),
    ]
    let said: JSON = .members([
      "name": .string("said"), "camera": .string("rise"), "duration": .string("2500ms"),
      "fit": .string("blur"),
      "focus": .string("20% 30%"), "prompt": .string("Up."),
    ])
    let values = ["scenes": JSON.array([.members(["name": .string("silent")]), said]).compact, "clip": "3s"]
    let pairs = try select(manifest, values).pairs
    func texts(_ pair: JSON) -> [String?] {
      ["prompt", "camera", "duration", "fit", "focus"].map { pair[$0]?.string }
    }
    #expect(texts(pairs[0]) == ["", "push-in", "3s", "crop", "50% 50%"])
    #expect(texts(pairs[1]) == ["Up.", "rise", "2.5s", "blur", "20% 30%"])
  }

  @Test func `leaves out scenes that photos do not suffice for`() throws {
    let manifest = [
      try photo("a", "red", tags: "x"), try photo("b", "red", tags: "y"), try photo("c", "red", tags: "y"),
    ]
    let (pairs, notes) = try select(manifest, scenes(["one": "x", "two": "y"]))
    #expect(pairs.map { $0["id"]?.string } == ["two"])
    #expect(notes == ["1 of 2 scenes served: 3 photos do not suffice for `one`"])
  }

  @Test func `makes a tour of unused photos where there are no scenes`() throws {
    let colors = ["red", "blue", "maroon", "navy", "white"]
    let manifest = try colors.map { try photo($0, $0) }
    let (pairs, notes) = try select(manifest, ["scenes": "[]", "count": "3"])
    #expect(pairs.count == 2 && Set(pairs.flatMap(ends)).count == 4)
    #expect(pairs.map { $0["camera"]?.string } == ["push-in", "truck-right"])
    #expect(pairs.map { $0["scene"]?.string } == ["", ""])
    for pair in pairs {
      let names = [pair["first"], pair["last"]].compactMap { $0?.string?.dropLast(4) }
      #expect(pair["id"]?.string == names.joined(separator: "--"))
    }
    #expect(notes == ["2 of 3 pairs made: there are 5 photos"])
  }

  @Test func `always comes to the same pairs`() throws {
    let manifest = try (1...6).map { try photo("p\($0)", "gray", tags: "a b c d e") }
    let values = scenes(["one": "a b", "two": "c d"])
    let first = try select(manifest, values).pairs
    #expect(try select(manifest.reversed(), values).pairs == first)
  }

  @Test func `sees photos upright`() throws {
    let entry = try photo("a", "red", orientation: 6)
    try bench.photo("a.png", "color=black:s=96x96,drawbox=0:0:96:48:white:fill")
    _ = try select([entry, try photo("b", "red")], ["count": "1"])
    let manifest = Job.Input(path: "manifest.json", role: 0, hash: ContentHash(high: 0, low: 0))
    let job = Job(
      action: Action(name: "select-pairs", version: 1, parameters: []), inputs: [manifest], outputs: [],
      staged: [], scratch: "scratch", log: "log", root: bench.root,
      pieces: PieceStore(folder: bench.path("pieces")),
      spending: try Spending(StateFolder(root: bench.root)), interrupt: Interrupt())
    let layout = try job.look(
      at: ManifestPhoto.list(ManifestPhoto.manifest(in: job.inputs.map { job.resolve($0.path) }) ?? []))[0]
      .features.layout.map { $0.lightness > 0.5 }
    #expect(layout == (0..<4).flatMap { _ in [false, false, true, true] })
  }

  @Test func `gives up a scene's best pair where that serves all scenes better`() {
    func pair(_ first: Int, _ last: Int, _ score: Double) -> Pairing.Candidate {
      Pairing.Candidate(first: first, last: last, score: score)
    }
    let candidates = [[pair(0, 1, 0.9), pair(2, 3, 0.8)], [pair(0, 1, 0.85), pair(2, 3, 0.1)]]
    #expect(Assignment(candidates: candidates, photoCount: 4).best() == [pair(2, 3, 0.8), pair(0, 1, 0.85)])
  }

  @Test(arguments: [
    (["by": "grok"], "`grok` says no model"),
    (["scenes": #"[{"name":"a","camera":"fly"}]"#], "scene `a` has no valid `camera`: `fly`"),
    (["scenes": #"[{"name":"a","duration":"long"}]"#], "scene `a` has no valid `duration`: `long`"),
    (["scenes": #"[{"name":"a"},{"name":"a"}]"#], "`scenes` names `a` twice"),
  ])
  func `refuses what it cannot do`(values: [String: String], message: String) throws {
    #expect(try bench.failure(SelectPairs(), [], values)?.message == message)
  }

  @Test func `tells a list of pairs from other files`() throws {
    let path = bench.path("pairs.json")
    try Files.write("[{\"id\": \"a\"}]", to: path)
    #expect(SelectPairs().damage(of: path) == "entry 1 has no `first`")
    try Files.write("{}", to: path)
    #expect(SelectPairs().damage(of: path) == "it is no JSON list")
    try Files.write("[", to: path)
    #expect(SelectPairs().damage(of: path)?.hasPrefix("it is not JSON: line 1, column ") == true)
  }

  @Test func `does not care how many pairs a tour would have where scenes say it`() {
    let parameters = [Parameter("count", "7"), Parameter("scenes", "[{\"name\":\"a\"}]")]
    #expect(SelectPairs().keyParameters(parameters).map(\.name) == ["scenes"])
    #expect(SelectPairs().keyParameters([Parameter("count", "7")]).map(\.name) == ["count"])
  }
}
