import CampaignCore

/// A Campaignfile's bytes, and the way from a place in them to what a message shows.
final class SourceText: Sendable {
  let file: String
  let bytes: [UInt8]
  /// Where each line starts.
  private let lines: [UInt32]

  init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
    var lines: [UInt32] = [0]
    for (index, byte) in bytes.enumerated() where byte == .newline { lines.append(UInt32(index + 1)) }
    self.lines = lines
  }

  func text(_ span: Span) -> String { String(decoding: bytes[span.range], as: UTF8.self) }

  func site(_ span: Span) -> Site {
    let line = line(of: span.start)
    let start = Int(lines[line])
    let end = line + 1 < lines.count ? Int(lines[line + 1]) - 1 : bytes.count
    let shown = Span(span.start, min(span.end, end))
    return Site(
      file: file, line: line + 1, column: 1 + characters(Span(start, span.start)), length: characters(shown),
      text: text(Span(start, end > start && bytes[end - 1] == 13 ? end - 1 : end)))
  }

  /// The line, from 0, that holds a byte.
  private func line(of offset: Int) -> Int {
    var (low, high) = (0, lines.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(lines[middle]) <= offset { low = middle } else { high = middle }
    }
    return low
  }

  private func characters(_ span: Span) -> Int {
    bytes[span.range].allSatisfy { $0 < 128 } ? span.range.count : text(span).count
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
