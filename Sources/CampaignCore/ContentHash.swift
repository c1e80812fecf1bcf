/// The XXH3-128 hash of some bytes: what "the same content" means everywhere in a workspace.
package struct ContentHash: Hashable, Sendable {
  package var high: UInt64
  package var low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Of nothing: no content has it.
  package static let zero = ContentHash(high: 0, low: 0)

  /// 32 lower-case hexadecimal digits.
  package init?(hex: some StringProtocol) {
    guard hex.utf8.count == 32, hex.utf8.allSatisfy({ ($0 >= 48 && $0 < 58) || ($0 >= 97 && $0 < 103) }),
      let high = UInt64(hex.prefix(16), radix: 16), let low = UInt64(hex.suffix(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }

  /// 32 lower-case hexadecimal digits, high half first (as `xxh128sum` prints it).
  package var hex: String { Self.digits(high) + Self.digits(low) }

  /// The first eight digits: enough for a person to tell two versions apart.
  package var short: String { String(hex.prefix(8)) }

  private static func digits(_ half: UInt64) -> String {
    let text = String(half, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }
}
