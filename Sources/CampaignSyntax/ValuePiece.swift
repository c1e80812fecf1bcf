import CampaignCore

/// A value is cut into what stands for itself, `$name` and `{variable.field}`.
enum ValuePiece {
  case text([UInt8])
  /// Empty: the `$` stands before no name.
  case setting(String, Span)
  case field(variable: String, name: String, Span)

  static func cut(_ syntax: SyntaxTree.ValueSyntax, in source: SourceText) -> [ValuePiece] {
    var cutter = Cutter(syntax, source)
    return cutter.cut()
  }

  /// `{variable.field}` at an index, if that is what stands there.
  static func hole(_ bytes: [UInt8], _ start: Int) -> (variable: String, field: String, end: Int)? {
    guard let close = bytes[start...].prefix(80).firstIndex(of: UInt8(ascii: "}")) else { return nil }
    let inner = bytes[(start + 1)..<close]
    guard let dot = inner.firstIndex(of: UInt8(ascii: ".")), let first = inner.first, first.isNameStart,
      dot > inner.startIndex, dot + 1 < close, inner.allSatisfy({ $0.isName || $0 == UInt8(ascii: ".") })
    else { return nil }
    return (
      String(decoding: inner[..<dot], as: UTF8.self), String(decoding: inner[(dot + 1)...], as: UTF8.self),
      close + 1
    )
  }
}

private struct Cutter {
  private let syntax: SyntaxTree.ValueSyntax
  private let bytes: [UInt8]
  private var index = 0
  private var pieces: [ValuePiece] = []
  private var text: [UInt8] = []

  init(_ syntax: SyntaxTree.ValueSyntax, _ source: SourceText) {
    self.syntax = syntax
    bytes = syntax.form == .longString ? source.dedented(syntax.span) : Array(source.bytes[syntax.span.range])
  }

  mutating func cut() -> [ValuePiece] {
    while index < bytes.count {
      switch bytes[index] {
      case .backslash where syntax.form == .string && index + 1 < bytes.count:
        text += Self.escape(bytes[index + 1])
        index += 2
      case .dollar: dollar()
      case UInt8(ascii: "{"):
        guard let hole = ValuePiece.hole(bytes, index) else { fallthrough }
        end(before: .field(variable: hole.variable, name: hole.field, span(index, hole.end)))
        index = hole.end
      default:
        text.append(bytes[index])
        index += 1
      }
    }
    end(before: nil)
    return pieces
  }

  /// `$name` or `$$`.
  private mutating func dollar() {
    let start = index
    index += 1
    if index < bytes.count, bytes[index] == .dollar {
      text.append(.dollar)
      return index += 1
    }
    if index < bytes.count, bytes[index].isNameStart {
      while index < bytes.count && bytes[index].isName { index += 1 }
    }
    while index > start + 1, bytes[index - 1] == UInt8(ascii: "-") { index -= 1 }
    let name = String(decoding: bytes[start + 1..<index], as: UTF8.self)
    end(before: .setting(name, span(start, index)))
  }

  private mutating func end(before piece: ValuePiece?) {
    if !text.isEmpty { pieces.append(.text(text)) }
    text = []
    if let piece { pieces.append(piece) }
  }

  /// The place of some bytes; in a long string only its start is known.
  private func span(_ from: Int, _ to: Int) -> Span {
    syntax.form == .longString
      ? Span(syntax.span.start - 3, syntax.span.start)
      : Span(syntax.span.start + from, syntax.span.start + to)
  }

  private static func escape(_ byte: UInt8) -> [UInt8] {
    switch byte {
    case UInt8(ascii: "n"): [.newline]
    case UInt8(ascii: "t"): [.tab]
    case .quote, .backslash: [byte]
    default: [.backslash, byte]
    }
  }
}

extension SourceText {
  /// A long string without the line break after its opening and the indentation of its closing quotes.
  fileprivate func dedented(_ span: Span) -> [UInt8] {
    // Line ends of other systems are no part of a text.
    var lines = bytes[span.range].split(separator: .newline, omittingEmptySubsequences: false).map {
      $0.last == 13 ? $0.dropLast() : $0
    }
    guard lines.count > 1 else { return Array(bytes[span.range]) }
    let indent = lines.last!.allSatisfy(\.isBlank) ? lines.removeLast().count : 0
    if lines.first!.allSatisfy(\.isBlank) { lines.removeFirst() }
    return Array(
      lines.map { line in line.dropFirst(min(indent, line.prefix { $0.isBlank }.count)) }.joined(separator: [
        .newline
      ]))
  }
}
