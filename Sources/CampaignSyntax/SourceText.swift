import CampaignCore

/// A Campaignfile's bytes, and the way from a place in them to what a message shows.
struct SourceText: Sendable {
  let file: String
  let bytes: [UInt8]

  func text(_ span: Span) -> String { String(decoding: bytes[span.range], as: UTF8.self) }

  /// Computed on demand: only a mistake needs lines and columns.
  func site(_ span: Span) -> Site {
    let start = bytes[..<span.start].lastIndex(of: .newline).map { $0 + 1 } ?? 0
    let end = bytes[start...].firstIndex(of: .newline) ?? bytes.count
    let line = 1 + bytes[..<start].count { $0 == .newline }
    let shown = Span(span.start, min(span.end, end))
    return Site(
      file: file, line: line, column: 1 + text(Span(start, span.start)).count, length: text(shown).count,
      text: text(Span(start, end)))
  }
}

/// A run of bytes of a source text.
struct Span: Hashable, Sendable {
  private let first: UInt32
  private let last: UInt32

  init(_ start: Int, _ end: Int) {
    first = UInt32(start)
    last = UInt32(max(start, end))
  }

  var start: Int { Int(first) }
  var end: Int { Int(last) }
  var range: Range<Int> { start..<end }
  var isEmpty: Bool { start == end }
}

extension UInt8 {
  static let newline = UInt8(ascii: "\n")
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
  static let quote = UInt8(ascii: "\"")
  static let hash = UInt8(ascii: "#")
  static let dollar = UInt8(ascii: "$")

  var isBlank: Bool { self == .space || self == .tab || self == 13 }
  var isNameStart: Bool {
    (self >= 65 && self <= 90) || (self >= 97 && self <= 122) || self == UInt8(ascii: "_")
  }
  var isName: Bool { isNameStart || (self >= 48 && self <= 57) || self == UInt8(ascii: "-") }
}
