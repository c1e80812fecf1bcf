/// A major key.
struct Key: Hashable, Sendable {
  /// The pitch class of its first degree, 0 is C.
  var tonic: Int

  static let pleasant = [0, 2, 3, 5, 7, 9, 10].map(Key.init)
  private static let steps = [0, 2, 4, 5, 7, 9, 11]

  /// The pitch class of a degree, counted from 0.
  func pitchClass(_ degree: Int) -> Int { (tonic + Self.steps[degree % 7]) % 12 }

  /// The pitches of the key within a range, upwards.
  func ladder(_ range: ClosedRange<Int>) -> [Int] {
    let scale = Set((0..<7).map(pitchClass))
    return range.filter { scale.contains($0 % 12) }
  }
}

/// A chord of a key: all its tones are degrees of the scale.
struct Chord: Hashable, Sendable {
  /// Pitch classes, the root first and the colour last; always four different ones, so that no two voices meet.
  var tones: [Int]

  var root: Int { tones[0] }
  var fifth: Int { tones[2] }

  /// Degrees above the root that give each degree of the key its colour: ninths on I and V, sevenths elsewhere.
  init(degree: Int, key: Key) {
    let colour = [0: 1, 4: 1][degree] ?? 6
    self.init([degree, degree + 2, degree + 4, degree + colour], key)
  }

  static func tonic(of key: Key) -> Chord { Chord(degree: 0, key: key) }
  /// V with its fourth in place of its third.
  static func suspended(in key: Key) -> Chord { Chord([4, 0, 1, 3], key) }

  private init(_ degrees: [Int], _ key: Key) { tones = degrees.map(key.pitchClass) }

  /// Is a tone of the chord without its colour.
  func holds(_ pitch: Int) -> Bool { tones.prefix(3).contains(pitch % 12) }

  /// Four pitches, upwards, that are nearest to the voices before.
  func voices(after before: [Int]) -> [Int] {
    let choices = Self.orders.map { order in
      zip(before, order).map { Self.nearest(tones[$1], to: $0) }
    }
    return choices.min { Self.cost($0, before) < Self.cost($1, before) }?.sorted() ?? before
  }

  static let openingVoices = [55, 60, 64, 67]

  private static func cost(_ voices: [Int], _ before: [Int]) -> Int {
    let moves = zip(voices, before).map { abs($0 - $1) }.reduce(0, +)
    let outside = voices.map { max(0, 53 - $0) + max(0, $0 - 74) }.reduce(0, +)
    return moves + outside * 6
  }

  static func nearest(_ tone: Int, to pitch: Int) -> Int {
    let up = (tone - pitch % 12 + 12) % 12
    return up <= 6 ? pitch + up : pitch + up - 12
  }

  /// All orders of four tones.
  private static let orders: [[Int]] = (0..<256).map { [$0 & 3, $0 >> 2 & 3, $0 >> 4 & 3, $0 >> 6 & 3] }
    .filter { Set($0).count == 4 }
}

/// The four-bar progressions to choose from, as degrees counted from 0.
enum Progression {
  static let all = [[0, 4, 5, 3], [0, 2, 3, 4], [5, 3, 0, 4], [0, 3, 1, 4]]
}
