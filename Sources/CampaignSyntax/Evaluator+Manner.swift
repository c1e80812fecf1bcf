import CampaignCore

/// Parameters that every rule may have: how its steps are run and kept, never what they make.
extension Evaluator {
  static let universal = [
    ParameterSchema("pool", .text, "the pool that its steps run in"),
    ParameterSchema("units", .count(1...10_000), "places that a step takes in its pool; 1 when not given"),
    ParameterSchema("priority", .count(-1000...1000), "higher goes first; 0 when not given"),
    ParameterSchema("timeout", .length, "a step is stopped after so long"),
    ParameterSchema("retries", .count(0...20), "how often a failed step is tried again"),
    ParameterSchema(
      "retry-delay", .duration, "before the first further try, doubled before each next; 5s when not given"),
    ParameterSchema(
      "retry-on", .phrase(example: "trouble timeout", check: unknownHitch),
      "what is tried again: failure, timeout, trouble; all of them when not given"),
    ParameterSchema("costly", .flag, "its outputs are kept in the store and come back from there"),
    ParameterSchema("approve", .flag, "a person approves its outputs before anything is made of them"),
  ]

  /// What a setting of the same name says for all rules.
  static let inherited = ["priority", "timeout", "retries", "retry-delay", "retry-on"]

  private static func unknownHitch(_ text: String) -> String? {
    let words = text.split(separator: " ").map(String.init)
    return words.first { Manner.Hitch(rawValue: $0) == nil }.map {
      "`\($0)` is none of `failure`, `timeout`, `trouble`"
    }
  }

  /// Takes the universal parameters out of those of a rule.
  mutating func takeUniversal(
    _ parameters: inout [SyntaxTree.Assignment], _ source: SourceText, _ rule: inout Campaign.Rule
  ) {
    var seen: [String: Site] = [:]
    for name in Self.inherited {
      guard let definition = settings[name], let value = settings.use(name, &mistakes) else { continue }
      take(name, value, at: definition.valueSite, &rule)
    }
    for assignment in parameters {
      let name = source.text(assignment.name)
      guard Self.universal.contains(where: { $0.name == name }) else { continue }
      let site = source.site(assignment.name)
      if let first = seen.updateValue(site, forKey: name) {
        reportDuplicate("E0205", "parameter `\(name)`", at: site, first: first)
      }
      take(name, plain(assignment, source), at: source.site(assignment.value.span), &rule)
    }
    parameters.removeAll { seen[source.text($0.name)] != nil }
  }

  private mutating func take(_ name: String, _ text: String, at site: Site?, _ rule: inout Campaign.Rule) {
    let schema = Self.universal.first { $0.name == name }!
    guard let value = typed(text, schema.type, name, at: site, related: []) else { return }
    switch name {
    case "pool": rule.pool = checkedPool(value, at: site)
    case "units": rule.manner.units = Int(value) ?? 1
    case "priority": rule.manner.priority = Int(value) ?? 0
    case "timeout": rule.manner.timeout = Milliseconds(value)
    case "retries": rule.manner.retries = Int(value) ?? 0
    case "retry-delay": rule.manner.retryDelay = Milliseconds(value) ?? rule.manner.retryDelay
    case "retry-on":
      rule.manner.retryOn = Set(value.split(separator: " ").compactMap { Manner.Hitch(rawValue: String($0)) })
    case "costly": rule.isCostly = value == "yes"
    default: rule.needsApproval = value == "yes"
    }
  }

  private mutating func checkedPool(_ name: String, at site: Site?) -> String {
    let pools = blocks[.pool] ?? [:]
    if name != "cpu", pools[name] == nil {
      report(
        "E0207", "there is no pool `\(name)`", at: site,
        help: Self.near(name, [Array(pools.keys), ["cpu"]].joined())
          ?? "define it: `pool \(name)` and below it `width = 2`")
    }
    return name
  }
}
