import CampaignCore

/// Reads statements line by line and never gives up: a mistake costs its line, not the rest of the file.
struct Parser {
  private let source: SourceText
  private var bytes: [UInt8] { source.bytes }
  private var position = 0
  private var tree: SyntaxTree
  private var mistakes = Mistakes()
  /// What an indented line belongs to.
  private var context = Context.none

  private enum Context {
    case none
    /// After a statement that was a mistake: its lines are not reported again.
    case broken
    case block(SyntaxTree.Block)
    case rule(SyntaxTree.RuleSyntax)
  }

  static func parse(_ source: SourceText) -> (tree: SyntaxTree, mistakes: Mistakes) {
    var parser = Parser(source)
    parser.parseAll()
    return (parser.tree, parser.mistakes)
  }

  private init(_ source: SourceText) {
    self.source = source
    tree = SyntaxTree(source: source)
  }

  // MARK: - Lines

  private mutating func parseAll() {
    while position < bytes.count {
      let start = position
      var end = start
      while end < bytes.count && bytes[end] != .newline { end += 1 }
      position = end + 1
      var first = start
      while first < end && bytes[first].isBlank { first += 1 }
      while end > first && bytes[end - 1].isBlank { end -= 1 }
      guard first < end, bytes[first] != .hash else { continue }
      let line = Span(first, end)
      if first == start { parseStatement(line) } else { parseIndented(line) }
    }
    closeContext()
  }

  private mutating func closeContext() {
    switch context {
    case .block(let block): tree.statements.append(.block(block))
    case .rule(let rule): tree.statements.append(.rule(rule))
    case .none, .broken: break
    }
    context = .none
  }

  private mutating func parseStatement(_ line: Span) {
    closeContext()
    if let assignment = parseAssignment(line) {
      if let assignment { tree.statements.append(.setting(assignment)) }
      return
    }
    if let colon = ruleColon(line) { return parseRule(line, colon: colon) }
    let words = words(Span(line.start, contentEnd(line)))
    switch words.first.map(source.text) {
    case "campaign": if let name = operand(words) { tree.statements.append(.campaign(name: name)) }
    case "include": if let path = operand(words) { tree.statements.append(.include(path: path)) }
    case let word?:
      guard let kind = SyntaxTree.Block.Kind(rawValue: word) else { return unknownStatement(word, line) }
      if let name = operand(words) { context = .block(SyntaxTree.Block(kind: kind, name: name)) }
    case nil: break
    }
  }

  /// The one word that a keyword takes.
  private mutating func operand(_ words: [Span]) -> Span? {
    if words.count == 2 { return words[1] }
    let keyword = source.text(words[0])
    context = .broken
    report(
      "E0103", "`\(keyword)` takes one name", words.count > 2 ? words[2] : words[0],
      help: "e.g. `\(keyword) lakeside`")
    return nil
  }

  private mutating func unknownStatement(_ word: String, _ line: Span) {
    context = .broken
    let known = ["campaign", "scene", "profile", "pool", "model", "include"]
    let near = suggestion(for: word, among: known)
    report(
      "E0102", "`\(word)` starts no statement", Span(line.start, line.start + word.utf8.count),
      help: near.map { "did you mean `\($0)`?" }
        ?? (word.contains(":")
          ? "put a blank after `:`, as in `output: inputs`"
          : "write `name = value`, or `output: inputs` with an action below"))
  }

  // MARK: - Indented lines

  private mutating func parseIndented(_ line: Span) {
    // Taken out of its place while it grows, or each line would copy those before it.
    let context = context
    self.context = .none
    switch consume context {
    case .broken: self.context = .broken
    case .none:
      self.context = .broken
      report(
        "E0104", "an indented line belongs to the rule or block above it, and there is none", line,
        help: "start it at the left margin")
    case .block(var block):
      if let assignment = parseAssignment(line) {
        if let assignment { block.assignments.append(assignment) }
      } else {
        report(
          "E0105", "a `\(block.kind.rawValue)` block holds lines of the form `name = value`", line, help: nil)
      }
      self.context = .block(block)
    case .rule(var rule):
      parseBody(line, &rule)
      self.context = .rule(rule)
    }
  }

