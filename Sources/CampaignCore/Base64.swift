/// Base64 (RFC 4648), as data URLs want it.
package enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  package static func encoded(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var word = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      word <<= 8 * UInt32(3 - group.count)
      for digit in 0..<4 {
        text.append(
          digit <= group.count ? digits[Int(word >> UInt32(18 - 6 * digit) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Nil: not base64.
  package static func decoded(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (word, count) = (UInt32(0), 0)
    for byte in text.utf8 where byte != UInt8(ascii: "=") && byte > 32 {
      guard let value = digits.firstIndex(of: byte) else { return nil }
      (word, count) = (word << 6 | UInt32(value), count + 6)
      guard count >= 8 else { continue }
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(count)))
    }
    return bytes
  }
}
