import CampaignCore

extension Evaluator {
  mutating func evaluate(_ rule: SyntaxTree.RuleSyntax, _ source: SourceText) {
    let variable = rule.variable.map(source.text)
    for line in rule.script { checkSecret(line, source) }
    let outputs = rule.outputs.map { path($0, source, variable: variable, isOutput: true) }
    let inputs = rule.inputs.map { path($0, source, variable: variable, isOutput: false) }
    var each: Campaign.Each?
    if let variable, let file = rule.file {
      each = Campaign.Each(variable: variable, file: path(file, source, variable: nil, isOutput: false))
      check(each!, outputs: outputs)
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

  // MARK: - What to do

  mutating func plain(_ assignment: SyntaxTree.Assignment, _ source: SourceText) -> String {
    settings.expand(assignment.value, in: source, variable: nil, &mistakes).plainText
  }

  private mutating func refuse(_ parameters: [SyntaxTree.Assignment], _ source: SourceText) {
    for assignment in parameters {
      report(
        "E0204", "a shell rule has no parameter `\(source.text(assignment.name))`",
        at: source.site(assignment.name),
        help: "it has \(Self.universal.map(\.name).joined(separator: ", ")); scripts read settings as `$name`"
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
      let names = schemas.keys.sorted()
      report(
        "E0203", "there is no action `\(name)`", at: source.site(action),
        help: Self.near(name, names) ?? "actions are " + names.joined(separator: ", ")
          + "; a shell line starts with `$ `")
      return nil
    }
    var given: [String: SyntaxTree.Assignment] = [:]
    /// Parameters that a misspelt one was meant to be: they are not missing as well.
    var meant: Set<String> = []
    for assignment in assignments {
      let parameter = source.text(assignment.name)
      let site = source.site(assignment.name)
      checkSecret(assignment.value.span, source)
      if !schema.parameters.contains(where: { $0.name == parameter }) {
        if let near = reportUnknown(parameter, of: schema, at: site) { meant.insert(near) }
      } else if let first = given.updateValue(assignment, forKey: parameter) {
        reportDuplicate("E0205", "parameter `\(parameter)`", at: site, first: source.site(first.name))
      }
    }
    var parameters: [Campaign.Parameter] = []
    for parameter in schema.parameters where !meant.contains(parameter.name) {
      let value =
        given[parameter.name].map { written(parameter, $0, source, variable) }
        ?? inherited(parameter, of: name, at: source.site(action))
      if let value { parameters.append(value) }
    }
    return .action(name: name, parameters: parameters)
  }

  /// Returns what was probably meant.
  private mutating func reportUnknown(_ name: String, of schema: ActionSchema, at site: Site) -> String? {
    let names = schema.parameters.map(\.name) + Self.universal.map(\.name)
    let near = suggestion(for: name, among: names)
    report(
      "E0204", "`\(schema.name)` has no parameter `\(name)`", at: site,
      help: near.map { "did you mean `\($0)`?" } ?? "it has " + names.joined(separator: ", "))
    return near
  }

  /// A parameter that the rule gives.
  private mutating func written(
    _ schema: ParameterSchema, _ assignment: SyntaxTree.Assignment, _ source: SourceText, _ variable: String?
  ) -> Campaign.Parameter? {
    let before = mistakes.count
    let parts = settings.expand(assignment.value, in: source, variable: variable, &mistakes)
    guard mistakes.count == before else { return nil }
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
    if let definition = settings[schema.name], let text = settings.use(schema.name, &mistakes) {
      return value(
        text, schema, at: definition.valueSite ?? site,
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
    let key = ([text] + fields).joined(separator: "\n")
    if let known = sceneLists[key] { return known }
    let names = text == "all" ? campaign.scenes.map(\.name) : text.split(separator: " ").map(String.init)
    var chosen: [Campaign.Scene] = []
    for name in names {
      if let number = sceneNumbers[name] {
        chosen.append(campaign.scenes[number])
      } else {
        let sceneNumbers = sceneNumbers
        report(
          "E0209", "there is no scene `\(name)`", at: site,
          help: Self.near(name, sceneNumbers.keys) ?? "write `all`, or names of scene blocks")
      }
    }
    let list = JSON.array(
      chosen.map { scene in
        let members = scene.fields.filter { fields.contains($0.name) }.map {
          JSON.Member($0.name, .string($0.value))
        }
        return .object([JSON.Member("name", .string(scene.name))] + members)
      }
    ).compact
    if chosen.count == names.count { sceneLists[key] = list }
    return list
  }

  // MARK: - Shell

  private mutating func shell(_ lines: [Span], _ source: SourceText, _ variable: String?) -> Campaign.Recipe {
    var variables: [Campaign.Parameter] = []
    for (name, span) in Self.shellNames(in: lines, source) {
      let setting = [name, name.replacing("_", with: "-")].first { settings[$0] != nil }
      if let variable, name.hasPrefix(variable + "_") {
        let field = String(name.dropFirst(variable.count + 1))
        variables.append(
          .init(
            name: name, parts: [.field(variable: variable, name: field)], type: .text, site: source.site(span)
          ))
      } else if let setting, let value = settings.use(setting, &mistakes) {
        variables.append(.init(name: name, parts: [.text(value)], type: .text, site: settings[setting]?.site))
      }
    }
    let script = lines.map(source.text).joined(separator: "\n").replacing("\r\n", with: "\n")
    return .shell(script: script, variables: variables)
  }

  /// Names after `$` or `${`, sorted, each with its first place.
  private static func shellNames(in lines: [Span], _ source: SourceText) -> [(name: String, span: Span)] {
    var names: [String: Span] = [:]
    for line in lines {
      let bytes = source.bytes[line.range]
      for index in bytes.indices where bytes[index] == .dollar {
        let rest = bytes[(index + 1)...].drop { $0 == UInt8(ascii: "{") }
        guard rest.first?.isNameStart == true else { continue }
        let name = rest.prefix { $0.isName && $0 != UInt8(ascii: "-") }
        let span = Span(name.startIndex, name.endIndex)
        names[source.text(span)] = names[source.text(span)] ?? span
      }
    }
    return names.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
