/// Writes the score of a film: a progression, a bass, an arpeggio and a melody that follow its scenes.
///
/// The same film, moods and seed give the same notes.
struct Composer {
  private static let tempo = 92.0

  private let moods: [String: Mood]
  private let film: FilmTimeline
  private var random: SplitMix64
  private var score: Score

  init(film: FilmTimeline, moods: [String: Mood], seed: Int) {
    self.film = film
    self.moods = moods
    random = SplitMix64(seed: seed)
    let wish = film.sections.lazy.compactMap { moods[$0.scene]?.tempo }.first
    let meter = Meter(seconds: film.seconds, near: wish ?? Self.tempo)
    score = Score(key: random.pick(Key.pleasant), meter: meter, bars: [], release: 0)
    score.release =
      score.end - max(meter.barTicks / 4, min(meter.barTicks / 2, 1_200_000 * 480 / meter.tempo))
  }

  /// The whole score.
  mutating func compose() -> Score {
    layBars()
    var melody = Melody(key: score.key, meter: score.meter, random: &random)
    for index in score.bars.indices {
      let bar = score.bars[index]
      let isLast = index == score.bars.count - 1
      addPad(bar)
      addBass(bar, isLast: isLast)
      if isLast { addFarewell(bar) } else { addArpeggio(bar) }
      if bar.mood.hasPercussion && !isLast { addPercussion(bar) }
      let hasMelody = index >= (score.bars.count >= 8 ? 2 : 0)
      for tone in melody.tones(of: bar, index: index, isLast: isLast) where hasMelody {
        add(
          .lead, tone.pitch, at: bar.start + tone.start, length: tone.length, velocity: 70 + 20 * bar.energy)
      }
    }
    return score
  }

  // MARK: - Harmony

  private mutating func layBars() {
    let meter = score.meter
    var voices = Chord.openingVoices
    var progression = random.pick(Progression.all)
    for index in 0..<meter.bars {
      if index > 0 && index % 8 == 0 { progression = random.pick(Progression.all) }
      let middle = (Double(index) + 0.5) * film.seconds / Double(meter.bars)
      let scene = film.scene(at: middle)
      let mood = moods[scene] ?? .standard
      let chord: Chord =
        switch meter.bars - index {
        case 1: .tonic(of: score.key)
        case 2: .suspended(in: score.key)
        default: Chord(degree: progression[index % 4], key: score.key)
        }
      voices = chord.voices(after: voices)
      let rise = 0.2 * Double(index) / Double(meter.bars)
      score.bars.append(
        Score.Bar(
          start: index * meter.barTicks, chord: chord, voices: voices, mood: mood,
          energy: min(1, mood.energy + rise), scene: scene))
    }
  }

  // MARK: - Parts

  private mutating func addPad(_ bar: Score.Bar) {
    for voice in bar.voices {
      add(.pad, voice, at: bar.start, length: score.meter.barTicks, velocity: 62 + 16 * bar.energy)
    }
  }

  /// The root, and its fifth in the middle of bars that move.
  private mutating func addBass(_ bar: Score.Bar, isLast: Bool) {
    let meter = score.meter
    let root = Chord.nearest(bar.chord.root, to: 42)
    let moves = bar.energy > 0.4 && meter.beats == 4 && !isLast
    let half = meter.barTicks / 2
    add(.bass, root, at: bar.start, length: moves ? half : meter.barTicks, velocity: 66 + 20 * bar.energy)
    guard moves else { return }
    let fifth = Chord.nearest(bar.chord.fifth, to: root)
    add(.bass, fifth, at: bar.start + half, length: half, velocity: 58 + 20 * bar.energy)
  }

  private mutating func addArpeggio(_ bar: Score.Bar) {
    let beat = MIDIFile.division
    let ladder = bar.voices + [bar.voices[1] + 12]
    let velocity = 56 + 16 * bar.energy
    switch bar.mood.texture {
    case .block:
      for start in stride(from: 0, to: score.meter.beats, by: bar.energy > 0.6 ? 1 : 2) {
        for voice in bar.voices.dropFirst() {
          add(.arpeggio, voice, at: bar.start + start * beat, length: beat * 3 / 4, velocity: velocity - 10)
        }
      }
    case .arpeggio, .broken:
      let order = bar.mood.texture == .arpeggio ? [0, 1, 2, 3, 4, 3, 2, 1] : [0, 2, 1, 2, 3, 2, 1, 2]
      let step = bar.energy < 0.3 ? 2 : 1
      for eighth in stride(from: 0, to: score.meter.beats * 2, by: step) {
        let accent = eighth % 4 == 0 ? 8.0 : 0
        add(
          .arpeggio, ladder[order[eighth % 8]], at: bar.start + eighth * beat / 2, length: step * beat / 2,
          velocity: velocity + accent)
      }
    }
  }

  /// The last chord, broken upwards, held until it may ring out.
  private mutating func addFarewell(_ bar: Score.Bar) {
    for (index, voice) in (bar.voices + [bar.voices[1] + 12]).enumerated() {
      add(
        .arpeggio, voice, at: bar.start + index * 60, length: score.meter.barTicks,
        velocity: 58 + 18 * bar.energy)
    }
  }

  /// A shaker on eighths, a brush on every other beat, and a soft drum where it is lively.
  private mutating func addPercussion(_ bar: Score.Bar) {
    let beat = MIDIFile.division
    for eighth in 0..<score.meter.beats * 2 {
      add(
        .percussion, 70, at: bar.start + eighth * beat / 2, length: beat / 4,
        velocity: (eighth % 2 == 0 ? 52 : 38) + 20 * bar.energy)
    }
    for index in 0..<score.meter.beats {
      if index % 2 == 1 {
        add(.percussion, 38, at: bar.start + index * beat, length: beat / 4, velocity: 34 + 24 * bar.energy)
      } else if bar.energy > 0.55 {
        add(.percussion, 36, at: bar.start + index * beat, length: beat / 4, velocity: 40 + 30 * bar.energy)
      }
    }
  }

  /// Adds a note with a human touch; none lasts beyond the release.
  private mutating func add(_ part: Score.Part, _ pitch: Int, at start: Int, length: Int, velocity: Double) {
    let touch = Int(velocity) + random.sway(5)
    score.notes.append(
      Score.Note(
        start: start, end: max(start + 30, min(score.release, start + length - 10)), pitch: pitch,
        velocity: min(120, max(1, touch)), channel: part.rawValue))
  }
}
