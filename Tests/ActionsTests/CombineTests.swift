import CampaignCore
import CampaignEngine
import Testing

@testable import CampaignActions

@Suite struct CombineTests {
  let bench: MediaBench
  let small = ["size": "320x180", "fps": "10"]
  let crossfade = ["size": "320x180", "fps": "10", "transition": "crossfade 500ms"]

  init() throws { bench = try MediaBench() }

  /// A clip as `generate-clip` makes it, of one colour, so that its frames are known again.
  private func clip(_ name: String, frames: Int, luma: Int, fps: Int = 10) throws {
    let size = FrameSize(width: 320, height: 180)
    let encoding = VideoEncoding(size: size, fps: fps, quality: 18)
    try bench.ffmpeg(
      [
        "-f", "lavfi", "-i",
        "color=gray:s=\(size):r=\(fps),format=yuv420p,geq=lum=\(luma)+mod(X+N\\,8):cb=128:cr=128",
      ]
        + encoding.arguments(frames: frames, output: name))
  }

  private func inputs(_ names: String...) -> [(name: String, role: Int)] { names.map { ($0, 0) } }

  private var pieces: [String] { Files.names(in: bench.path("pieces")).filter { $0.hasSuffix(".mp4") } }

  @Test func `cuts between clips alike without an encode`() throws {
    try clip("a'b.mp4", frames: 7, luma: 60)
    try clip("ä ö.mp4", frames: 13, luma: 120)
    try clip("$x \"y\" #%03d.mp4", frames: 1, luma: 180)
    let names = ["a'b.mp4", "ä ö.mp4", "$x \"y\" #%03d.mp4"]
    let report = try bench.perform(Combine(), names.map { ($0, 0) }, to: "film.mp4", small)
    #expect(try bench.frames("film.mp4") == names.flatMap { try bench.frames($0) })
    #expect(pieces == [])
    #expect(report.notes == ["3 clips, 2.1 s"])
  }

  @Test func `clips are rendered when one of them cannot stand in the film as it is`() throws {
    try clip("left.mp4", frames: 7, luma: 60)
    try clip("right.mp4", frames: 13, luma: 120)
    for (whole, name, times) in [
      ("left.mp4", "a.mp4", "TS"), ("right.mp4", "b.mp4", "if(eq(N\\,5)\\,TS+0.06/TB\\,TS)"),
    ] {
      try bench.ffmpeg(["-i", whole, "-c", "copy", "-bsf:v", "setts=ts=\(times)", name])
    }
    let report = try bench.perform(Combine(), inputs("a.mp4", "b.mp4"), to: "film.mp4", small)
    #expect(report.notes == ["2 clips, 2.0 s, 2 of 2 pieces rendered"])
    #expect(try bench.probe("film.mp4").video?.frames == 20)
    let levels = try bench.levels("film.mp4")
    #expect(abs(levels[6] - 63.5) < 2 && abs(levels[7] - 123.5) < 2)
  }

  @Test func `crossfades are exact to the frame`() throws {
    try clip("a.mp4", frames: 13, luma: 60)
    try clip("b.mp4", frames: 11, luma: 120)
    try clip("c.mp4", frames: 17, luma: 180)
    let report = try bench.perform(Combine(), inputs("a.mp4", "b.mp4", "c.mp4"), to: "film.mp4", crossfade)
    let film = try #require(try bench.probe("film.mp4").video)
    #expect(film.frames == 13 + 11 + 17 - 2 * 5)
    #expect(film.raw["duration"] == .string("3.100000"))
    #expect(report.notes == ["3 clips, 3.1 s, 2 of 2 pieces rendered"])
    let levels = try bench.levels("film.mp4")
    #expect(abs(levels[7] - 63.5) < 2 && abs(levels[13] - 123.5) < 2 && abs(levels[30] - 183.5) < 2)
    #expect(levels[10] > 75 && levels[10] < 115)
  }

  @Test(arguments: ["crossfade 500ms", "crossfade 300ms", "crossfade 100ms", "crossfade 800ms"])
  func `bodies are the frames of the clips, decoded without a warning`(transition: String) throws {
    for (name, luma) in [("a.mp4", 60), ("b.mp4", 120), ("c.mp4", 180)] {
      try clip(name, frames: 25, luma: luma)
    }
    let values = small.merging(["transition": transition]) { $1 }
    try bench.perform(Combine(), inputs("a.mp4", "b.mp4", "c.mp4"), to: "film.mp4", values)
    let overlap = try #require(Transition(transition)).overlap(fps: 10)
    // A copy begins where a key frame is: at half a second or at a second.
    let start = overlap <= 5 ? 5 : 10
    let clips = try ["a.mp4", "b.mp4", "c.mp4"].map { try bench.frames($0) }
    let film = try bench.frames("film.mp4")
    #expect(film.count == 3 * 25 - 2 * overlap)
    #expect(film.prefix(25 - overlap) == clips[0].prefix(25 - overlap))
    #expect(film[(25 - overlap + start)..<(50 - 2 * overlap)] == clips[1][start..<(25 - overlap)])
    #expect(film.suffix(25 - start) == clips[2].suffix(25 - start))
  }

