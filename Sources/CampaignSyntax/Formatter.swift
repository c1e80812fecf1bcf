import CampaignCore

/// Lays a Campaignfile out in the one way: comments stay, meaning stays, blanks are made even.
///
/// - Returns: the text, nil when the file has mistakes of form; and those mistakes.
package func format(file: String, bytes: [UInt8]) -> (text: [UInt8]?, diagnostics: [Diagnostic]) {
  if let problem = Inclusion.unreadable(bytes) {
    return (
      nil, [Diagnostic("E0112", "`\(file)` \(problem)", at: nil, help: "a Campaignfile is plain UTF-8 text")]
    )
  }
  let (_, mistakes) = Parser.parse(SourceText(file: file, bytes: bytes))
  guard mistakes.isEmpty else { return (nil, mistakes.sorted) }
  var formatter = Formatter()
  formatter.read(bytes)
  return (Array(formatter.text().utf8), [])
}

/// Lines as the layout sees them. Works on a file that parses.
private struct Formatter {
  private enum Line {
    case blank
    /// A comment on its own line; whether it was indented.
    case comment(String, isIndented: Bool)
    case assignment(name: String, value: String, isIndented: Bool)
    /// Inside a long string, or the next line of a script line: as it is.
    case verbatim(String)
    case other(String, isIndented: Bool)

    var isIndented: Bool {
      switch self {
      case .comment(_, let isIndented), .assignment(_, _, let isIndented), .other(_, let isIndented):
        isIndented
      case .verbatim: true
      case .blank: false
      }
    }
  }

  private var lines: [Line] = []

  /// By bytes, as the parser reads: to a string a mark that combines with the blank before it is one with it.
  mutating func read(_ bytes: [UInt8]) {
    var isLongString = false
    var continues = false
    for ended in bytes.split(separator: .newline, omittingEmptySubsequences: false) {
      let line = ended.last == 13 ? ended.dropLast() : ended
      if isLongString || continues {
        lines.append(.verbatim(Self.text(line)))
        if isLongString { isLongString = line.firstRange(of: Self.quotes) == nil }
        continues = continues && line.last == .backslash
        continue
      }
      let content = Self.trimmed(line)
      lines.append(Self.classify(content, isIndented: line.first?.isBlank == true))
      guard !Self.isScript(content) else {
        continues = content.last == .backslash
        continue
      }
      guard case .assignment(let name, let value, let isIndented) = lines.last!, value.hasPrefix("\"\"\""),
        let start = line.firstRange(of: Self.quotes)?.lowerBound
      else { continue }
      isLongString = line[(start + 3)...].firstRange(of: Self.quotes) == nil
      // Blanks at the end of a line inside a long string belong to it.
      if isLongString {
        lines[lines.count - 1] = .assignment(
          name: name, value: Self.text(line[start...]), isIndented: isIndented)
      }
    }
  }

  private static let quotes = Array("\"\"\"".utf8)

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func classify(_ content: ArraySlice<UInt8>, isIndented: Bool) -> Line {
    guard let first = content.first else { return .blank }
    if first == .hash { return .comment(text(content), isIndented: isIndented) }
    let name = content.prefix(while: \.isName)
    let rest = trimmed(content[name.endIndex...])
    if first.isNameStart, rest.first == UInt8(ascii: "=") {
      return .assignment(name: text(name), value: text(trimmed(rest.dropFirst())), isIndented: isIndented)
    }
    return .other(text(isScript(content) ? content : squeezed(content)), isIndented: isIndented)
  }

  // MARK: - Layout

  func text() -> String {
    var result = ""
    var isBlankDue = false
    let widths = nameWidths()
    for (index, line) in lines.enumerated() {
      if case .blank = line {
        isBlankDue = !result.isEmpty
        continue
      }
      if isBlankDue || startsBlock(index) && !result.isEmpty { result += "\n" }
      isBlankDue = false
      result += written(line, nameWidth: widths[index]) + "\n"
    }
    return result
  }

  /// A rule or block after an indented line gets a blank line before it.
  private func startsBlock(_ index: Int) -> Bool {
    guard index > 0, !lines[index].isIndented, lines[index - 1].isIndented else { return false }
    return true
  }

  private func written(_ line: Line, nameWidth: Int) -> String {
    switch line {
    case .blank: return ""
    case .verbatim(let text): return text
    case .comment(let text, let isIndented), .other(let text, let isIndented):
      return (isIndented ? "    " : "") + text
    case .assignment(let name, let value, let isIndented):
      let pad = String(repeating: " ", count: max(0, nameWidth - name.count))
      return (isIndented ? "    " : "") + name + pad + " = " + value
    }
  }

  /// For each assignment the longest name among those that stand together.
  private func nameWidths() -> [Int] {
    var widths = Array(repeating: 0, count: lines.count)
    var group: [Int] = []
    var isIndented = false
    var width = 0
    for (index, line) in (lines + [.blank]).enumerated() {
      if !group.isEmpty, !belongs(line, toIndented: isIndented) {
        for member in group { widths[member] = width }
        (group, width) = ([], 0)
      }
      guard case .assignment(let name, _, let indented) = line else { continue }
      group.append(index)
      isIndented = indented
      width = max(width, name.count)
    }
    return widths
  }

  /// Whether a group of assignments goes on: comments and the lines of long strings do not end it.
  private func belongs(_ line: Line, toIndented isIndented: Bool) -> Bool {
    switch line {
    case .assignment(_, _, let other), .comment(_, let other): other == isIndented
    case .verbatim: isIndented
    case .blank, .other: false
    }
  }

  // MARK: - Blanks

  /// `$` and a blank start a line for the shell, whose blanks are its own.
  private static func isScript(_ content: ArraySlice<UInt8>) -> Bool {
    content.first == .dollar && content.dropFirst().first?.isBlank == true
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let rest = bytes.drop(while: \.isBlank)
    return rest[..<(rest.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? rest.startIndex)]
  }

  /// One blank between words; quoted text and a comment at the end stay.
  private static func squeezed(_ content: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var result: ArraySlice<UInt8> = []
    var isQuoted = false
    var rest = content
    while let byte = rest.popFirst() {
      if byte == .quote { isQuoted.toggle() }
      guard byte.isBlank, !isQuoted else {
        result.append(byte)
        continue
      }
      rest = rest.drop(while: \.isBlank)
      if rest.first == .hash { return result + [.space, .space] + rest }
      result.append(.space)
    }
    return result
  }
}
