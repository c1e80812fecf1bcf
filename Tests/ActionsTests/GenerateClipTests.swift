import CampaignCore
import CampaignEngine
import Testing

@testable import CampaignActions

@Suite struct GenerateClipTests {
  let bench: MediaBench
  let photos = [(name: "first.jpg", role: 0), (name: "last.jpg", role: 1)]

  init() throws { bench = try MediaBench() }

  /// Makes `clip.mp4` of one second and ten frames, 320x180, unless `values` say otherwise.
  private func clip(_ values: [String: String] = [:]) throws {
    let small = ["size": "320x180", "fps": "10", "duration": "1s"]
    try bench.perform(GenerateClip(), photos, to: "clip.mp4", small.merging(values) { $1 })
  }

  private func gray(_ name: String, _ level: Int, size: String = "640x360") throws {
    try bench.photo(name, "color=0x\(String(repeating: String(level, radix: 16), count: 3)):s=\(size)")
  }

  @Test(arguments: CameraMove.allCases)
  func `begins with the first photo and ends with the last`(move: CameraMove) throws {
    try bench.photo("first.jpg", "testsrc2=s=640x360")
    try bench.photo("last.jpg", "testsrc=s=640x360")
    try clip(["camera": move.rawValue])
    let framed = "scale=320:180:flags=lanczos:out_range=tv:out_color_matrix=bt709"
    let first = try bench.likenesses("clip.mp4", to: "first.jpg", framed)
    let last = try bench.likenesses("clip.mp4", to: "last.jpg", framed)
    #expect(first.count == 10 && last.count == 10)
    #expect(first[0] > 0.97 && first[3] < 0.97 && first[9] < 0.6)
    #expect(last[9] > 0.97 && last[6] < 0.97 && last[0] < 0.6)
  }

  @Test(arguments: [
    ("1s", 10, 10), ("1250ms", 10, 13), ("1.04s", 25, 26), ("333ms", 30, 10), ("200ms", 10, 2),
  ])
  func `has exactly the frames of its duration`(duration: String, fps: Int, frames: Int) throws {
    try gray("first.jpg", 0x40)
    try gray("last.jpg", 0xc0)
    try clip(["duration": duration, "fps": "\(fps)"])
    let info = try bench.probe("clip.mp4")
    let video = try #require(info.video)
    #expect(try bench.frames("clip.mp4").count == frames)
    #expect(video.frames == frames && video.rate.value == Double(fps))
    #expect(video.seconds.map { abs($0 - Double(frames) / Double(fps)) < 0.000_01 } == true)
    #expect(video.codec == "h264" && video.pixelFormat == "yuv420p" && info.audio == nil)
    #expect(video.raw["profile"] == .string("High"))
    for tag in ["color_space", "color_transfer", "color_primaries"] {
      #expect(video.raw[tag] == .string("bt709"))
    }
    #expect(video.raw["color_range"] == .string("tv"))
  }

  @Test func `dissolves smoothly and never goes back`() throws {
    try gray("first.jpg", 0x20)
    try gray("last.jpg", 0xe0)
    try clip(["duration": "2s"])
    let levels = try bench.levels("clip.mp4")
    #expect(levels.count == 20)
    let steps = zip(levels, levels.dropFirst()).map { $1 - $0 }
    #expect(steps.allSatisfy { $0 > -0.5 && $0 < 40 })
    #expect(steps[..<5].allSatisfy { abs($0) < 1 } && steps[14...].allSatisfy { abs($0) < 1 })
  }

  @Test(arguments: [
    ("gray", 125.5, 128.0, 128.0), ("red", 63, 102, 240), ("lime", 173, 42, 26), ("blue", 32, 240, 118),
  ])
  func `keeps colours`(colour: String, y: Double, u: Double, v: Double) throws {
    for name in ["first.jpg", "last.jpg"] { try bench.photo(name, "color=\(colour):s=640x360,format=rgb24") }
    try clip(["duration": "300ms"])
    for (statistic, value) in [("YAVG", y), ("UAVG", u), ("VAVG", v)] {
      #expect(try bench.levels("clip.mp4", statistic).allSatisfy { abs($0 - value) <= 2 }, "\(statistic)")
    }
  }

  @Test(arguments: CameraMove.allCases, ["crop", "blur"])
  func `photos of any shape leave no black edge`(move: CameraMove, fit: String) throws {
    try gray("first.jpg", 0xc0, size: "301x507")
    try gray("last.jpg", 0xc0, size: "997x203")
    try clip(["camera": move.rawValue, "fit": fit])
    #expect(try bench.levels("clip.mp4", "YMIN").allSatisfy { $0 > 170 })
  }

