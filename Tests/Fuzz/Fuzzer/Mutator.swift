@testable import CampaignActions
import CampaignCore

/// Makes inputs from inputs: the same ones from the same seed.
struct Mutator {
  private var random: SplitMix64
  private let corpus: [[UInt8]]
  private let words: [[UInt8]]

  private static let longest = 16 << 10

  init(seed: Int, corpus: [[UInt8]], words: [[UInt8]]) {
    random = SplitMix64(seed: seed)
    self.corpus = corpus.isEmpty ? [[]] : corpus
    self.words = words.isEmpty ? [[0]] : words
  }

  mutating func next() -> [UInt8] {
    var bytes = random.pick(corpus)
    for _ in 0...random.below(6) { mutate(&bytes) }
    return Array(bytes.prefix(Self.longest))
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    let at = random.below(bytes.count + 1)
    let range = at..<min(bytes.count, at + random.below(random.below(2) == 0 ? 8 : 200))
    switch random.below(10) {
    case 0: if at < bytes.count { bytes[at] ^= 1 << UInt8(random.below(8)) }
    case 1: if at < bytes.count { bytes[at] = random.pick([0, 1, 0x7F, 0x80, 0xFF, 10, 13, 34, 92]) }
    case 2: bytes.removeSubrange(range)
    case 3: bytes.insert(contentsOf: bytes[range], at: random.below(bytes.count + 1))
    case 4: bytes.insert(contentsOf: random.pick(words), at: at)
    case 5: splice(&bytes, at)
    case 6: replaceNumber(&bytes, from: at)
    case 7: replaceInteger(&bytes, at)
    case 8: repeated(&bytes, range)
    default: bytes.replaceSubrange(range, with: random.pick(words))
    }
  }

  /// Goes on with the end of another input.
  private mutating func splice(_ bytes: inout [UInt8], _ at: Int) {
    let other = random.pick(corpus)
    bytes = Array(bytes[..<at] + other[random.below(other.count + 1)...])
  }

  /// The next number that is written in digits becomes another.
  private mutating func replaceNumber(_ bytes: inout [UInt8], from at: Int) {
    func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte < 58 }
    guard let start = bytes[at...].firstIndex(where: isDigit) else { return }
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: Array(random.pick(Self.numbers).utf8))
  }

  private static let numbers = [
    "0", "-1", "1e300", "-1e300", "1e-300", "0.1", "9223372036854775807", "-9223372036854775808",
    "9223372036854775808", "18446744073709551615", "4294967296", "2147483648", "99999999999999999999", "00",
    "1000000000000", "1e9", "1e16", "0x10", "NaN", "inf", "1_0", "+1",
  ]

  /// Four or eight bytes become an integer that is near a limit.
  private mutating func replaceInteger(_ bytes: inout [UInt8], _ at: Int) {
    let value = random.pick([
      0, 1, 0x7F, 0xFF, 0x7FFF_FFFF, 0xFFFF_FFFF, UInt64.max >> 1, UInt64.max, 1 << 63,
    ])
    let width = random.pick([1, 2, 4, 8])
    guard at + width <= bytes.count else { return }
    for place in 0..<width { bytes[at + place] = UInt8(truncatingIfNeeded: value >> UInt64(8 * place)) }
  }

  /// Much of the same: shows what takes too long.
  private mutating func repeated(_ bytes: inout [UInt8], _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let count = random.below(8) == 0 ? Self.longest / range.count : random.below(40)
    bytes.insert(contentsOf: repeatElement(bytes[range], count: count).joined(), at: range.lowerBound)
  }
}
