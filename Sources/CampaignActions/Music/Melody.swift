/// A motif of two bars that is called, answered and varied by scene.
///
/// Strong beats have tones of the chord; what is between them moves by steps of the scale.
struct Melody {
  struct Tone: Hashable, Sendable {
    /// Ticks from the start of the bar.
    var start: Int
    var length: Int
    var pitch: Int
  }

  /// From C4 to A5.
  static let range = 60...81
  private static let eighth = MIDIFile.division / 2
  /// Lengths of the notes of a bar, in eighths; a bar of fewer beats has only the first ones.
  private static let rhythms = [[3, 1, 2, 2], [4, 2, 2], [2, 2, 4], [4, 3, 1], [2, 1, 1, 4], [6, 2]]

  private let ladder: [Int]
  private let meter: Meter
  private let rhythm: [[Int]]
  /// Steps from note to note, for both bars.
  private let contour: [[Int]]
  private var scenes: [String] = []
  private var place: Int

  init(key: Key, meter: Meter, random: inout SplitMix64) {
    ladder = key.ladder(Self.range)
    self.meter = meter
    rhythm = [random.pick(Self.rhythms), random.pick(Self.rhythms)]
    contour = (0..<2).map { _ in
      let direction = random.pick([1, -1])
      return (0..<4).map { index in index == 3 ? -direction : direction }
    }
    place = ladder.count / 2 + random.sway(1)
  }

  /// The tones of one bar; the melody goes on from where it was.
  mutating func tones(of bar: Score.Bar, index: Int, isLast: Bool) -> [Tone] {
    if !scenes.contains(bar.scene) { scenes.append(bar.scene) }
    let variant = scenes.firstIndex(of: bar.scene) ?? 0
    let isAnswered = index % 4 == 3 || isLast
    let lengths = isAnswered || bar.energy < 0.3 ? [4, 4] : rhythm[(index + variant) % 2]
    let sign = (variant + index / 4) % 2 == 0 ? 1 : -1
    var tones: [Tone] = []
    var start = 0
    for (number, length) in lengths.enumerated() where start < meter.beats * 2 {
      let length = isLast ? meter.beats * 2 : min(length, meter.beats * 2 - start)
      step(sign * contour[index % 2][number], isStrong: start % 4 == 0, chord: bar.chord)
      tones.append(Tone(start: start * Self.eighth, length: length * Self.eighth, pitch: ladder[place]))
      start += length
    }
    return tones
  }

  /// Moves one way, back from the edges of the range, and onto a tone of the chord where the beat is strong.
  private mutating func step(_ steps: Int, isStrong: Bool, chord: Chord) {
    let wanted = place + steps
    place = (2..<ladder.count - 2).contains(wanted) ? wanted : place - steps
    guard isStrong else { return }
    let tones = ladder.indices.filter { chord.holds(ladder[$0]) }
    place = tones.min { abs($0 - place) < abs($1 - place) } ?? place
  }
}
