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
  /// Those that something reads: another setting, a parameter, a script.
  private(set) var used: Set<String> = []
  /// Bytes of all values so far.
  private var size = 0

  /// Settings that the tool itself reads.
  static let known = budgets + hooks
  static let budgets = ["budget", "budget-run", "budget-month"]
  static let hooks = ["on-success", "on-failure", "on-approval-needed"]

  /// Each doubles what it is made of as easily as it names it twice.
  private static let longest = 1 << 20
  private static let largest = 256 << 20

  /// Adds or overrides; returns the definition that was there.
  @discardableResult
  mutating func define(_ definition: Definition) -> Definition? {
    if definitions[definition.name] == nil { names.append(definition.name) }
    return definitions.updateValue(definition, forKey: definition.name)
  }

  subscript(name: String) -> Definition? { definitions[name] }

  /// The text of a setting for something that takes it; nil when there is none.
  mutating func use(_ name: String, _ mistakes: inout Mistakes) -> String? {
    guard let value = value(name, &mistakes) else { return nil }
    used.insert(name)
    return value
  }

  /// The text of a setting; nil when there is none. What it needs is read before it, without recursion: a chain may be as
  /// long as the file.
  mutating func value(_ name: String, _ mistakes: inout Mistakes) -> String? {
    var stack = [name]
    var open: Set<String> = []
    var isLoopTold = false
    while let name = stack.last {
      guard values[name] == nil, let definition = definitions[name] else {
        stack.removeLast()
        continue
      }
      guard open.insert(name).inserted else {
        values[name] = read(definition, &mistakes)
        open.remove(name)
        continue
      }
      for need in needs(of: definition) {
        if !open.contains(need) {
          stack.append(need)
        } else if !isLoopTold {
          isLoopTold = true
          reportLoop(through: need, stack.filter(open.contains), &mistakes)
        }
      }
    }
    return values[name]
  }

  private func needs(of definition: Definition) -> [String] {
    guard case .written(let syntax, let source) = definition.value else { return [] }
    return ValuePiece.cut(syntax, in: source).compactMap {
      if case .setting(let name, _) = $0 { name } else { nil }
    }
  }

  private func reportLoop(through name: String, _ open: [String], _ mistakes: inout Mistakes) {
    let loop = (open.drop { $0 != name } + [name]).map { "`\($0)`" }.joined(separator: " -> ")
    mistakes.add("E0211", "these settings need each other: \(loop)", at: definitions[name]?.site)
  }

  private mutating func read(_ definition: Definition, _ mistakes: inout Mistakes) -> String {
    switch definition.value {
    case .given(let text): return text
    case .written(let syntax, let source):
      return expand(syntax, in: source, variable: nil, of: definition.name, &mistakes).plainText
    }
  }

  // MARK: - Values with references

  /// A value with `$name` replaced; `{variable.field}` stays as a part. `setting` is the one whose value it is.
  mutating func expand(
    _ syntax: SyntaxTree.ValueSyntax, in source: SourceText, variable: String?, of setting: String? = nil,
    _ mistakes: inout Mistakes
  ) -> [Campaign.Part] {
    var parts: [Campaign.Part] = []
    var text: [UInt8] = []
    var length = 0
    for piece in ValuePiece.cut(syntax, in: source) {
      switch piece {
      case .text(let bytes): text += bytes
      case .setting(let name, let span):
        text += referenced(name, at: source.site(span), by: setting, &mistakes).utf8
      case .field(let owner, let field, let span):
        if owner != variable { Self.reportHole(owner, field, variable, at: source.site(span), &mistakes) }
        if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
        length += text.count
        text = []
        parts.append(.field(variable: owner, name: field))
      }
      guard fits(length + text.count, at: source.site(syntax.span), &mistakes) else { return [.text("")] }
    }
    size += length + text.count
    if !text.isEmpty || parts.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
    return parts
  }

  private func fits(_ length: Int, at site: Site, _ mistakes: inout Mistakes) -> Bool {
    if length > Self.longest {
      mistakes.add(
        "E0116", "this value is longer than 1 MiB", at: site,
        help: "a long text belongs into a file of its own, as an input")
    } else if size + length > Self.largest {
      mistakes.add(
        "E0116", "the values of this campaign are longer than 256 MiB in all", at: site,
        help: "a long text belongs into a file of its own, as an input")
    } else {
      return true
    }
    return false
  }

  /// The text of a setting that a value names.
  private mutating func referenced(
    _ name: String, at site: Site, by reader: String?, _ mistakes: inout Mistakes
  ) -> String {
    used.insert(name)
    // A setting that is being read has its value already, or is part of a loop.
    let known = reader == nil ? value(name, &mistakes) : values[name]
    if let known { return known }
    if name.isEmpty {
      mistakes.add("E0201", "`$` stands before no name", at: site, help: "write `$$` for a dollar sign")
    } else if definitions[name] == nil {
      mistakes.add(
        "E0201", "there is no setting `\(name)`", at: site,
        help: suggestion(for: name, among: names.lazy.filter { $0 != reader }).map {
          "did you mean `$\($0)`?"
        }
          ?? "define it at the top: `\(name) = ...`; write `$$` for a dollar sign")
    }
    return ""
  }

  static func reportHole(
    _ hole: String, _ field: String, _ variable: String?, at site: Site, _ mistakes: inout Mistakes
  ) {
    mistakes.add(
      "E0403", "nothing gives `{\(hole).\(field)}` a value here", at: site,
      help: variable.map { "this rule's variable is `\($0)`: write `{\($0).\(field)}`" }
        ?? "only a rule with `for \(hole) in FILE` can use it")
  }
}

extension [Campaign.Part] {
  /// What is known of a text before an element fills it.
  var plainText: String {
    map { if case .text(let text) = $0 { text } else { "" } }.joined()
  }
}