  private mutating func parseBody(_ line: Span, _ rule: inout SyntaxTree.RuleSyntax) {
    if bytes[line.start] == .dollar, line.start + 1 < line.end, bytes[line.start + 1].isBlank {
      if rule.action != nil {
        report("E0106", "a rule has either an action or `$` lines, not both", line, help: nil)
      }
      rule.script.append(scriptLine(line))
      return
    }
    if let assignment = parseAssignment(line) {
      if let assignment { rule.parameters.append(assignment) }
      return
    }
    let words = words(Span(line.start, contentEnd(line)))
    guard let name = words.first else { return }
    if words.count > 1 || rule.action != nil || !rule.script.isEmpty {
      let message =
        words.count > 1 ? "an action stands alone on its line" : "a rule has one action, and this is another"
      report(
        "E0106", message, words.count > 1 ? words[1] : name,
        help: "parameters go below it, as `name = value`; shell lines start with `$ `")
    }
    rule.action = rule.action ?? name
  }

  /// Without the `$`; a line that ends in a backslash goes on on the next.
  private mutating func scriptLine(_ line: Span) -> Span {
    var start = line.start + 1
    while start < line.end && bytes[start].isBlank { start += 1 }
    var end = line.end
    while bytes[end - 1] == UInt8(ascii: "\\") && position < bytes.count {
      end = position
      while end < bytes.count && bytes[end] != .newline { end += 1 }
      position = end + 1
    }
    return Span(start, end)
  }

  // MARK: - Assignments

  /// Nil when the line is no assignment; `.some(nil)` when it is a broken one.
  private mutating func parseAssignment(_ line: Span) -> SyntaxTree.Assignment?? {
    guard bytes[line.start].isNameStart else { return nil }
    var end = line.start
    while end < line.end && bytes[end].isName { end += 1 }
    var equals = end
    while equals < line.end && bytes[equals].isBlank { equals += 1 }
    guard equals < line.end, bytes[equals] == UInt8(ascii: "=") else { return nil }
    let name = Span(line.start, end)
    var start = equals + 1
    while start < line.end && bytes[start].isBlank { start += 1 }
    guard let value = parseValue(start, line) else { return .some(nil) }
    if value.span.isEmpty, value.form == .words {
      report(
        "E0107", "`\(source.text(name))` has no value", Span(equals, equals + 1),
        help: "write it after `=`; an empty text is \"\"")
      return .some(nil)
    }
    return SyntaxTree.Assignment(name: name, value: value)
  }

  private mutating func parseValue(_ start: Int, _ line: Span) -> SyntaxTree.ValueSyntax? {
    let quotes = bytes[start..<min(start + 3, bytes.count)].prefix { $0 == .quote }.count
    if quotes == 3 { return parseLongString(start + 3) }
    guard quotes > 0 else {
      let span = Span(start, contentEnd(Span(start, line.end)))
      if isCurly(span.start) || isCurly(span.end - 3) { reportCurly(span) }
      return SyntaxTree.ValueSyntax(form: .words, span: span)
    }
    guard let end = closingQuote(start + 1, line.end) else {
      report(
        "E0101", "this string has no end", Span(start, line.end),
        help: "close it with `\"` on the same line, or use \"\"\" for a longer one")
      return nil
    }
    guard refuseRest(Span(end + 1, contentEnd(Span(end + 1, line.end)))) else { return nil }
    return SyntaxTree.ValueSyntax(form: .string, span: Span(start + 1, end))
  }

  /// Reports what follows a string on its line. Returns whether nothing does.
  @discardableResult
  private mutating func refuseRest(_ rest: Span) -> Bool {
    guard let word = words(rest).first else { return true }
    report(
      "E0108", "nothing may follow the string", word,
      help: "put the whole value between the quotes; write `\\\"` for a quote in it")
    return false
  }

  /// Whether one of the quotes that word processors write stands at a place: “ ” „.
  private func isCurly(_ index: Int) -> Bool {
    index >= 0 && bytes[index...].starts(with: [0xE2, 0x80]) && index + 2 < bytes.count
      && (0x9C...0x9E).contains(bytes[index + 2])
  }

