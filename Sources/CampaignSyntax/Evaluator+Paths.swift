import CampaignCore

extension Evaluator {
  mutating func path(_ span: Span, _ source: SourceText, variable: String?, isOutput: Bool)
    -> Campaign.Path
  {
    var bytes = source.bytes[span.range].filter { $0 != .quote }
    var start = 0
    while bytes[start...].starts(with: "./".utf8) { start += 2 }
    bytes.removeFirst(start)
    var parts: [Campaign.Part] = []
    var text: [UInt8] = []
    var isGlob = false
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "{"), let hole = ValuePiece.hole(bytes, index) {
        if hole.variable != variable, isOutput || variable != nil {
          Settings.reportHole(hole.variable, hole.field, variable, at: source.site(span), &mistakes)
        }
        if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
        text = []
        parts.append(.field(variable: hole.variable, name: hole.field))
        index = hole.end
      } else if bytes[index] == .dollar {
        let isDouble = bytes[(index + 1)...].first == .dollar
        if !isDouble { reportDollar(bytes[(index + 1)...], at: source.site(span)) }
        text.append(.dollar)
        index += isDouble ? 2 : 1
      } else {
        if bytes[index] == UInt8(ascii: "{") {
          report(
            "E0412", "`{` starts no field here", at: source.site(span),
            help: "a field is written `{pair.id}`: a variable, a dot and a name")
        }
        if [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "[")].contains(bytes[index]) { isGlob = true }
        text.append(bytes[index])
        index += 1
      }
    }
    if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
    let path = Campaign.Path(parts: parts, isGlob: isGlob, site: source.site(span))
    check(path, isOutput: isOutput)
    return path
  }

  private mutating func reportDollar(_ rest: ArraySlice<UInt8>, at site: Site) {
    let name = String(decoding: rest.prefix(while: \.isName), as: UTF8.self)
    report(
      "E0423", "a path holds no settings: `$\(name)` is not replaced", at: site,
      help: "write the name out; `$$` is a dollar sign")
  }

  private mutating func check(_ path: Campaign.Path, isOutput: Bool) {
    let text = path.written
    if path.isGlob && isOutput {
      report(
        "E0409", "an output cannot be a pattern like `\(text)`", at: path.site,
        help: "name the file; a rule with `for x in FILE` makes one for each element")
    }
    let names = text.split(separator: "/", omittingEmptySubsequences: false)
    let isOdd = names.contains { $0.isEmpty || $0 == "." || $0 == ".." }
    guard isOutput, isOdd || names.first == ".campaign" || text == request.file else { return }
    report(
      "E0408", "`\(text)` cannot be an output", at: path.site,
      help: "outputs are files inside the workspace, not in .campaign, and not the Campaignfile")
  }

  /// A rule that is repeated needs one plain file, and outputs that differ.
  mutating func check(_ each: Campaign.Each, outputs: [Campaign.Path]) {
    if each.file.isGlob || each.file.hasHoles {
      report(
        "E0110", "`for` takes one plain file", at: each.file.site, help: "e.g. `for pair in build/pairs.json`"
      )
    }
    for output in outputs where !output.hasHoles {
      report(
        "E0413", "every element would make `\(output.written)`", at: output.site,
        help: "name it by a field, e.g. `{\(each.variable).id}`")
    }
  }

  /// Two rules for one output, and "all of" a pattern that no rule makes.
  mutating func checkOutputs() {
    var sites: [String: Site] = [:]
    for rule in campaign.rules {
      for output in rule.outputs {
        guard let first = sites.updateValue(output.site, forKey: output.pattern) else { continue }
        report(
          "E0401", "two rules make `\(output.written)`", at: output.site,
          related: [.init("the first is here", first)], help: "rename one, or take it away")
      }
    }
    let made = campaign.rules.filter { $0.each != nil }.flatMap(\.outputs)
    let patterns = Set(made.map(\.pattern))
    for rule in campaign.rules where rule.each == nil {
      for input in rule.inputs where input.hasHoles && !patterns.contains(input.pattern) {
        report(
          "E0402", "no rule makes `\(input.written)`", at: input.site,
          help: Self.near(input.written, made.lazy.map(\.written))
            ?? made.first.map { "did you mean `\($0.written)`?" }
            ?? "a rule with `for x in FILE` makes such files")
      }
    }
  }
}

extension Campaign.Path {
  var hasHoles: Bool { parts.contains { if case .field = $0 { true } else { false } } }

  /// As in the file.
  package var written: String { text { "{\($0).\($1)}" } }

  /// The same for paths that differ in the name of their variable only.
  package var pattern: String { text { "{.\($1)}" } }

  private func text(_ hole: (String, String) -> String) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .field(let variable, let name): hole(variable, name)
      }
    }.joined()
  }
}
