import CampaignCore
import CampaignEngine
import Testing

@testable import CampaignActions

@Suite struct ComposeMusicTests {
  private static let scenes = #"""
    [{"name":"hook","music":"ambient opening, soft pads, 96 BPM"},{"name":"pool","music":"nylon guitar, shaker"},
    {"name":"end","music":"orchestral finale, swell"}]
    """#

  private func pairs(_ durations: [String?], scenes: [String] = ["hook", "pool", "end"]) -> JSON {
    .array(
      durations.enumerated().map { index, duration in
        var members: [JSON.Member] = [
          .init("id", .string("p\(index)")),
          .init("scene", .string(scenes[index * scenes.count / durations.count])),
        ]
        if let duration { members.append(.init("duration", .string(duration))) }
        return .object(members)
      })
  }

  private func score(
    _ durations: [String?] = Array(repeating: "4s", count: 9), scenes: String = scenes, seed: Int = 1
  ) throws -> Score {
    let film = try FilmTimeline(pairs: pairs(durations), clip: Milliseconds(4000), overlap: Milliseconds(0))
    var composer = Composer(film: film, moods: ComposeMusic.moods(scenes), seed: seed)
    return composer.compose()
  }

  private func loudness(_ bench: MediaBench, _ name: String) throws -> (lufs: Double, peak: Double) {
    var command = Command([
      "ffmpeg", "-nostats", "-i", name, "-af", "ebur128=peak=sample:framelog=verbose", "-f", "null", "-",
    ])
    command.folder = bench.root
    Files.remove(bench.path("loudness.log"))
    _ = try command.run(log: bench.path("loudness.log"), interrupt: Interrupt())
    let words = try Files.text(bench.path("loudness.log")).split { $0 == " " || $0 == "\n" }
    func number(after word: String) throws -> Double {
      let index = try #require(words.lastIndex { $0 == word })
      return try #require(Double(words[index + 1]))
    }
    return (try number(after: "I:"), try number(after: "Peak:"))
  }

  @Test func `the same seed gives the same bytes and another seed another piece`() throws {
    #expect(try score(seed: 7).midi == score(seed: 7).midi)
    #expect(try Set((1...20).map { try score(seed: $0).midi }).count == 20)
  }

  @Test func `whole bars at the tempo asked for fill the film`() throws {
    let score = try score()
    #expect(abs(Double(score.meter.tempo * score.meter.bars * score.meter.beats) / 1e6 - 36) < 0.001)
    #expect(abs(score.meter.beatsPerMinute / 96 - 1) <= 0.12)
  }

  @Test(arguments: 1...12) func `every melody is consonant on strong beats and within the scale`(seed: Int)
    throws
  {
    let score = try score(seed: seed)
    let scale = Set((0..<7).map(score.key.pitchClass))
    for note in score.notes where note.channel != Score.Part.percussion.rawValue {
      #expect(scale.contains(note.pitch % 12))
      guard note.channel == Score.Part.lead.rawValue else { continue }
      #expect(Melody.range.contains(note.pitch))
      let bar = score.bars[note.start / score.meter.barTicks]
      let isStrong = (note.start - bar.start) % (2 * MIDIFile.division) == 0
      #expect(!isStrong || bar.chord.holds(note.pitch))
    }
  }

  @Test(arguments: 1...12) func `voices move little and never meet`(seed: Int) throws {
    let bars = try score(seed: seed).bars
    for (before, after) in zip(bars, bars.dropFirst()) {
      #expect(Set(after.voices).count == 4)
      #expect(zip(before.voices, after.voices).allSatisfy { abs($0 - $1) <= 7 })
    }
  }

  @Test func `instruments and energy change with the scenes`() throws {
    let score = try score()
    let moods = score.bars.map(\.mood)
    #expect(Set(moods).count == 3)
    #expect(moods.first?.pad == 89)
    #expect(score.bars.contains { $0.scene == "pool" && $0.mood.lead == 24 })
    #expect(moods.last?.pad == 48)
    #expect(try #require(score.bars.last).energy > score.bars[0].energy)
    let shaken = score.notes.filter { $0.channel == 9 }.map {
      score.bars[$0.start / score.meter.barTicks].scene
    }
    #expect(Set(shaken) == ["pool"])
  }

  @Test(arguments: [["3s"], ["4s", "3.7s"], Array(repeating: "6s", count: 100)])
  func `it ends on the tonic and lets go before the end`(durations: [String]) throws {
    let score = try score(durations, scenes: "[]")
    let last = try #require(score.bars.last)
    #expect(last.chord == .tonic(of: score.key))
    let bass = try #require(score.notes.last { $0.channel == Score.Part.bass.rawValue })
    #expect(bass.pitch % 12 == score.key.tonic)
    #expect(score.notes.allSatisfy { $0.start < $0.end && $0.end <= score.release })
    #expect(score.release < score.end)
  }

  @Test(
    arguments: [
      (durations: ["3s"], overlap: "0ms", output: "music.wav", seconds: 3.0),
      (["4s", "3.7s"], "500ms", "music.m4a", 7.2),
      ([nil, "6s", nil, "4s", "5.25s", nil], "250ms", "music.m4a", 26.0),
    ] as [(durations: [String?], overlap: String, output: String, seconds: Double)])
  func `music is as long as the film, loud enough and never clips`(
    durations: [String?], overlap: String, output: String, seconds: Double
  ) throws {
    let bench = try MediaBench()
    try Files.write(pairs(durations).pretty, to: bench.path("pairs.json"))
    try bench.perform(
      ComposeMusic(), [("pairs.json", 0)], to: output, ["overlap": overlap, "scenes": Self.scenes])
    let info = try bench.probe(output)
    let audio = try #require(info.audio)
    #expect(abs(audio.duration - seconds) <= 0.02)
    #expect(info.video == nil && audio.sampleRate == 48_000 && audio.channels == 2)
    let measure = try loudness(bench, output)
    #expect((-24 ... -14).contains(measure.lufs) && measure.peak < 0)
    #expect(ComposeMusic().damage(of: bench.path(output)) == nil)
  }

  @Test func `a missing soundfont and another maker are refused in words`() throws {
    let bench = try MediaBench()
    try Files.write(pairs(["4s"]).pretty, to: bench.path("pairs.json"))
    let missing = try bench.failure(ComposeMusic(), [("pairs.json", 0)], ["soundfont": "no.sf2"])
    #expect(missing?.message == "the soundfont `no.sf2` is missing")
    #expect(missing?.help?.contains("apt-get install fluid-soundfont-gm") == true)
    let maker = try bench.failure(ComposeMusic(), [("pairs.json", 0)], ["by": "band"])
    #expect(maker?.message == "`band` says no model")
  }
}
