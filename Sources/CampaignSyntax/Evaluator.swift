import CampaignCore

/// Resolves names and types values: from syntax trees to a campaign, or to all that is wrong with it.
struct Evaluator {
  let trees: [SyntaxTree]
  let request: LoadRequest
  var mistakes = Mistakes()
  var settings = Settings()
  var campaign = Campaign(name: "")
  /// Names of blocks by their kind, with where they stand.
  var blocks: [SyntaxTree.Block.Kind: [String: Site]] = [:]
  /// Where each scene is in the campaign.
  var sceneNumbers: [String: Int] = [:]
  /// Lists of scenes that parameters ask for, by what they ask: many rules may name many scenes.
  var sceneLists: [String: String] = [:]
  let schemas: [String: ActionSchema]

  init(_ trees: [SyntaxTree], request: LoadRequest) {
    self.trees = trees
    self.request = request
    schemas = Dictionary(uniqueKeysWithValues: request.schemas.map { ($0.name, $0) })
  }

  mutating func evaluate() -> Campaign {
    defineSettings()
    defineProfiles()
    overrideSettings()
    evaluateHead()
    for tree in trees {
      for case .block(let block) in tree.statements where block.kind != .profile {
        evaluate(block, tree.source)
      }
    }
    for tree in trees {
      for case .rule(let rule) in tree.statements { evaluate(rule, tree.source) }
    }
    checkOutputs()
    checkUnused()
    return campaign
  }

  mutating func report(
    _ code: String, _ message: String, at site: Site?,
    related: @autoclosure () -> [Diagnostic.Related] = [], help: @autoclosure () -> String? = nil
  ) {
    mistakes.add(code, message, at: site, related: related(), help: help())
  }

  /// "did you mean", in words.
  static func near(_ word: String, _ names: some Sequence<String>) -> String? {
    suggestion(for: word, among: names).map { "did you mean `\($0)`?" }
  }

  /// All names that a word could have been, but not more than a reader reads.
  static func listed(_ names: [String]) -> String {
    names.prefix(40).joined(separator: ", ") + (names.count > 40 ? " and \(names.count - 40) more" : "")
  }

  /// Reports that a name was given twice.
  mutating func reportDuplicate(_ code: String, _ what: String, at site: Site, first: Site?) {
    report(
      code, "\(what) is defined twice", at: site,
      related: first.map { [.init("first defined here", $0)] } ?? [], help: "keep one of them")
  }

  // MARK: - Settings

  private mutating func defineSettings() {
    for tree in trees {
      for case .setting(let assignment) in tree.statements {
        let name = tree.source.text(assignment.name)
        let site = tree.source.site(assignment.name)
        checkSecret(assignment.value.span, tree.source)
        let old = settings.define(
          .init(
            name: name, value: .written(assignment.value, tree.source), origin: .file, site: site,
            valueSite: tree.source.site(assignment.value.span)))
        if let old { reportDuplicate("E0202", "setting `\(name)`", at: site, first: old.site) }
      }
    }
  }

  private mutating func defineProfiles() {
    var sites: [String: Site] = [:]
    for tree in trees {
      for case .block(let block) in tree.statements where block.kind == .profile {
        let name = tree.source.text(block.name)
        let site = tree.source.site(block.name)
        if let first = sites.updateValue(site, forKey: name) {
          reportDuplicate("E0213", "profile `\(name)`", at: site, first: first)
        }
        campaign.profiles.append(name)
        define(block, of: name, tree.source)
      }
    }
    guard let wanted = request.profile, sites[wanted] == nil else { return }
    let profiles = campaign.profiles
    report(
      "E0208", "there is no profile `\(wanted)`", at: nil,
      help: Self.near(wanted, profiles)
        ?? (profiles.isEmpty
          ? "the Campaignfile defines none" : "there are " + Self.listed(profiles)))
  }

  private mutating func define(_ block: SyntaxTree.Block, of profile: String, _ source: SourceText) {
    var seen: [String: Site] = [:]
    for assignment in block.assignments {
      let name = source.text(assignment.name)
      let site = source.site(assignment.name)
      checkSecret(assignment.value.span, source)
      if let first = seen.updateValue(site, forKey: name) {
        reportDuplicate("E0202", "setting `\(name)` of profile `\(profile)`", at: site, first: first)
      }
      guard settings[name] != nil || Settings.known.contains(name) else {
        let names = [settings.names, Settings.known]
        report(
          "E0212", "profile `\(profile)` sets `\(name)`, which is no setting", at: site,
          help: Self.near(name, names.joined()) ?? "define `\(name)` at the top as well")
        continue
      }
      guard profile == request.profile else { continue }
      settings.define(
        .init(name: name, value: .written(assignment.value, source), origin: .profile(profile), site: site))
    }
  }

