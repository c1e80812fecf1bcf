extension JSON {
  /// Text that is not JSON, with its place.
  package struct ParseError: Error, CustomStringConvertible {
    package var message: String
    /// Byte offset of the mistake.
    package var offset: Int
    package var line: Int
    package var description: String { "line \(line): \(message)" }
  }

  package static func parse(_ bytes: [UInt8]) throws(ParseError) -> JSON {
    var parser = Parser(bytes: bytes)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.offset == bytes.count else { throw parser.error("nothing may follow the value") }
    return value
  }

  package static func parse(_ text: String) throws(ParseError) -> JSON { try parse(Array(text.utf8)) }

  private struct Parser {
    let bytes: [UInt8]
    var offset = 0

    var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    func error(_ message: String) -> ParseError {
      let line = 1 + bytes.prefix(offset).count { $0 == 10 }
      return ParseError(message: message, offset: offset, line: line)
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
      var text = String(decoding: bytes[start..<offset], as: UTF8.self)
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
          text += String(decoding: bytes[run..<offset], as: UTF8.self)
        }
      }
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
        let first = try hexadecimal()
        guard first >= 0xD800, first < 0xDC00 else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { return "\u{FFFD}" }
        let second = try hexadecimal()
        guard second >= 0xDC00, second < 0xE000 else { return "\u{FFFD}" }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
      default: throw error("unknown escape in a string")
      }
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
