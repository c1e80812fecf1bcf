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
  let (_, diagnostics) = Parser.parse(SourceText(file: file, bytes: bytes))
  guard diagnostics.isEmpty else { return (nil, diagnostics) }
  var formatter = Formatter()
  formatter.read(String(decoding: bytes, as: UTF8.self))
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

  mutating func read(_ text: String) {
    var isLongString = false
    var continues = false
    let isBreak: (Character) -> Bool = { $0 == "\n" || $0 == "\r\n" }
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: isBreak).map(String.init) {
      if isLongString || continues {
        lines.append(.verbatim(line))
        if isLongString { isLongString = !line.contains("\"\"\"") }
        continues = continues && line.hasSuffix("\\")
        continue
      }
      let content = Self.trimmed(line)
      let isIndented = line.first == " " || line.first == "\t"
      lines.append(Self.classify(content, isIndented: isIndented))
      Self.keepEnd(of: line, in: &lines[lines.count - 1])
      if Self.isScript(content) { continues = content.hasSuffix("\\") }
      if case .assignment(_, let value, _) = lines.last!, value.hasPrefix("\"\"\"") {
        isLongString = !value.dropFirst(3).contains("\"\"\"")
      }
    }
  }

  private static func classify(_ content: String, isIndented: Bool) -> Line {
    if content.isEmpty { return .blank }
    if content.hasPrefix("#") { return .comment(content, isIndented: isIndented) }
    let name = content.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
    let rest = trimmed(String(content.dropFirst(name.count)))
    if !name.isEmpty, rest.hasPrefix("=") {
      return .assignment(name: String(name), value: trimmed(String(rest.dropFirst())), isIndented: isIndented)
    }
    return .other(isScript(content) ? content : squeezed(content), isIndented: isIndented)
  }

  // MARK: - Layout

  func text() -> String {
    var result = ""
    var isBlankDue = false
    for (index, line) in lines.enumerated() {
      if case .blank = line {
        isBlankDue = !result.isEmpty
        continue
      }
      if isBlankDue || startsBlock(index) && !result.isEmpty { result += "\n" }
      isBlankDue = false
      result += written(line, at: index) + "\n"
    }
    return result
  }

  /// A rule or block after an indented line gets a blank line before it.
  private func startsBlock(_ index: Int) -> Bool {
    guard index > 0, !lines[index].isIndented, lines[index - 1].isIndented else { return false }
    return true
  }

  private func written(_ line: Line, at index: Int) -> String {
    switch line {
    case .blank: return ""
    case .verbatim(let text): return text
    case .comment(let text, let isIndented), .other(let text, let isIndented):
      return (isIndented ? "    " : "") + text
    case .assignment(let name, let value, let isIndented):
      let pad = String(repeating: " ", count: max(0, width(around: index) - name.count))
      return (isIndented ? "    " : "") + name + pad + " = " + value
    }
  }

  /// The longest name among the assignments that stand together.
  private func width(around index: Int) -> Int {
    var width = 0
    for step in [-1, 1] {
      var at = index
      while lines.indices.contains(at), let name = nameInGroup(lines[at], of: lines[index]) {
        width = max(width, name.count)
        at += step
      }
    }
    return width
  }

  /// Nil ends the group; comments and the lines of long strings do not.
  private func nameInGroup(_ line: Line, of other: Line) -> String? {
    switch line {
    case .assignment(let name, _, let isIndented): isIndented == other.isIndented ? name : nil
    case .comment(_, let isIndented): isIndented == other.isIndented ? "" : nil
    case .verbatim: other.isIndented ? "" : nil
    case .blank, .other: nil
    }
  }

  // MARK: - Blanks

  /// `$` and a blank start a line for the shell, whose blanks are its own.
  private static func isScript(_ content: String) -> Bool {
    content.hasPrefix("$ ") || content.hasPrefix("$\t")
  }

  /// Blanks at the end of a line inside a long string belong to it.
  private static func keepEnd(of line: String, in last: inout Line) {
    guard case .assignment(let name, let value, let isIndented) = last, value.hasPrefix("\"\"\""),
      let start = line.firstRange(of: "\"\"\"")
    else { return }
    last = .assignment(name: name, value: String(line[start.lowerBound...]), isIndented: isIndented)
  }

  private static func trimmed(_ text: String) -> String {
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    return String(String(text.drop(while: isBlank)).reversed().drop(while: isBlank).reversed())
  }

  /// One blank between words; quoted text and a comment at the end stay.
  private static func squeezed(_ text: String) -> String {
    var result = ""
    var isQuoted = false
    var rest = text[...]
    while let character = rest.first {
      if !isQuoted, rest.hasPrefix(" #") || rest.hasPrefix("\t#") {
        return result + "  " + rest.drop { $0 == " " || $0 == "\t" }
      }
      rest.removeFirst()
      if character == "\"" { isQuoted.toggle() }
      let isBlank = character == " " || character == "\t"
      if isBlank && !isQuoted {
        if rest.first.map({ $0 != " " && $0 != "\t" }) == true, !rest.hasPrefix("#") { result += " " }
        if rest.hasPrefix("#") { return result + "  " + rest }
      } else {
        result.append(character)
      }
    }
    return result
  }
}