  private mutating func reportCurly(_ span: Span) {
    report(
      "E0117", "curly quotes hold no text together", span,
      help: "write straight ones, `\"`; curly ones may stand inside of them")
  }

  private func closingQuote(_ start: Int, _ end: Int) -> Int? {
    var index = start
    while index < end {
      if bytes[index] == UInt8(ascii: "\\") { index += 2; continue }
      if bytes[index] == .quote { return index }
      index += 1
    }
    return nil
  }

  private mutating func parseLongString(_ start: Int) -> SyntaxTree.ValueSyntax? {
    var index = start
    while index + 2 < bytes.count {
      if bytes[index] == .quote, bytes[index + 1] == .quote, bytes[index + 2] == .quote {
        let end = bytes[index...].firstIndex(of: .newline) ?? bytes.count
        position = end + 1
        refuseRest(Span(index + 3, contentEnd(Span(index + 3, end))))
        return SyntaxTree.ValueSyntax(form: .longString, span: Span(start, index))
      }
      index += 1
    }
    report("E0101", "this string has no end", Span(start - 3, start), help: "close it with \"\"\"")
    return nil
  }

  /// The end of a line without its comment: ` #` outside of quotes.
  private func contentEnd(_ line: Span) -> Int {
    var end = line.end
    var isQuoted = false
    for index in line.range {
      if bytes[index] == .quote { isQuoted.toggle() }
      if bytes[index] == .hash, !isQuoted, index == line.start || bytes[index - 1].isBlank {
        end = index
        break
      }
    }
    while end > line.start && bytes[end - 1].isBlank { end -= 1 }
    return end
  }

  // MARK: - Rules

  /// The colon between outputs and inputs: outside of quotes, before a blank or the end of the line.
  private func ruleColon(_ line: Span) -> Int? {
    var isQuoted = false
    for index in line.start..<contentEnd(line) {
      if bytes[index] == .quote { isQuoted.toggle() }
      let isLast = index + 1 >= line.end || bytes[index + 1].isBlank
      if bytes[index] == UInt8(ascii: ":"), !isQuoted, isLast { return index }
    }
    return nil
  }

  private mutating func parseRule(_ line: Span, colon: Int) {
    var rule = SyntaxTree.RuleSyntax(header: Span(line.start, contentEnd(line)))
    rule.outputs = words(Span(line.start, colon))
    rule.inputs = words(Span(colon + 1, contentEnd(line)))
    if rule.outputs.isEmpty {
      context = .broken
      return report(
        "E0109", "a rule starts with its output", Span(colon, colon + 1),
        help: "e.g. `build/final.mp4: build/combined.mp4`")
    }
    if let keyword = rule.inputs.firstIndex(where: { source.text($0) == "for" }) {
      let clause = rule.inputs[keyword...]
      guard clause.count == 4, source.text(clause[keyword + 2]) == "in" else {
        context = .broken
        return report(
          "E0110", "`for` takes a name, `in` and a file", Span(clause[keyword].start, rule.header.end),
          help: "e.g. `for pair in build/pairs.json`")
      }
      (rule.variable, rule.file) = (clause[keyword + 1], clause[keyword + 3])
      rule.inputs.removeSubrange(keyword...)
    }
    context = .rule(rule)
  }

  /// Words between blanks; quotes hold one together.
  private mutating func words(_ span: Span) -> [Span] {
    var words: [Span] = []
    var index = span.start
    while index < span.end {
      guard !bytes[index].isBlank else { index += 1; continue }
      let start = index
      var isQuoted = false
      var hasCurly = false
      while index < span.end && (isQuoted || !bytes[index].isBlank) {
        if bytes[index] == .quote { isQuoted.toggle() }
        if bytes[index] == 0xE2, !isQuoted { hasCurly = hasCurly || isCurly(index) }
        index += 1
      }
      if hasCurly { reportCurly(Span(start, index)) }
      if isQuoted {
        report(
          "E0101", "this name has no end", Span(start, index), help: "close it with `\"` on the same line")
      }
      words.append(Span(start, index))
    }
    return words
  }

  private mutating func report(_ code: String, _ message: String, _ span: Span, help: String?) {
    mistakes.add(code, message, at: source.site(span), help: help)
  }
}