  @Test func `pads with black where bars are asked for`() throws {
    try gray("first.jpg", 0xc0, size: "400x400")
    try gray("last.jpg", 0xc0, size: "400x400")
    try clip(["fit": "pad"])
    #expect(try bench.levels("clip.mp4", of: "crop=60:180:0:0")[0] < 18)
    #expect(try bench.levels("clip.mp4", of: "crop=160:180:80:0")[9] > 170)
  }

  @Test(arguments: [("0% 50%", 46.0), ("100% 50%", 190)])
  func `a crop keeps its focus in view`(focus: String, luma: Double) throws {
    let halves = "color=0x232323:s=400x200[l];color=0xcacaca:s=400x200[r];[l][r]hstack"
    for name in ["first.jpg", "last.jpg"] { try bench.photo(name, halves) }
    try clip(["focus": focus])
    let levels = try bench.levels("clip.mp4")
    #expect(abs(levels[0] - luma) < 4 && abs(levels[9] - luma) < 4)
  }

  @Test(arguments: [
    (1, "null"), (2, "hflip"), (3, "rotate=PI"), (4, "vflip"), (6, "transpose=1"), (8, "transpose=2"),
  ])
  func `brings photos upright`(orientation: Int, turned: String) throws {
    try bench.photo("first.jpg", "testsrc=s=360x300")
    try bench.ffmpeg(["-i", "first.jpg", "-vf", turned, "upright.png"])
    let tag: [UInt8] = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0]
    let tiff: [UInt8] = Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1] + tag + [0, 0, 0, 0]
    let exif: [UInt8] = [0xff, 0xe1, 0, UInt8(tiff.count + 8)] + Array("Exif".utf8) + [0, 0] + tiff
    let photo = try Files.read(bench.path("first.jpg"))
    for name in ["first.jpg", "last.jpg"] {
      try Files.write(Array(photo.prefix(2)) + exif + Array(photo.dropFirst(2)), to: bench.path(name))
    }
    try clip(["fit": "pad", "duration": "200ms"])
    let framed =
      "scale=320:180:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=lanczos"
      + ":out_range=tv:out_color_matrix=bt709,format=yuv420p,pad=320:180:-1:-1"
    #expect(try bench.likenesses("clip.mp4", to: "upright.png", framed)[0] > 0.96)
  }

  @Test func `takes photos by their content, whatever their names`() throws {
    let names = ["Küche 'a'.jpg", "[b]: %03d {x}*? $y \"z\".jpg"]
    try bench.photo("a.png", "testsrc2=s=640x360")
    try Files.copy(bench.path("a.png"), to: bench.path(names[0]))
    try bench.photo("b.jpg", "testsrc2=s=640x360")
    try Files.copy(bench.path("b.jpg"), to: bench.path(names[1]))
    try bench.perform(
      GenerateClip(), [(names[0], 0), (names[1], 1)], to: "a: 'b'.mp4",
      ["size": "320x180", "fps": "10", "duration": "300ms"])
    #expect(try bench.frames("a: 'b'.mp4").count == 3)
  }

  @Test func `the same photos give the same bytes`() throws {
    try bench.photo("first.jpg", "testsrc2=s=640x360")
    try bench.photo("last.jpg", "testsrc=s=640x360")
    try clip()
    let hash = try Files.hash(bench.path("clip.mp4"))
    try clip()
    #expect(try Files.hash(bench.path("clip.mp4")) == hash)
  }

  @Test func `says what it cannot do`() throws {
    func message(_ values: [String: String]) throws -> String? {
      try bench.failure(GenerateClip(), photos, values.merging(["duration": "1s"]) { first, _ in first })?
        .message
    }
    #expect(
      try message(["by": "replicate google/veo-9"])
        == "there is no model `google/veo-9` in the table")
    #expect(try message(["size": "321x180"]) == "`size` 321x180 cannot be encoded")
    #expect(try message(["focus": "left"]) == "`focus` takes two percentages, not `left`")
    #expect(try message(["duration": "40ms"]) == "a clip of 40ms has less than two frames at 30 fps")
    #expect(try message([:]) == "`first.jpg` is missing")
    try Files.write("no photo", to: bench.path("first.jpg"))
    #expect(try message([:]) == "`first.jpg` is not a readable picture")
  }

  @Test func `a prompt is no part of the key of a local clip`() {
    let parameters = [Parameter("by", "local"), Parameter("camera", "rise"), Parameter("prompt", "slow")]
    #expect(GenerateClip().keyParameters(parameters).map(\.name) == ["by", "camera"])
  }
}