  @Test func `frames between a crossfade and a key frame are those of the clip`() throws {
    for (name, luma) in [("a.mp4", 60), ("b.mp4", 120)] { try clip(name, frames: 12, luma: luma) }
    let values = small.merging(["transition": "crossfade 300ms"]) { $1 }
    try bench.perform(Combine(), inputs("a.mp4", "b.mp4"), to: "film.mp4", values)
    let text = try bench.ffmpeg([
      "-i", "film.mp4", "-i", "b.mp4", "-filter_complex",
      "[0]trim=start_frame=12,setpts=N,settb=1/10[film];[1]trim=start_frame=3,setpts=N,settb=1/10[clip];"
        + "[film][clip]ssim=stats_file=-", "-f", "null", "-",
    ])
    let likenesses = text.split(whereSeparator: { $0 == " " || $0 == "\n" }).filter { $0.hasPrefix("All:") }
      .compactMap { Double($0.dropFirst(4)) }
    #expect(likenesses.count == 9 && likenesses.allSatisfy { $0 > 0.98 }, "\(likenesses)")
  }

  @Test func `one changed clip renders two transitions`() throws {
    for (name, luma) in [("a.mp4", 60), ("b.mp4", 100), ("c.mp4", 140), ("d.mp4", 180)] {
      try clip(name, frames: 12, luma: luma)
    }
    let clips = inputs("a.mp4", "b.mp4", "c.mp4", "d.mp4")
    try bench.perform(Combine(), clips, to: "film.mp4", crossfade)
    let count = pieces.count
    try clip("b.mp4", frames: 12, luma: 30)
    let report = try bench.perform(Combine(), clips, to: "film.mp4", crossfade)
    #expect(report.notes == ["4 clips, 3.3 s, 2 of 3 pieces rendered"])
    #expect(pieces.count == count + 2)
    #expect(try bench.perform(Combine(), clips, to: "film.mp4", crossfade).notes == ["4 clips, 3.3 s"])
  }

  @Test func `a clip of another encoder is rendered, and the others are copied`() throws {
    for (name, luma) in [("a.mp4", 60), ("c.mp4", 140)] { try clip(name, frames: 12, luma: luma) }
    try bench.make("b.mp4", "testsrc2=s=320x180:r=10:d=1.2", ["-c:v", "libx264", "-pix_fmt", "yuv420p"])
    let clips = inputs("a.mp4", "b.mp4", "c.mp4")
    let report = try bench.perform(Combine(), clips, to: "film.mp4", crossfade)
    #expect(report.notes == ["3 clips, 2.6 s, 3 of 3 pieces rendered"])
    let cut = try bench.perform(Combine(), clips, to: "cut.mp4", small)
    #expect(cut.notes == ["3 clips, 3.6 s, 1 of 1 pieces rendered"])
    for film in ["film.mp4", "cut.mp4"] {
      let frames = try bench.frames(film)
      #expect(try frames.starts(with: bench.frames("a.mp4").prefix(7)))
      #expect(try frames.suffix(7) == bench.frames("c.mp4").suffix(7))
    }
  }

  @Test func `a clip of another quality is not copied`() throws {
    for name in ["a.mp4", "b.mp4"] { try clip(name, frames: 12, luma: 60) }
    let values = crossfade.merging(["quality": "30"]) { $1 }
    let report = try bench.perform(Combine(), inputs("a.mp4", "b.mp4"), to: "film.mp4", values)
    #expect(report.notes == ["2 clips, 1.9 s, 3 of 3 pieces rendered"])
  }

  @Test func `mixes clips of any codec, size, rate and shape`() throws {
    try clip("a.mp4", frames: 20, luma: 60)
    try bench.make("b.mkv", "testsrc2=s=200x300:r=25:d=1.4", ["-c:v", "mpeg4"])
    try bench.make("c.mp4", "testsrc=s=640x360:r=30000/1001:d=1", ["-c:v", "libx264", "-pix_fmt", "yuv444p"])
    try bench.ffmpeg([
      "-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=1", "-f", "lavfi", "-i", "sine=d=1", "-c:v", "libx264",
      "d.mov",
    ])
    try bench.perform(Combine(), inputs("a.mp4", "b.mkv", "c.mp4", "d.mov"), to: "film.mp4", small)
    let film = try bench.probe("film.mp4")
    #expect(film.video?.frames == 20 + 14 + 10 + 10)
    #expect(film.video?.size == FrameSize(width: 320, height: 180))
    #expect(film.audio == nil)
    #expect(try bench.frames("film.mp4").count == 54)
    for side in ["crop=2:180:0:0", "crop=2:180:318:0"] {
      #expect(try bench.levels("film.mp4", of: side)[25] > 30)
    }
  }

