import CampaignCore
import CampaignEngine
import Testing

@testable import CampaignActions

@Suite struct CollectTests {
  let bench: MediaBench

  init() throws { bench = try MediaBench() }

  private func collect(_ names: [String], _ values: [String: String] = [:]) throws -> (
    manifest: JSON, notes: [String]
  ) {
    let report = try bench.perform(Collect(), names.map { ($0, 0) }, to: "manifest.json", values)
    return (try JSON.parse(Files.read(bench.path("manifest.json"))), report.notes)
  }

  private func failure(_ names: [String], _ values: [String: String] = [:]) throws -> StepFailure {
    try #require(try bench.failure(Collect(), names.map { ($0, 0) }, values))
  }

  private func photos(_ names: String..., size: String = "64x48") throws {
    for name in names { try bench.photo(name, "testsrc=s=\(size)") }
  }

  private func write(_ text: String, to name: String) throws {
    try Files.write(text, to: bench.path(name))
  }

  /// A JPEG that asks to be turned: its EXIF data hold nothing but the orientation.
  private func turned(_ name: String, orientation: UInt8) throws {
    let bytes = try Files.read(bench.path(name))
    let exif: [UInt8] =
      [0xFF, 0xE1, 0, 34] + Array("Exif\0\0MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3]
      + [0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
    try Files.write(Array(bytes.prefix(2) + exif + bytes.dropFirst(2)), to: bench.path(name))
  }

  @Test func `lists photos with their size, content, description and tags`() throws {
    try photos("a.jpg", "b.png", "c.webp", "d.tiff")
    try write("tags,file,description\r\nsea; sun,a.jpg,\"A \"\"wide\"\" sea, by day\"\r\n", to: "photos.csv")
    let (manifest, notes) = try collect(["a.jpg", "b.png", "c.webp", "d.tiff", "photos.csv"])
    let hash = try Files.hash(bench.path("a.jpg")).hex
    #expect(
      manifest.array?.first
        == .members([
          "id": .string("a"), "path": .string("a.jpg"), "hash": .string(hash), "width": .int(64),
          "height": .int(48),
          "orientation": .int(1), "tags": .array([.string("sea"), .string("sun")]),
          "description": .string("A \"wide\" sea, by day"),
        ]))
    #expect(manifest.array?.compactMap { $0["id"]?.string } == ["a", "b", "c", "d"])
    #expect(notes == [])
    #expect(Collect().damage(of: bench.path("manifest.json")) == nil)
  }

  @Test(arguments: [(1, 64, 48), (3, 64, 48), (6, 48, 64), (8, 48, 64)])
  func `measures a photo as it is displayed`(orientation: Int, width: Int, height: Int) throws {
    try photos("a.jpg", "b.jpg")
    try turned("a.jpg", orientation: UInt8(orientation))
    let photo = try #require(try collect(["a.jpg", "b.jpg"]).manifest.array?.first)
    #expect(photo["orientation"]?.int == orientation)
    #expect(photo["width"]?.int == width && photo["height"]?.int == height)
  }

  @Test func `names all broken photos at once, or leaves them out`() throws {
    try photos("a.jpg", "b.jpg", "short.jpg", "tail.jpg", "c.png", "short.png")
    try bench.make("film.mp4", "testsrc=s=64x48:r=10:d=1")
    for (name, kept) in [("short.jpg", 0.6), ("tail.jpg", 0.98), ("short.png", 0.6)] {
      let bytes = try Files.read(bench.path(name))
      try Files.write(Array(bytes.prefix(Int(Double(bytes.count) * kept))), to: bench.path(name))
    }
    try write("", to: "empty.jpg")
    try write("not a picture at all", to: "text.jpg")
    let names = [
      "a.jpg", "b.jpg", "c.png", "empty.jpg", "film.mp4", "gone.jpg", "short.jpg", "short.png", "tail.jpg",
      "text.jpg",
    ]
    let problems = [
      "`empty.jpg` is empty", "`film.mp4` is a film, not a photo", "`gone.jpg` cannot be read",
      "`short.jpg` is cut short or damaged", "`short.png` is cut short or damaged",
      "`tail.jpg` is cut short or damaged", "`text.jpg` is no picture that ffmpeg can read",
    ]
    let failure = try failure(names)
    #expect(failure.message == "7 photos cannot be used: " + problems.joined(separator: "; "))
    #expect(failure.help?.contains("skip-broken = yes") == true)
    let (manifest, notes) = try collect(names, ["skip-broken": "yes"])
    #expect(manifest.array?.compactMap { $0["id"]?.string } == ["a", "b", "c"])
    #expect(notes == problems.map { "left out: \($0)" })
  }

  @Test func `needs two photos`() throws {
    try photos("a.jpg")
    #expect(try failure(["a.jpg"]).message == "a film needs two photos at least, and there is one")
  }

  @Test func `says which lines of a table have no photo`() throws {
    try photos("a.jpg", "b.jpg")
    try write("file\n\nc.jpg\n", to: "photos.csv")
    let notes = try collect(["a.jpg", "b.jpg", "photos.csv"]).notes
    #expect(notes == ["`photos.csv` line 3: there is no photo `c.jpg`"])
  }

  @Test(arguments: [
    ("", "line 1: there is no header line"),
    ("tags\nx\n", "line 1: the header has no column `file`, which names the photo"),
    ("file,mood\n", "line 1: no column is called `mood`: there are `file`, `description` and `tags`"),
    ("file,tags\na.jpg,x\n\"b\n.jpg,y\n", "line 3: a quote is not closed"),
    ("file,tags\n\"a\"b,x\n", "line 2: text after the closing quote of a field"),
    (
      "file,tags\n\na.jpg,x,y\n",
      "line 3: 3 fields where the header has 2; a field with commas goes in quotes"
    ),
    ("file\na.jpg\na.jpg\n", "line 3: `a.jpg` has a line already"),
  ])
  func `names the line of a mistake in a table`(table: String, mistake: String) throws {
    try photos("a.jpg", "b.jpg")
    try write(table, to: "photos.csv")
    #expect(try failure(["a.jpg", "b.jpg", "photos.csv"]).message == "`photos.csv` \(mistake)")
  }

  @Test func `gives every photo an id of its own`() {
    #expect(
      Collect.ids(["x/a.jpg", "y/a.jpg", "a-2.jpg", ".a", "a.png"]) == ["a", "a-3", "a-2", ".a", "a-4"])
  }
}
