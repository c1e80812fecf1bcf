import CampaignCore

extension Graph {
  /// Reports a cycle among the rules as written, with its path.
  func reportCycle(_ mistakes: inout Mistakes) {
    guard let loop = firstLoop(among: recipe.rules.count, next: { needs(ofRule: $0) }) else { return }
    let names = (loop + [loop[0]]).map { recipe.rules[$0].outputs[0].description }
    mistakes.add(
      "E0404", "these targets depend on each other: " + names.joined(separator: " -> "),
      at: recipe.rules[loop[0]].site, help: "take one of the inputs away")
  }

  /// Rules that must come before a rule, as far as its text shows.
  private func needs(ofRule number: Int) -> [Int] {
    let rule = recipe.rules[number]
    var needed: [Int] = []
    if let each = rule.each { needed += maker(of: each) }
    for input in rule.inputs {
      switch input {
      case .file(let template) where template.hasFields: break
      case .file(let template): needed += maker(of: template.description)
      case .glob(_, let files, let rules): needed += files.flatMap { maker(of: $0) } + rules
      case .all(let other, _): needed.append(other)
      }
    }
    return needed
  }

  private func maker(of path: String) -> [Int] {
    if let step = producer(of: path) { return [ruleNumber(of: step)] }
    return pendingRule(making: path).map { [$0] } ?? []
  }
}