  @Test func `clips with B-frames are joined as they are, without a lost frame`() throws {
    for (name, length) in [("a.mp4", 1.3), ("b.mp4", 0.7)] {
      let options = ["-c:v", "libx264", "-bf", "3", "-pix_fmt", "yuv420p", "-video_track_timescale", "90000"]
      try bench.make(name, "testsrc2=s=320x180:r=10:d=\(length)", options)
    }
    let names = Array(repeating: ["a.mp4", "b.mp4"], count: 6).flatMap(\.self)
    try bench.perform(Combine(), names.map { ($0, 0) }, to: "film.mp4", small)
    let (a, b) = (try bench.frames("a.mp4"), try bench.frames("b.mp4"))
    #expect(try bench.frames("film.mp4") == Array(repeating: a + b, count: 6).flatMap(\.self))
    #expect(pieces == [])
  }

  @Test func `a piece that a power cut has spoilt is rendered anew`() throws {
    for (name, luma) in [("a.mp4", 60), ("b.mp4", 120)] { try clip(name, frames: 12, luma: luma) }
    let clips = inputs("a.mp4", "b.mp4")
    try bench.perform(Combine(), clips, to: "film.mp4", crossfade)
    let film = try bench.frames("film.mp4")
    for piece in pieces {
      let whole = try Files.read(bench.path("pieces/" + piece))
      try Files.write(Array(whole.dropLast(9)), to: bench.path("pieces/" + piece))
    }
    let report = try bench.perform(Combine(), clips, to: "film.mp4", crossfade)
    #expect(report.notes == ["2 clips, 1.9 s, 1 of 1 pieces rendered"])
    #expect(try bench.frames("film.mp4") == film)
  }

  @Test(arguments: ["cut", "crossfade 100ms"])
  func `after sixty clips every frame is still in its place`(transition: String) throws {
    try clip("a.mp4", frames: 7, luma: 60, fps: 30)
    let clips = Array(repeating: (name: "a.mp4", role: 0), count: 60)
    try bench.perform(
      Combine(), clips, to: "film.mp4", ["size": "320x180", "fps": "30", "transition": transition])
    let times = try bench.ffmpeg(["-i", "film.mp4", "-c", "copy", "-f", "framemd5", "-"])
      .split(separator: "\n").filter { !$0.hasPrefix("#") }
      .compactMap {
        $0.split(whereSeparator: { $0 == "," || $0 == " " }).dropFirst(2).first.flatMap { Int($0) }
      }
    #expect(times == (0..<(60 * 7 - (transition == "cut" ? 0 : 59 * 3))).map { $0 * 512 })
  }

  @Test func `one clip alone is a film`() throws {
    try clip("a.mp4", frames: 9, luma: 60)
    try bench.perform(Combine(), inputs("a.mp4"), to: "film.mp4", crossfade)
    #expect(try bench.frames("film.mp4").count == 9)
  }

  @Test func `a clip too short for its crossfades is named with the length that it must have`() throws {
    try clip("a.mp4", frames: 12, luma: 60)
    try clip("short.mp4", frames: 8, luma: 100)
    let failure = try bench.failure(Combine(), inputs("a.mp4", "short.mp4", "a.mp4"), crossfade)
    #expect(
      failure
        == StepFailure(
          "`short.mp4` is too short for `transition = crossfade 500ms`: it has 0.80 s (8 frames)",
          help: "it must have 1.00 s (10 frames): make the clip longer or the crossfade shorter"))
  }

  @Test func `broken clips are named`() throws {
    try clip("a.mp4", frames: 12, luma: 60)
    try Files.write("no film", to: bench.path("text.mp4"))
    let whole = try Files.read(bench.path("a.mp4"))
    try Files.write(Array(whole.dropLast(200)), to: bench.path("cut.mp4"))
    try bench.make("sound.m4a", "sine=d=1")
    let problems = try ["text.mp4", "cut.mp4", "sound.m4a"].map {
      try bench.failure(Combine(), inputs("a.mp4", $0), small)?.message
    }
    #expect(
      problems == [
        "`text.mp4` is not a readable video", "`cut.mp4` is cut short", "`sound.m4a` has no moving picture",
      ])
  }

  @Test func `unknown transitions are refused`() throws {
    #expect(
      try bench.failure(Combine(), [], ["transition": "wipe 1s"])?.message
        == "`wipe 1s` is no transition: write `cut` or `crossfade 500ms`")
  }

  @Test(arguments: [1, 2, 3, 9])
  func `parts add up to the film`(clips: Int) {
    let lengths = (0..<clips).map { 10 + $0 }
    let parts = FilmPart.parts(
      lengths: lengths, overlap: 5, keyFrames: lengths.map { $0 % 2 == 0 ? [0, 6] : [] })
    #expect(parts.reduce(0) { $0 + $1.count } == lengths.reduce(0, +) - 5 * (clips - 1))
  }
}
