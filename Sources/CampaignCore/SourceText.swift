/// A file's bytes, and the way from a place in them to what a message shows.
package final class SourceText: Sendable {
  package let file: String
  package let bytes: [UInt8]
  /// Where each line starts.
  private let lines: [UInt32]

  package init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
    var lines: [UInt32] = [0]
    for (index, byte) in bytes.enumerated() where byte == 10 { lines.append(UInt32(index + 1)) }
    self.lines = lines
  }

  package func text(_ span: Span) -> String { String(decoding: bytes[span.range], as: UTF8.self) }

  package func site(_ span: Span) -> Site { Site(span, in: self) }

  /// The line, from 0, that holds a byte.
  func line(of offset: Int) -> Int {
    var (low, high) = (0, lines.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(lines[middle]) <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// A line without its end.
  func span(ofLine line: Int) -> Span {
    let start = Int(lines[line])
    let end = line + 1 < lines.count ? Int(lines[line + 1]) - 1 : bytes.count
    return Span(start, end > start && bytes[end - 1] == 13 ? end - 1 : end)
  }

  func characters(_ span: Span) -> Int {
    bytes[span.range].allSatisfy { $0 < 128 } ? span.range.count : text(span).count
  }

  /// The start of the character that a byte belongs to.
  func characterStart(_ offset: Int) -> Int {
    var offset = offset
    while offset > 0 && offset < bytes.count && bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
    return offset
  }
}

/// A run of bytes of a source text.
package struct Span: Hashable, Sendable {
  private let first: UInt32
  private let last: UInt32

  package init(_ start: Int, _ end: Int) {
    first = UInt32(start)
    last = UInt32(max(start, end))
  }

  package var start: Int { Int(first) }
  package var end: Int { Int(last) }
  package var range: Range<Int> { start..<end }
  package var isEmpty: Bool { start == end }
}
