import CampaignCore
import Testing

@testable import CampaignActions

@Suite struct MediaInfoTests {
  let bench: MediaBench

  init() throws { bench = try MediaBench() }

  private func damage(_ name: String, needsVideo: Bool = true, needsAudio: Bool = false) -> String? {
    MediaInfo.damage(of: bench.path(name), needsVideo: needsVideo, needsAudio: needsAudio)
  }

  @Test func `tells a sound file from a damaged one`() throws {
    try bench.make("film.mp4", "testsrc2=s=320x180:r=10:d=2", VideoEncoding.container)
    try bench.make("music.m4a", "sine=d=1")
    let film = try Files.read(bench.path("film.mp4"))
    try Files.write(Array(film.dropLast(1)), to: bench.path("byte.mp4"))
    try Files.write(Array(film.prefix(film.count / 2)), to: bench.path("half.mp4"))
    try Files.write(Array(film.prefix(100)), to: bench.path("head.mp4"))
    try Files.write("", to: bench.path("empty.mp4"))

    #expect(damage("film.mp4") == nil)
    #expect(damage("music.m4a", needsVideo: false, needsAudio: true) == nil)
    #expect(damage("film.mp4", needsAudio: true) == "it has no sound")
    #expect(damage("music.m4a") == "it has no picture")
    #expect(damage("byte.mp4") == "it is cut short")
    #expect(damage("half.mp4") == "it is cut short")
    for name in ["head.mp4", "empty.mp4", "missing.mp4"] {
      #expect(damage(name) == "it is not a readable media file")
    }
  }

  @Test func `reads sizes, rates and lengths`() throws {
    try bench.ffmpeg([
      "-f", "lavfi", "-i", "testsrc2=s=320x180:r=30000/1001:d=1", "-f", "lavfi", "-i", "sine=r=44100:d=1",
      "-c:v", "libx264", "-pix_fmt", "yuv420p", "film.mp4",
    ])
    let info = try bench.probe("film.mp4")
    #expect(info.video?.size == FrameSize(width: 320, height: 180))
    #expect(info.video.map { [$0.rate.numerator, $0.rate.denominator] } == [30_000, 1001])
    #expect(info.video?.frames == 30)
    #expect(info.audio?.sampleRate == 44_100)
    #expect(info.audio?.channels == 1)
  }
}