  /// Command line over environment over profile over file.
  private mutating func overrideSettings() {
    for name in Set(settings.names + Settings.known).sorted() {
      let variable = "CAMPAIGN_" + name.uppercased().replacing("-", with: "_")
      guard let value = request.environment[variable] else { continue }
      settings.define(.init(name: name, value: .given(value), origin: .environment, site: nil))
    }
    for (name, value) in request.overrides {
      guard settings[name] != nil || Settings.known.contains(name) else {
        let names = [settings.names, Settings.known]
        report(
          "E0210", "`--set \(name)=...` sets nothing: there is no such setting", at: nil,
          help: Self.near(name, names.joined()) ?? "`--set` overrides settings of the Campaignfile")
        continue
      }
      settings.define(.init(name: name, value: .given(value), origin: .commandLine, site: nil))
    }
  }

  private mutating func evaluateHead() {
    var first: Site?
    for tree in trees {
      for case .campaign(let name) in tree.statements {
        let site = tree.source.site(name)
        if first != nil { reportDuplicate("E0214", "the campaign's name", at: site, first: first) }
        first = first ?? site
        campaign.name = tree.source.text(name)
      }
    }
    if first == nil, let main = trees.last {
      report(
        "E0215", "the campaign has no name", at: main.source.site(Span(0, 0)),
        help: "start the file with `campaign NAME`")
    }
    for name in settings.names {
      let definition = settings[name]!
      guard let value = settings.value(name, &mistakes) else { continue }
      campaign.settings.append(
        .init(name: name, value: value, origin: definition.origin, site: definition.site))
      if Settings.hooks.contains(name) { campaign.hooks[name] = value }
      takeBudget(name, value, at: definition.valueSite)
    }
  }

  private mutating func takeBudget(_ name: String, _ value: String, at site: Site?) {
    guard Settings.budgets.contains(name), let micros = typed(value, .money, name, at: site, related: [])
    else {
      return
    }
    let amount = Money(micros: Int64(micros)!)
    switch name {
    case "budget-run": campaign.runBudget = amount
    case "budget-month": campaign.monthBudget = amount
    default: campaign.budget = amount
    }
  }

  /// A setting that nothing reads is let pass, as it may be meant for a rule that is yet to come; not so when its name is
  /// a slip of the pen for one that would be read, or of a parameter that no setting gives.
  private mutating func checkUnused() {
    let known = Settings.known + Self.inherited + request.schemas.flatMap { $0.parameters.map(\.name) }
    let names = Set(known)
    for name in settings.names where !settings.used.contains(name) && !names.contains(name) {
      let isUniversal = Self.universal.contains { $0.name == name }
      let near = suggestion(for: name, among: names, within: max(1, name.count / 4))
      guard isUniversal || near.map({ settings[$0] == nil }) == true else { continue }
      report(
        "E0219", "nothing reads the setting `\(name)`", at: settings[name]?.site,
        help: isUniversal ? "write it below each rule that it is for" : near.map { "did you mean `\($0)`?" })
    }
  }

  // MARK: - Blocks

  /// What the blocks of each kind may say.
  private static let fields: [SyntaxTree.Block.Kind: [String]] = [
    .scene: ["tags", "prompt", "camera", "music", "duration", "fit", "focus"],
    .pool: ["width", "rate"],
    .model: [
      "provider", "kind", "version", "prompt", "first", "last", "seconds", "milliseconds", "frames", "seed",
      "lengths", "resolution", "ratio", "set", "price", "priced", "source", "longest-prompt", "loops",
    ],
  ]

