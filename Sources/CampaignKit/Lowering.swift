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
  /// Where outputs lie: the first folder of their paths.
  private var outputFolders: Set<[UInt8]> = []
  /// Folders of outputs that nothing speaks against.
  private var soundFolders: Set<[UInt8]> = []
  private let made: MadeFiles
  /// What no rule may make.
  private let reserved: Set<String>
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
    made = MadeFiles(StateFolder(root: root))
    reserved = Set(campaign.files.map(FilePath.normal) + ["Campaignfile.lock"])
    for (index, rule) in campaign.rules.enumerated() {
      if case .alias = rule.recipe {
        aliases[rule.outputs[0].plain ?? ""] = rule
      } else {
        numbers[index] = numbers.count
        outputs += rule.outputs.compactMap(\.plain)
        for output in rule.outputs { outputFolders.insert(Self.firstFolder(of: output.written)) }
      }
    }
  }

  mutating func lower() -> Result {
    var result = Result()
    result.recipe.reserved = reserved
    result.recipe.isLeftover = { [made] in made.holdsUntouched($0) }
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
    check(rule)
    let (action, parameters) = Self.action(rule.recipe)
    var lowered = CampaignEngine.Rule(
      outputs: rule.outputs.map { Self.template($0.parts) }, inputs: inputs(of: rule),
      each: rule.each?.file.plain.map(FilePath.normal),
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
      if input.isGlob { return [glob(input, in: rule)] }
      if let plain = input.plain { return [.file(Template(FilePath.normal(plain)))] }
      return [rule.each == nil ? all(of: input) : .file(Self.template(input.parts))]
    }
  }

  /// What a name stands for; nil for other inputs.
  private mutating func aliasInputs(of input: Campaign.Path) -> [CampaignEngine.Rule.Input]? {
    input.plain.flatMap { aliases[$0] }.map { inputs(of: $0) }
  }

  private mutating func glob(_ input: Campaign.Path, in rule: Campaign.Rule) -> CampaignEngine.Rule.Input {
    let glob = Glob(input.written)
    let rules = campaign.rules.indices.filter { index in
      campaign.rules[index].each != nil && numbers[index] != nil
        && campaign.rules[index].outputs.contains { glob.couldMatch(Self.template($0.parts).texts) }
    }
    var files: [String] = []
    do throws(Glob.Failure) {
      files = outputs.filter(glob.matches)
      let made = Set(files.map { Array($0.utf8) })
      files += try glob.files(in: root, visit: witnesses.note).filter {
        !made.contains(Array($0.utf8)) && !isLeftover($0, besides: rules)
      }
    } catch {
      diagnostics.append(Diagnostic("E0422", error.message, at: input.site, help: error.help))
      return .glob(glob, files: [])
    }
    for file in files {
      guard let problem = FilePath.problem(file) else { continue }
      diagnostics.append(
        Diagnostic(
          "E0421", "`\(FilePath.shown(file.utf8))` \(problem.message)", at: input.site, help: problem.help))
    }
    if files.isEmpty && rules.isEmpty {
      diagnostics.append(
        Diagnostic(
          "E0407", "no file matches `\(input.written)`", at: input.site,
          help: "put files there, or mend the pattern; an empty set of files is never meant"))
    }
    return .glob(glob, files: files.sortedByBytes(), rules: rules.map { numbers[$0]! })
  }

  /// Whether a file was made by a rule that is gone: it is no source. What one of `rules` could make is left to the graph,
  /// which will know what they do make.
  private func isLeftover(_ path: String, besides rules: [Int]) -> Bool {
    guard outputFolders.contains(Self.firstFolder(of: path)) else { return false }
    // Whose it is hangs on what it contains.
    witnesses.note(path)
    return !rules.contains { campaign.rules[$0].outputs.contains { Self.template($0.parts).matches(path) } }
      && made.holdsUntouched(path)
  }

  /// Empty for what lies in no folder.
  private static func firstFolder(of path: String) -> [UInt8] {
    path.utf8.firstIndex(of: UInt8(ascii: "/")).map { Array(path.utf8[..<$0]) } ?? []
  }

  // MARK: - Names

  /// What neither the text of a path nor the place that it leads to allows.
  private mutating func check(_ rule: Campaign.Rule) {
    for path in rule.outputs + rule.inputs + [rule.each?.file].compactMap({ $0 }) {
      guard let problem = FilePath.problem(Self.template(path.parts).texts.joined(separator: "x")) else {
        continue
      }
      diagnostics.append(
        Diagnostic(
          "E0421", "`\(FilePath.shown(path.written.utf8))` \(problem.message)", at: path.site,
          help: problem.help))
    }
    for output in rule.outputs where output.plain.map(reserved.contains) ?? false {
      diagnostics.append(
        Diagnostic(
          "E0408", "`\(output.written)` cannot be an output", at: output.site,
          help: "it is what the campaign is read from: name another file"))
    }
    let state = StateFolder(root: root)
    for output in rule.outputs {
      guard let text = Self.template(output.parts).texts.first, let folder = Files.folder(of: text),
        soundFolders.insert(Array(folder.utf8)).inserted, let obstacle = state.obstacle(inFolder: folder)
      else { continue }
      diagnostics.append(
        Diagnostic(
          "E0408", "`\(output.written)` cannot be an output: \(obstacle.message)", at: output.site,
          help: obstacle.help))
    }
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
    case .glob(_, let files, let rules): files.map { .file($0) } + rules.map { .all(rule: $0) }
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
