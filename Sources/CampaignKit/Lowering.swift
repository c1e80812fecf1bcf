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
  private var outputNames: Set<[UInt8]> = []
  /// Where outputs lie: the first folder of their paths.
  private var outputFolders: Set<[UInt8]> = []
  /// Folders of outputs that nothing speaks against.
  private var soundFolders: Set<[UInt8]> = []
  private let made: MadeFiles
  /// What no rule may make.
  private let reserved: Set<String>
  /// The rules that are names for their inputs, by name.
  private var namings: [String: Campaign.Rule] = [:]
  /// The rule and output that make what an "all of" input means, by its pattern.
  private var makers: [String: CampaignEngine.Rule.Input] = [:]
  private var eachRules = TemplateIndex()
  private(set) var diagnostics: [Diagnostic] = []

  struct Result {
    var recipe = CampaignEngine.Recipe()
    var aliases = Aliases()
  }

  init(_ campaign: Campaign, root: String, witnesses: Witnesses) {
    self.campaign = campaign
    self.root = root
    self.witnesses = witnesses
    made = MadeFiles(StateFolder(root: root))
    reserved = Set(campaign.files.map(FilePath.normal) + ["Campaignfile.lock"])
    for (index, rule) in campaign.rules.enumerated() {
      if case .alias = rule.recipe {
        namings[rule.outputs[0].plain ?? ""] = rule
        continue
      }
      let number = numbers.count
      numbers[index] = number
      for output in rule.outputs.compactMap(\.plain) {
        outputs.append(output)
        outputNames.insert(Array(output.utf8))
      }
      for output in rule.outputs { outputFolders.insert(Self.firstFolder(of: output.written)) }
      guard rule.each != nil else { continue }
      for (output, path) in rule.outputs.enumerated() {
        makers[path.pattern] = .all(rule: number, output: output)
        eachRules.add(Self.template(path.parts), of: number)
      }
    }
  }

  mutating func lower() -> Result {
    var result = Result()
    result.recipe.reserved = reserved
    result.recipe.isLeftover = { [made] in made.holdsUntouched($0) }
    result.aliases = lowerAliases()
    guard diagnostics.isEmpty else { return result }
    for (index, rule) in campaign.rules.enumerated() where numbers[index] != nil {
      result.recipe.rules.append(lower(rule, result.aliases))
    }
    for pool in campaign.pools {
      result.recipe.pools[pool.name] = .init(width: pool.width, perMinute: pool.perMinute)
    }
    return result
  }

  private mutating func lowerAliases() -> Aliases {
    var aliases = Aliases()
    for rule in campaign.rules {
      guard case .alias = rule.recipe, let name = rule.outputs[0].plain else { continue }
      aliases.define(
        name,
        as: rule.inputs.map { path in
          if let inner = path.plain, namings[inner] != nil { return .name(inner) }
          checkExists(path, for: name)
          return .input(lower(path, isRepeated: false))
        })
    }
    if let loop = aliases.loop() {
      diagnostics.append(
        Diagnostic(
          "E0404", "these names stand for each other: " + loop.joined(separator: " -> "),
          at: namings[loop[0]]?.site, help: "give one of them a file, or take it away"))
    }
    return aliases
  }

  /// A name stands for files that are there or that rules make: `fps: 25` was meant for a setting.
  private mutating func checkExists(_ path: Campaign.Path, for name: String) {
    guard let file = path.plain.map(FilePath.normal), !outputNames.contains(Array(file.utf8)),
      eachRules.owner(making: file) == nil
    else { return }
    witnesses.note(file)
    guard !Files.exists(root + "/" + file) else { return }
    diagnostics.append(
      Diagnostic(
        "E0405", "`\(file)` does not exist and no rule makes it; `\(name)` is a name for it", at: path.site,
        help: "mend its name, or write a rule that makes it; a setting is written `\(name) = \(file)`"))
  }

  private mutating func lower(_ rule: Campaign.Rule, _ aliases: Aliases) -> CampaignEngine.Rule {
    check(rule)
    let (action, parameters) = Self.action(rule.recipe)
    let inputs = rule.inputs.map { input in
      input.plain.flatMap(aliases.inputs) ?? [lower(input, isRepeated: rule.each != nil)]
    }
    var lowered = CampaignEngine.Rule(
      outputs: rule.outputs.map { Self.template($0.parts) }, inputs: inputs.flatMap(\.self),
      each: rule.each?.file.plain.map(FilePath.normal),
      action: action, parameters: parameters, pool: rule.pool, isCostly: rule.isCostly, site: rule.site)
    lowered.inputSites = zip(rule.inputs, inputs).flatMap { Array(repeating: $0.site, count: $1.count) }
    lowered.needsApproval = rule.needsApproval
    lowered.manner = rule.manner
    switch rule.recipe {
    case .action(_, let given), .shell(_, let given):
      for parameter in given { lowered.sites[parameter.name] = parameter.site }
    case .alias: break
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

  private mutating func lower(_ input: Campaign.Path, isRepeated: Bool) -> CampaignEngine.Rule.Input {
    if input.isGlob { return glob(input) }
    if let plain = input.plain { return .file(Template(FilePath.normal(plain))) }
    guard !isRepeated else { return .file(Self.template(input.parts)) }
    guard let all = makers[input.pattern] else { preconditionFailure("no rule makes \(input.pattern)") }
    return all
  }

  private mutating func glob(_ input: Campaign.Path) -> CampaignEngine.Rule.Input {
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