  private mutating func evaluate(_ block: SyntaxTree.Block, _ source: SourceText) {
    let name = source.text(block.name)
    let site = source.site(block.name)
    if let old = blocks[block.kind, default: [:]].updateValue(site, forKey: name) {
      reportDuplicate("E0213", "\(block.kind.rawValue) `\(name)`", at: site, first: old)
    }
    let fields = evaluateFields(block, allowed: Self.fields[block.kind] ?? [], source)
    switch block.kind {
    case .profile: break
    case .scene:
      if sceneNumbers[name] == nil { sceneNumbers[name] = campaign.scenes.count }
      campaign.scenes.append(.init(name: name, fields: fields, site: site))
    case .model: campaign.models.append(.init(name: name, fields: fields, site: site))
    case .pool: campaign.pools.append(pool(name, fields, at: site))
    }
  }

  private mutating func pool(_ name: String, _ fields: [(name: String, value: String)], at site: Site)
    -> Campaign.Pool
  {
    let width = fields.first { $0.name == "width" }?.value
    let rate = fields.first { $0.name == "rate" }?.value
    if width == nil {
      report(
        "E0216", "pool `\(name)` has no width", at: site,
        help: "write `width = 2`, how many steps it lets run at once")
    }
    return Campaign.Pool(
      name: name, width: width.flatMap { Int($0) } ?? 1, perMinute: rate.flatMap(Self.perMinute), site: site)
  }

  /// `2/s`, `10/min`, `100/h`, in starts a minute.
  static func perMinute(_ rate: String) -> Double? {
    let parts = rate.split(separator: "/", omittingEmptySubsequences: false)
    let units = ["s": 60.0, "min": 1, "h": 1.0 / 60]
    guard parts.count == 2, let count = Double(parts[0]), count > 0, let unit = units[String(parts[1])] else {
      return nil
    }
    return count * unit
  }

  private mutating func evaluateFields(_ block: SyntaxTree.Block, allowed: [String], _ source: SourceText)
    -> [(name: String, value: String)]
  {
    var fields: [(name: String, value: String)] = []
    var seen: [String: Site] = [:]
    for assignment in block.assignments {
      let name = source.text(assignment.name)
      let site = source.site(assignment.name)
      checkSecret(assignment.value.span, source)
      guard allowed.contains(name) else {
        report(
          "E0206", "a \(block.kind.rawValue) has no `\(name)`", at: site,
          help: Self.near(name, allowed) ?? "it has " + allowed.joined(separator: ", "))
        continue
      }
      if let first = seen.updateValue(site, forKey: name) {
        reportDuplicate("E0205", "`\(name)`", at: site, first: first)
      }
      let text = plain(assignment, source)
      let type: ValueType =
        switch name {
        case "width": .count(1...10_000)
        case "rate":
          .phrase(
            example: "10/min",
            check: { Self.perMinute($0) == nil ? "`\($0)` is no rate: write 2/s, 10/min or 100/h" : nil })
        case "kind": .word(["clip", "music", "chat"])
        case "loops": .flag
        default: block.kind == .scene ? sceneType(of: name) : .text
        }
      if let value = typed(text, type, name, at: source.site(assignment.value.span), related: []) {
        fields.append((name, value))
      }
    }
    return fields
  }

  /// What a scene says of its clip is of the type of the parameter that takes it.
  private func sceneType(of field: String) -> ValueType {
    request.schemas.lazy.flatMap(\.parameters).first { $0.name == field }?.type ?? .text
  }

  // MARK: - Values

  /// The canonical spelling; nil and a diagnostic when the text is no such value.
  mutating func typed(
    _ text: String, _ type: ValueType, _ name: String, at site: Site?, related: [Diagnostic.Related]
  ) -> String? {
    switch type.canonical(text) {
    case .success(let value): return value
    case .failure(let problem):
      report("E0301", "`\(name)`: \(problem.message)", at: site, related: related, help: problem.help)
      return nil
    }
  }

  /// Keys belong to the environment: a file is shared, hashed and kept.
  mutating func checkSecret(_ span: Span, _ source: SourceText) {
    for word in source.bytes[span.range].split(whereSeparator: { !$0.isName }) where word.count >= 20 {
      guard Self.secretStarts.contains(where: { word.starts(with: $0) }) else { continue }
      report(
        "E0217", "this looks like a secret key", at: source.site(Span(word.startIndex, word.endIndex)),
        help: "take it out of the file and renew it; keys come from the environment, e.g. XAI_API_KEY")
    }
  }

  private static let secretStarts = ["xai-", "r8_", "sk-", "AKIA"].map { Array($0.utf8) }
}
