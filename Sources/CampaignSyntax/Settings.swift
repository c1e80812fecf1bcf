import CampaignCore

/// Settings with all that overrides them, read on demand: `$name` in one may lead to another.
struct Settings {
  struct Definition {
    enum Value {
      case written(SyntaxTree.ValueSyntax, SourceText)
      /// From the command line or the environment.
      case given(String)
    }
    var name: String
    var value: Value
    var origin: Campaign.Setting.Origin
    var site: Site?
    /// Where its value stands, for a value of the wrong type.
    var valueSite: Site?
  }

  /// In order of definition.
  private(set) var names: [String] = []
  private var definitions: [String: Definition] = [:]
  private var values: [String: String] = [:]
  /// Being read, outermost first.
  private var open: [String] = []

  /// Settings that the tool itself reads.
  static let known = budgets + hooks
  static let budgets = ["budget", "budget-run", "budget-month"]
  static let hooks = ["on-success", "on-failure", "on-approval-needed"]

  /// Adds or overrides; returns the definition that was there.
  @discardableResult
  mutating func define(_ definition: Definition) -> Definition? {
    if definitions[definition.name] == nil { names.append(definition.name) }
    return definitions.updateValue(definition, forKey: definition.name)
  }

  subscript(name: String) -> Definition? { definitions[name] }

  /// The text of a setting; nil and a diagnostic when it cannot be had.
  mutating func value(_ name: String, _ diagnostics: inout [Diagnostic]) -> String? {
    if let value = values[name] { return value }
    guard let definition = definitions[name] else { return nil }
    if open.contains(name) {
      let loop = (open.drop { $0 != name } + [name]).map { "`\($0)`" }.joined(separator: " -> ")
      diagnostics.append(Diagnostic("E0211", "these settings need each other: \(loop)", at: definition.site))
      values[name] = ""
      return ""
    }
    open.append(name)
    let value = read(definition, &diagnostics)
    open.removeLast()
    values[name] = value
    return value
  }

  private mutating func read(_ definition: Definition, _ diagnostics: inout [Diagnostic]) -> String {
    switch definition.value {
    case .given(let text): return text
    case .written(let syntax, let source):
      let parts = expand(syntax, in: source, variable: nil, &diagnostics)
      return parts.map { if case .text(let text) = $0 { text } else { "" } }.joined()
    }
  }

  // MARK: - Values with references

  /// A value with `$name` replaced; `{variable.field}` stays as a part.
  mutating func expand(
    _ syntax: SyntaxTree.ValueSyntax, in source: SourceText, variable: String?,
    _ diagnostics: inout [Diagnostic]
  ) -> [Campaign.Part] {
    var parts: [Campaign.Part] = []
    var text: [UInt8] = []
    let bytes =
      syntax.form == .longString ? source.dedented(syntax.span) : Array(source.bytes[syntax.span.range])
    /// The place of a byte; in a long string only its start is known.
    func span(_ from: Int, _ to: Int) -> Span {
      syntax.form == .longString
        ? Span(syntax.span.start - 3, syntax.span.start)
        : Span(syntax.span.start + from, syntax.span.start + to)
    }
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\\"), syntax.form == .string, index + 1 < bytes.count {
        text += Self.escape(bytes[index + 1])
        index += 2
      } else if byte == .dollar {
        index = reference(bytes, index, span, source, &text, &diagnostics)
      } else if byte == UInt8(ascii: "{"), let hole = Self.hole(bytes, index) {
        if hole.variable != variable {
          diagnostics.append(Self.wrongHole(hole, variable, source.site(span(index, hole.end))))
        }
        if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
        text = []
        parts.append(.field(variable: hole.variable, name: hole.field))
        index = hole.end
      } else {
        text.append(byte)
        index += 1
      }
    }
    if !text.isEmpty || parts.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
    return parts
  }

  private static func escape(_ byte: UInt8) -> [UInt8] {
    switch byte {
    case UInt8(ascii: "n"): [.newline]
    case UInt8(ascii: "t"): [.tab]
    case .quote, UInt8(ascii: "\\"): [byte]
    default: [UInt8(ascii: "\\"), byte]
    }
  }

  /// Takes a `$name` or `$$` and returns where it ends.
  private mutating func reference(
    _ bytes: [UInt8], _ start: Int, _ span: (Int, Int) -> Span, _ source: SourceText, _ text: inout [UInt8],
    _ diagnostics: inout [Diagnostic]
  ) -> Int {
    var end = start + 1
    if end < bytes.count, bytes[end] == .dollar {
      text.append(.dollar)
      return end + 1
    }
    if end < bytes.count, bytes[end].isNameStart { while end < bytes.count && bytes[end].isName { end += 1 } }
    while end > start + 1, bytes[end - 1] == UInt8(ascii: "-") { end -= 1 }
    let name = String(decoding: bytes[start + 1..<end], as: UTF8.self)
    if let value = value(name, &diagnostics) {
      text += Array(value.utf8)
    } else if name.isEmpty {
      diagnostics.append(
        Diagnostic(
          "E0201", "`$` stands before no name", at: source.site(span(start, end)),
          help: "write `$$` for a dollar sign"))
    } else {
      let near = suggestion(for: name, among: names.filter { !open.contains($0) }).map {
        "did you mean `$\($0)`?"
      }
      diagnostics.append(
        Diagnostic(
          "E0201", "there is no setting `\(name)`", at: source.site(span(start, end)),
          help: near ?? "define it at the top: `\(name) = ...`; write `$$` for a dollar sign"))
    }
    return end
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

  static func wrongHole(
    _ hole: (variable: String, field: String, end: Int), _ variable: String?, _ site: Site
  ) -> Diagnostic {
    let help = variable.map { "this rule's variable is `\($0)`: write `{\($0).\(hole.field)}`" }
    return Diagnostic(
      "E0403", "nothing gives `{\(hole.variable).\(hole.field)}` a value here", at: site,
      help: help ?? "only a rule with `for \(hole.variable) in FILE` can use it")
  }
}

extension SourceText {
  /// A long string without the line break after its opening and the indentation of its closing quotes.
  func dedented(_ span: Span) -> [UInt8] {
    var lines = bytes[span.range].split(separator: .newline, omittingEmptySubsequences: false).map {
      Array($0)
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
