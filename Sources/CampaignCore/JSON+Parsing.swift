extension JSON {
  /// Text that is not JSON, with its place.
  package struct ParseError: Error, CustomStringConvertible {
    package var message: String
    /// Byte offset of the mistake.
    package var offset: Int
    package var line: Int
    /// In characters, from 1.
    package var column: Int
    package var description: String { "line \(line), column \(column): \(message)" }
  }

  /// Reads one value of at most 64 MiB, with at most four million values in it, 64 deep. A byte-order mark is passed over.
  ///
  /// - Parameter repairs: what is not text becomes U+FFFD, for answers that cannot be had a second time; else it is a
  ///   mistake.
  package static func parse(_ bytes: [UInt8], repairs: Bool = false) throws(ParseError) -> JSON {
    var parser = Parser(bytes: bytes, repairs: repairs)
    guard bytes.count <= 64 << 20 else { throw parser.error("more than 64 MiB") }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.offset = 3 }
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.offset == bytes.count else { throw parser.error("nothing may follow the value") }
    return value
  }

  package static func parse(_ text: String) throws(ParseError) -> JSON { try parse(Array(text.utf8)) }

  private struct Parser {
    let bytes: [UInt8]
    let repairs: Bool
    var offset = 0
    /// Values so far.
    var count = 0

    var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    func error(_ message: String) -> ParseError {
      let before = bytes.prefix(offset)
      let line = before.suffix(from: before.lastIndex(of: 10).map { $0 + 1 } ?? 0)
      return ParseError(
        message: message, offset: offset, line: 1 + before.count { $0 == 10 },
        column: 1 + line.count { $0 & 0xC0 != 0x80 })
    }

    mutating func skipSpace() {
      while let byte = next, byte == 32 || byte == 10 || byte == 13 || byte == 9 { offset += 1 }
    }

    mutating func take(_ byte: UInt8) -> Bool {
      guard next == byte else { return false }
      offset += 1
      return true
    }

    mutating func value(depth: Int) throws(ParseError) -> JSON {
      guard depth < 64 else { throw error("more than 64 levels of nesting") }
      count += 1
      guard count <= 4_000_000 else { throw error("more than four million values") }
      skipSpace()
      switch next {
      case UInt8(ascii: "{"): return try object(depth: depth)
      case UInt8(ascii: "["): return try array(depth: depth)
      case UInt8(ascii: "\""): return .string(try string())
      case UInt8(ascii: "t"): return try word("true", .bool(true))
      case UInt8(ascii: "f"): return try word("false", .bool(false))
      case UInt8(ascii: "n"): return try word("null", .null)
      case let byte? where byte == UInt8(ascii: "-") || (byte >= 48 && byte < 58): return try number()
      default: throw error(next == nil ? "the text ends too early" : "expected a value")
      }
    }

    mutating func word(_ text: StaticString, _ value: JSON) throws(ParseError) -> JSON {
      let end = offset + text.utf8CodeUnitCount
      let matches = text.withUTF8Buffer { end <= bytes.count && bytes[offset..<end].elementsEqual($0) }
      guard matches else { throw error("expected a value") }
      offset = end
      return value
    }

    mutating func object(depth: Int) throws(ParseError) -> JSON {
      offset += 1
      var members: [Member] = []
      skipSpace()
      if take(UInt8(ascii: "}")) { return .object([]) }
      while true {
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw error("expected a name in quotes") }
        let name = try string()
        skipSpace()
        guard take(UInt8(ascii: ":")) else { throw error("expected `:`") }
        members.append(Member(name, try value(depth: depth + 1)))
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        guard take(UInt8(ascii: ",")) else { throw error("expected `,` or `}`") }
      }
    }

    mutating func array(depth: Int) throws(ParseError) -> JSON {
      offset += 1
      var elements: [JSON] = []
      skipSpace()
      if take(UInt8(ascii: "]")) { return .array([]) }
      while true {
        elements.append(try value(depth: depth + 1))
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        guard take(UInt8(ascii: ",")) else { throw error("expected `,` or `]`") }
      }
    }

    mutating func number() throws(ParseError) -> JSON {
      let start = offset
      while let byte = next, (byte >= 48 && byte < 58) || "+-.eE".utf8.contains(byte) { offset += 1 }
      let text = String(decoding: bytes[start..<offset], as: UTF8.self)
      guard let value = Double(text), value.isFinite else { throw error("`\(text)` is not a number") }
      return .number(text)
    }

    mutating func string() throws(ParseError) -> String {
      offset += 1
      let start = offset
      while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 32 {
        offset += 1
      }
      var text = try plain(start..<offset)
      while true {
        guard let byte = next else { throw error("the string has no end") }
        guard byte >= 32 else { throw error("a line break or control character in a string") }
        offset += 1
        if byte == UInt8(ascii: "\"") { return text }
        if byte == UInt8(ascii: "\\") {
          text.unicodeScalars.append(try escape())
        } else {
          let run = offset - 1
          while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 32 {
            offset += 1
          }
          text += try plain(run..<offset)
        }
      }
    }

    func plain(_ range: Range<Int>) throws(ParseError) -> String {
      if let text = String(validating: bytes[range], as: UTF8.self) { return text }
      guard repairs else { throw error("the string before this is not UTF-8") }
      return String(decoding: bytes[range], as: UTF8.self)
    }

    mutating func escape() throws(ParseError) -> Unicode.Scalar {
      guard let byte = next else { throw error("the string has no end") }
      offset += 1
      switch byte {
      case UInt8(ascii: "n"): return "\n"
      case UInt8(ascii: "t"): return "\t"
      case UInt8(ascii: "r"): return "\r"
      case UInt8(ascii: "b"): return "\u{8}"
      case UInt8(ascii: "f"): return "\u{c}"
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
      case UInt8(ascii: "u"):
        let start = offset - 2
        if let scalar = try character(), scalar != "\0" { return scalar }
        let written = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard repairs else { throw error("`\(written)` is no character") }
        return "\u{FFFD}"
      default: throw error("unknown escape in a string")
      }
    }

    /// What `\u` stands before; nil when it is half of a pair. NUL is none either: names of files and variables of
    /// scripts end there.
    mutating func character() throws(ParseError) -> Unicode.Scalar? {
      let first = try hexadecimal()
      guard first >= 0xD800, first < 0xDC00 else { return Unicode.Scalar(first) }
      guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { return nil }
      let second = try hexadecimal()
      guard second >= 0xDC00, second < 0xE000 else { return nil }
      return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    mutating func hexadecimal() throws(ParseError) -> UInt32 {
      guard offset + 4 <= bytes.count,
        let value = UInt32(String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16)
      else { throw error("expected four hexadecimal digits") }
      offset += 4
      return value
    }
  }
}
