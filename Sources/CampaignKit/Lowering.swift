import CampaignActions
import CampaignCore
import CampaignEngine
import CampaignSyntax

/// Turns a checked Campaignfile into rules for the engine: globs listed, "all of" inputs tied to their rules.
struct Lowering {
  private let campaign: Campaign
  private let root: String
  private let witnesses: Witnesses
  /// The engine's number of each rule; aliases have none.
  private var numbers: [Int: Int] = [:]
  /// Plain outputs, so that a glob is the same before and after a build.
  private var outputs: [String] = []
  private var aliases: [String: Campaign.Rule] = [:]
  private(set) var diagnostics: [Diagnostic] = []

  struct Result {
    var recipe = CampaignEngine.Recipe()
    /// What each name stands for.
    var aliases: [String: [Graph.Goal]] = [:]
  }

  init(_ campaign: Campaign, root: String, witnesses: Witnesses) {
    self.campaign = campaign
    self.root = root
    self.witnesses = witnesses
    for (index, rule) in campaign.rules.enumerated() {
      if case .alias = rule.recipe {
        aliases[rule.outputs[0].plain ?? ""] = rule
      } else {
        numbers[index] = numbers.count
        outputs += rule.outputs.compactMap(\.plain)
      }
    }
  }

  mutating func lower() -> Result {
    var result = Result()
    for (index, rule) in campaign.rules.enumerated() where numbers[index] != nil {
      result.recipe.rules.append(lower(rule))
    }
    for (name, rule) in aliases { result.aliases[name] = inputs(of: rule).flatMap(Self.goals) }
    for pool in campaign.pools {
      result.recipe.pools[pool.name] = .init(width: pool.width, perMinute: pool.perMinute)
    }
    return result
  }

  private mutating func lower(_ rule: Campaign.Rule) -> CampaignEngine.Rule {
    let (action, parameters) = Self.action(rule.recipe)
    var lowered = CampaignEngine.Rule(
      outputs: rule.outputs.map { Self.template($0.parts) }, inputs: inputs(of: rule),
      each: rule.each?.file.plain,
      action: action, parameters: parameters, pool: rule.pool, isCostly: rule.isCostly, site: rule.site)
    lowered.inputSites = rule.inputs.flatMap { input in
      Array(repeating: input.site, count: aliasInputs(of: input)?.count ?? 1)
    }
    lowered.needsApproval = rule.needsApproval
    lowered.manner = rule.manner
    if case .action(_, let parameters) = rule.recipe {
      for parameter in parameters { lowered.sites[parameter.name] = parameter.site }
    }
    return lowered
  }

  private static func action(_ recipe: Campaign.Recipe) -> (String, [(name: String, value: Template)]) {
    switch recipe {
    case .action(let name, let parameters): (name, parameters.map { ($0.name, template($0.parts)) })
    case .shell(let script, let variables):
      (
        ShellAction.name,
        [(ShellAction.script, Template(script))] + variables.map { ($0.name, template($0.parts)) }
      )
    case .alias: preconditionFailure("an alias has no action")
    }
  }

  private mutating func inputs(of rule: Campaign.Rule) -> [CampaignEngine.Rule.Input] {
    rule.inputs.flatMap { input -> [CampaignEngine.Rule.Input] in
      if let inputs = aliasInputs(of: input) { return inputs }
      if input.isGlob { return [.glob(matches(of: input))] }
      if rule.each == nil, input.plain == nil { return [all(of: input)] }
      return [.file(Self.template(input.parts))]
    }
  }

  /// What a name stands for; nil for other inputs.
  private mutating func aliasInputs(of input: Campaign.Path) -> [CampaignEngine.Rule.Input]? {
    input.plain.flatMap { aliases[$0] }.map { inputs(of: $0) }
  }

  private mutating func matches(of input: Campaign.Path) -> [String] {
    let glob = Glob(input.written)
    let found = Set(glob.matches(in: root, visit: witnesses.note)).union(outputs.filter(glob.matches))
    if found.isEmpty {
      diagnostics.append(
        Diagnostic(
          "E0407", "no file matches `\(input.written)`", at: input.site,
          help: "put files there, or mend the pattern; an empty set of files is never meant"))
    }
    return Array(found).sortedByBytes()
  }

  /// The rule with the same pattern, whatever its variable is called. The language has seen to it that there is one.
  private func all(of input: Campaign.Path) -> CampaignEngine.Rule.Input {
    for (index, rule) in campaign.rules.enumerated() where rule.each != nil {
      guard let number = numbers[index] else { continue }
      if let output = rule.outputs.firstIndex(where: { $0.pattern == input.pattern }) {
        return .all(rule: number, output: output)
      }
    }
    preconditionFailure("no rule makes \(input.pattern)")
  }

  private static func goals(_ input: CampaignEngine.Rule.Input) -> [Graph.Goal] {
    switch input {
    case .file(let template): [.file(template.description)]
    case .glob(let paths): paths.map { .file($0) }
    case .all(let rule, _): [.all(rule: rule)]
    }
  }

  private static func template(_ parts: [Campaign.Part]) -> Template {
    Template(
      parts.map { part in
        switch part {
        case .text(let text): .text(text)
        case .field(let variable, let name): .field(variable: variable, name: name)
        }
      })
  }
}

extension Campaign.Path {
  /// The text of a path without holes.
  var plain: String? {
    guard parts.count <= 1 else { return nil }
    guard let part = parts.first else { return "" }
    if case .text(let text) = part { return text }
    return nil
  }
}
