import CampaignCore

extension Evaluator {
  mutating func evaluate(_ rule: SyntaxTree.RuleSyntax, _ source: SourceText) {
    let variable = rule.variable.map(source.text)
    let outputs = rule.outputs.map { path($0, source, variable: variable, isOutput: true) }
    let inputs = rule.inputs.map { path($0, source, variable: variable, isOutput: false) }
    var each: Campaign.Each?
    if let variable, let file = rule.file {
      each = Campaign.Each(variable: variable, file: path(file, source, variable: nil, isOutput: false))
    }
    let site = source.site(rule.outputs[0])
    var result = Campaign.Rule(outputs: outputs, inputs: inputs, each: each, recipe: .alias, site: site)
    var parameters = rule.parameters
    takeUniversal(&parameters, source, &result)
    if let action = rule.action {
      guard let recipe = recipe(action, parameters, source, variable) else { return }
      result.recipe = recipe
    } else if !rule.script.isEmpty {
      refuse(parameters, source)
      result.recipe = shell(rule.script, source, variable)
    } else {
      checkAlias(rule, parameters, source)
    }
    campaign.rules.append(result)
  }

  // MARK: - Paths

  private mutating func path(_ span: Span, _ source: SourceText, variable: String?, isOutput: Bool)
    -> Campaign.Path
  {
    let bytes = source.bytes[span.range].filter { $0 != .quote }
    var parts: [Campaign.Part] = []
    var text: [UInt8] = []
    var isGlob = false
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "{"), let hole = Settings.hole(bytes, index) {
        if hole.variable != variable, isOutput || variable != nil {
          diagnostics.append(Settings.wrongHole(hole, variable, source.site(span)))
        }
        if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
        text = []
        parts.append(.field(variable: hole.variable, name: hole.field))
        index = hole.end
      } else {
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

  private mutating func check(_ path: Campaign.Path, isOutput: Bool) {
    let text = path.written
    if path.isGlob && isOutput {
      report(
        "E0409", "an output cannot be a pattern like `\(text)`", at: path.site,
        help: "name the file; a rule with `for x in FILE` makes one for each element")
    }
    let names = text.split(separator: "/", omittingEmptySubsequences: false)
    guard isOutput,
      text.hasPrefix("/") || names.contains("..") || names.first == ".campaign" || text.hasSuffix("/")
    else { return }
    report(
      "E0408", "`\(text)` cannot be an output", at: path.site,
      help: "outputs are files inside the workspace, and not in .campaign")
  }

  // MARK: - What to do

  private mutating func takeUniversal(
    _ parameters: inout [SyntaxTree.Assignment], _ source: SourceText, _ rule: inout Campaign.Rule
  ) {
    for assignment in parameters {
      let name = source.text(assignment.name)
      guard name == "pool" || name == "costly" else { continue }
      let value = plain(assignment, source)
      if name == "pool" {
        rule.pool = value
        if value != "cpu", pools[value] == nil {
          let near = suggestion(for: value, among: pools.keys + ["cpu"]).map { "did you mean `\($0)`?" }
          report(
            "E0207", "there is no pool `\(value)`", at: source.site(assignment.value.span),
            help: near ?? "define it: `pool \(value)` and below it `width = 2`")
        }
      } else if let flag = typed(value, .flag, name, at: source.site(assignment.value.span), related: []) {
        rule.isCostly = flag == "yes"
      }
    }
    parameters.removeAll { ["pool", "costly"].contains(source.text($0.name)) }
  }

  private mutating func plain(_ assignment: SyntaxTree.Assignment, _ source: SourceText) -> String {
    settings.expand(assignment.value, in: source, variable: nil, &diagnostics)
      .map { if case .text(let text) = $0 { text } else { "" } }.joined()
  }

  private mutating func refuse(_ parameters: [SyntaxTree.Assignment], _ source: SourceText) {
    for assignment in parameters {
      report(
        "E0204", "a shell rule has no parameter `\(source.text(assignment.name))`",
        at: source.site(assignment.name), help: "it has `pool` and `costly`; scripts read settings as `$name`"
      )
    }
  }

  private mutating func checkAlias(
    _ rule: SyntaxTree.RuleSyntax, _ parameters: [SyntaxTree.Assignment], _ source: SourceText
  ) {
    refuse(parameters, source)
    let name = rule.outputs[0]
    if rule.outputs.count > 1 || rule.variable != nil {
      report(
        "E0411", "this rule says nothing of how to make its outputs", at: source.site(name),
        help: "put an action or `$` lines below it, indented")
    } else if rule.inputs.isEmpty {
      report(
        "E0411", "`\(source.text(name))` is a name for nothing", at: source.site(name),
        help: "list what it stands for, or put an action below it")
    }
  }

  private mutating func recipe(
    _ action: Span, _ assignments: [SyntaxTree.Assignment], _ source: SourceText, _ variable: String?
  ) -> Campaign.Recipe? {
    let name = source.text(action)
    guard let schema = schemas[name] else {
      let near = suggestion(for: name, among: schemas.keys.sorted()).map { "did you mean `\($0)`?" }
      report(
        "E0203", "there is no action `\(name)`", at: source.site(action),
        help: near ?? "actions are " + schemas.keys.sorted().joined(separator: ", ")
          + "; a shell line starts with `$ `")
      return nil
    }
    var given: [String: SyntaxTree.Assignment] = [:]
    for assignment in assignments {
      let parameter = source.text(assignment.name)
      let site = source.site(assignment.name)
      checkSecret(assignment.value, source)
      if !schema.parameters.contains(where: { $0.name == parameter }) {
        reportUnknown(parameter, of: schema, at: site)
      } else if let first = given.updateValue(assignment, forKey: parameter) {
        reportDuplicate("E0205", "parameter `\(parameter)`", at: site, first: source.site(first.name))
      }
    }
    var parameters: [Campaign.Parameter] = []
    for parameter in schema.parameters {
      let value =
        given[parameter.name].map { written(parameter, $0, source, variable) }
        ?? inherited(parameter, of: name, at: source.site(action))
      if let value { parameters.append(value) }
    }
    return .action(name: name, parameters: parameters)
  }

  private mutating func reportUnknown(_ name: String, of schema: ActionSchema, at site: Site) {
    let names = schema.parameters.map(\.name) + ["pool", "costly"]
    let near = suggestion(for: name, among: names).map { "did you mean `\($0)`?" }
    report(
      "E0204", "`\(schema.name)` has no parameter `\(name)`", at: site,
      help: near ?? "it has " + names.joined(separator: ", "))
  }

  /// A parameter that the rule gives.
  private mutating func written(
    _ schema: ParameterSchema, _ assignment: SyntaxTree.Assignment, _ source: SourceText, _ variable: String?
  ) -> Campaign.Parameter? {
    let parts = settings.expand(assignment.value, in: source, variable: variable, &diagnostics)
    let site = source.site(assignment.value.span)
    if parts.contains(where: { if case .field = $0 { true } else { false } }) {
      return Campaign.Parameter(name: schema.name, parts: parts, type: schema.type, site: site)
    }
    guard case .text(let text)? = parts.first else { return nil }
    return value(text, schema, at: site, related: origins(of: assignment.value, source))
  }

  /// Where the settings that a value names stand: a wrong type is often their fault.
  private func origins(of value: SyntaxTree.ValueSyntax, _ source: SourceText) -> [Diagnostic.Related] {
    let text = source.text(value.span)
    guard text.hasPrefix("$"), let site = settings[String(text.dropFirst())]?.site else { return [] }
    return [.init("`\(text.dropFirst())` is set here", site)]
  }

  /// A parameter that the rule leaves out: the setting of that name, or the default.
  private mutating func inherited(_ schema: ParameterSchema, of action: String, at site: Site) -> Campaign
    .Parameter?
  {
    if let definition = settings[schema.name], let text = settings.value(schema.name, &diagnostics) {
      return value(
        text, schema, at: definition.site ?? site,
        related: definition.site == nil ? [] : [.init("`\(action)` takes it here", site)])
    }
    if schema.isRequired {
      report(
        "E0218", "`\(action)` needs `\(schema.name)`", at: site,
        help: "\(schema.summary); add it below, as `\(schema.name) = ...`")
    }
    return schema.standard.map {
      Campaign.Parameter(name: schema.name, parts: [.text($0)], type: schema.type, site: nil)
    }
  }

  private mutating func value(
    _ text: String, _ schema: ParameterSchema, at site: Site?, related: [Diagnostic.Related]
  ) -> Campaign.Parameter? {
    let canonical: String?
    if case .scenes(let fields) = schema.type {
      canonical = sceneList(text, fields, at: site)
    } else {
      canonical = typed(text, schema.type, schema.name, at: site, related: related)
    }
    return canonical.map {
      Campaign.Parameter(name: schema.name, parts: [.text($0)], type: schema.type, site: site)
    }
  }

  /// The scenes that a parameter names, with the fields that its action sees.
  private mutating func sceneList(_ text: String, _ fields: [String], at site: Site?) -> String {
    var chosen: [Campaign.Scene] = []
    if text == "all" {
      chosen = campaign.scenes
    } else {
      for name in text.split(separator: " ").map(String.init) {
        guard let scene = campaign.scenes.first(where: { $0.name == name }) else {
          let near = suggestion(for: name, among: campaign.scenes.map(\.name)).map { "did you mean `\($0)`?" }
          report(
            "E0209", "there is no scene `\(name)`", at: site,
            help: near ?? "write `all`, or names of scene blocks")
          continue
        }
        chosen.append(scene)
      }
    }
    return JSON.array(
      chosen.map { scene in
        let members = scene.fields.filter { fields.contains($0.name) }.map {
          JSON.Member($0.name, .string($0.value))
        }
        return .object([JSON.Member("name", .string(scene.name))] + members)
      }
    ).compact
  }

  // MARK: - Shell

  private mutating func shell(_ lines: [Span], _ source: SourceText, _ variable: String?) -> Campaign.Recipe {
    let script = lines.map(source.text).joined(separator: "\n")
    var variables: [Campaign.Parameter] = []
    for name in Self.shellNames(in: script) {
      let setting = [name, name.replacing("_", with: "-")].first { settings[$0] != nil }
      if let variable, name.hasPrefix(variable + "_") {
        let field = String(name.dropFirst(variable.count + 1))
        variables.append(
          .init(name: name, parts: [.field(variable: variable, name: field)], type: .text, site: nil))
      } else if let setting, let value = settings.value(setting, &diagnostics) {
        variables.append(.init(name: name, parts: [.text(value)], type: .text, site: settings[setting]?.site))
      }
    }
    return .shell(script: script, variables: variables)
  }

  /// Names after `$` or `${`, sorted, each once.
  private static func shellNames(in script: String) -> [String] {
    let bytes = Array(script.utf8)
    var names: Set<String> = []
    for (index, byte) in bytes.enumerated() where byte == .dollar {
      let rest = bytes[(index + 1)...].drop { $0 == UInt8(ascii: "{") }
      guard rest.first?.isNameStart == true else { continue }
      names.insert(String(decoding: rest.prefix { $0.isName && $0 != UInt8(ascii: "-") }, as: UTF8.self))
    }
    return names.sorted()
  }

  // MARK: - Between rules

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
    let patterns = Set(campaign.rules.filter { $0.each != nil }.flatMap { $0.outputs.map(\.pattern) })
    for rule in campaign.rules where rule.each == nil {
      for input in rule.inputs where input.hasHoles && !patterns.contains(input.pattern) {
        let written = campaign.rules.filter { $0.each != nil }.flatMap { $0.outputs.map(\.written) }
        let near = suggestion(for: input.written, among: written) ?? written.first
        report(
          "E0402", "no rule makes `\(input.written)`", at: input.site,
          help: near.map { "did you mean `\($0)`?" } ?? "a rule with `for x in FILE` makes such files")
      }
    }
  }
}

extension Campaign.Path {
  var hasHoles: Bool { parts.contains { if case .field = $0 { true } else { false } } }

  /// As in the file.
  var written: String { text { "{\($0).\($1)}" } }

  /// The same for paths that differ in the name of their variable only.
  var pattern: String { text { "{.\($1)}" } }

  private func text(_ hole: (String, String) -> String) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .field(let variable, let name): hole(variable, name)
      }
    }.joined()
  }
}
