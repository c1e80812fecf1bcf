import CampaignCore
import CampaignEngine
import Testing

@testable import CampaignActions

@Suite struct MixAudioTests {
  let bench: MediaBench
  let inputs = [(name: "film.mp4", role: 0), (name: "music.m4a", role: 1)]

  init() throws { bench = try MediaBench() }

  private func film(seconds: Double, fps: Int = 10) throws {
    try bench.make(
      "film.mp4", "testsrc2=s=320x180:r=\(fps):d=\(seconds)", ["-c:v", "libx264", "-pix_fmt", "yuv420p"])
  }

  /// Pink noise with a beat, so that it has dynamics.
  private func music(seconds: Double, gain: Double = 1, name: String = "music.m4a") throws {
    try bench.make(
      name,
      "anoisesrc=c=pink:r=44100:a=\(0.3 * gain):seed=7:d=\(seconds),volume='0.3+0.7*lt(mod(t,0.5),0.1)':eval=frame"
    )
  }

  /// Loudness and true peak as `ebur128` says them.
  private func loudness(_ name: String) throws -> (lufs: Double, peak: Double) {
    Files.remove(bench.path("loudness.log"))
    var command = Command([
      "ffmpeg", "-nostats", "-i", name, "-map", "0:a", "-af", "ebur128=peak=true:framelog=verbose", "-f",
      "null", "-",
    ])
    command.folder = bench.root
    _ = try command.run(log: bench.path("loudness.log"), interrupt: Interrupt())
    let words = try Files.text(bench.path("loudness.log")).split { $0 == " " || $0 == "\n" }
    func number(after word: String) throws -> Double {
      let index = try #require(words.lastIndex { $0 == word })
      return try #require(Double(words[index + 1]))
    }
    return (try number(after: "I:"), try number(after: "Peak:"))
  }

  /// One line a packet: time and MD5.
  private func packets(_ name: String) throws -> [Substring] {
    try bench.ffmpeg(["-i", name, "-map", "0:v", "-c", "copy", "-f", "framemd5", "-"])
      .split(separator: "\n").filter { !$0.hasPrefix("#") }
  }

  @Test(arguments: [
    (film: 6.3, music: 20.0), (film: 7.1, music: 2.2), (film: 2.5, music: 2.5), (film: 3.0, music: 2.99),
  ])
  func `music has the length of the film and the loudness asked for`(film length: Double, music: Double)
    throws
  {
    try film(seconds: length)
    try self.music(seconds: music)
    try bench.perform(MixAudio(), inputs, to: "final.mp4")
    let final = try bench.probe("final.mp4")
    let audio = try #require(final.audio)
    #expect(try packets("final.mp4") == packets("film.mp4"))
    #expect(abs(audio.duration - length) < 0.1)
    #expect(audio.codec == "aac" && audio.sampleRate == 48_000 && audio.channels == 2)
    let loudness = try loudness("final.mp4")
    #expect(abs(loudness.lufs + 14) <= 0.5)
    #expect(loudness.peak <= -0.5)
  }

  @Test(arguments: [0.02, 3.2], ["-23 LUFS", "-11.5 LUFS"])
  func `soft and hot music is brought to any loudness`(gain: Double, target: String) throws {
    try film(seconds: 3)
    try music(seconds: 5, gain: gain)
    let report = try bench.perform(MixAudio(), inputs, to: "final.mp4", ["loudness": target])
    let asked = try #require(Loudness(target)?.lufs)
    let loudness = try loudness("final.mp4")
    #expect(abs(loudness.lufs - asked) <= 0.5)
    #expect(loudness.peak <= -0.5)
    #expect(report.notes.first?.hasPrefix("\(JSON.fixed(loudness.lufs, places: 1)) LUFS, peak ") == true)
  }

  @Test func `a short piece of music is looped and faded`() throws {
    try film(seconds: 6)
    try music(seconds: 1.3)
    let report = try bench.perform(MixAudio(), inputs, to: "final.mp4")
    #expect(report.notes.first?.hasSuffix("6.0 s, music looped") == true)
    func volume(_ from: Double, _ to: Double) throws -> Double {
      let text = try bench.ffmpeg([
        "-i", "final.mp4", "-af",
        "atrim=\(from):\(to),astats=measure_overall=RMS_level:measure_perchannel=none:metadata=1:reset=0,"
          + "ametadata=print:key=lavfi.astats.Overall.RMS_level:file=-", "-f", "null", "-",
      ])
      return try #require(text.split(separator: "=").last.flatMap { Double($0.filter { $0 != "\n" }) })
    }
    let middle = try volume(2, 4)
    #expect(try volume(0, 0.05) < middle - 10)
    #expect(try volume(5.9, 6) < middle - 10)
    #expect(try volume(1.2, 1.7) > middle - 6)
  }

  @Test func `the same inputs give the same bytes`() throws {
    try film(seconds: 2)
    try music(seconds: 3)
    try bench.perform(MixAudio(), inputs, to: "a.mp4")
    try bench.perform(MixAudio(), inputs, to: "b.mp4")
    #expect(try Files.hash(bench.path("a.mp4")) == Files.hash(bench.path("b.mp4")))
  }

  @Test func `music that cannot be heard is refused`() throws {
    try film(seconds: 2)
    try bench.make("music.m4a", "anullsrc=d=3")
    #expect(
      try bench.failure(MixAudio(), inputs)
        == StepFailure(
          "`music.m4a` is silent, or the film is too short to tell", help: "use music that can be heard"))
    #expect(
      try bench.failure(MixAudio(), [(name: "film.mp4", role: 0), (name: "film.mp4", role: 1)])?.message
        == "`film.mp4` has no sound")
    #expect(
      try bench.failure(MixAudio(), [(name: "music.m4a", role: 0), (name: "music.m4a", role: 1)])?.message
        == "`music.m4a` has no moving picture")
  }
}
