extension JSON {
  /// One line, without spaces.
  package var compact: String {
    var text = Text()
    write(to: &text, indent: nil)
    return String(decoding: text.bytes, as: UTF8.self)
  }

  /// Two-space indented, ending with a newline: what a person reads and git compares.
  package var pretty: String {
    var text = Text()
    write(to: &text, indent: 0)
    text += "\n"
    return String(decoding: text.bytes, as: UTF8.self)
  }

  /// Grows by bytes, several times faster than a string: every event of a build is written down.
  struct Text: Sendable {
    var bytes: [UInt8] = []

    static func += (text: inout Text, more: String) { text.bytes.append(contentsOf: more.utf8) }
    static func += (text: inout Text, value: JSON) { value.write(to: &text, indent: nil) }

    mutating func quote(_ value: String) {
      self += "\""
      var value = value
      value.withUTF8 { escape($0) }
      self += "\""
    }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
      let isPlain = text.allSatisfy { $0 >= 32 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
      guard !isPlain else { return bytes.append(contentsOf: text) }
      for byte in text {
        switch byte {
        case UInt8(ascii: "\""): self += "\\\""
        case UInt8(ascii: "\\"): self += "\\\\"
        case UInt8(ascii: "\n"): self += "\\n"
        case UInt8(ascii: "\t"): self += "\\t"
        case UInt8(ascii: "\r"): self += "\\r"
        case 0..<32: self += (byte < 16 ? "\\u000" : "\\u00") + String(byte, radix: 16)
        default: bytes.append(byte)
        }
      }
    }
  }

  private func write(to text: inout Text, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let digits): text += digits
    case .string(let value): text.quote(value)
    case .array(let elements):
      Self.list(elements, "[", "]", to: &text, indent: indent) { $0.write(to: &$1, indent: $2) }
    case .object(let members):
      Self.list(members, "{", "}", to: &text, indent: indent) { member, text, indent in
        text.quote(member.name)
        text += indent == nil ? ":" : ": "
        member.value.write(to: &text, indent: indent)
      }
    }
  }

  private static func list<Element>(
    _ elements: [Element], _ open: String, _ close: String, to text: inout Text, indent: Int?,
    _ write: (Element, inout Text, Int?) -> Void
  ) {
    text += open
    let inner = indent.map { $0 + 2 }
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      if let inner { text += "\n" + String(repeating: " ", count: inner) }
      write(element, &text, inner)
    }
    if let indent, !elements.isEmpty { text += "\n" + String(repeating: " ", count: indent) }
    text += close
  }
}
