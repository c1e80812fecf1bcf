import CampaignCore

extension Graph {
  /// Reports a cycle among the rules as written, with its path.
  func reportCycle(_ mistakes: inout Mistakes) {
    var marks = [Mark](repeating: .unseen, count: recipe.rules.count)
    for start in recipe.rules.indices where marks[start] == .unseen {
      if let loop = loop(from: start, &marks) {
        let names = (loop + [loop[0]]).map { recipe.rules[$0].outputs[0].description }
        return mistakes.add(
          "E0404", "these targets depend on each other: " + names.joined(separator: " -> "),
          at: recipe.rules[loop[0]].site, help: "take one of the inputs away")
      }
    }
  }

  private enum Mark { case unseen, open, done }

  /// Depth first without recursion: a chain of rules may be as long as the file.
  private func loop(from start: Int, _ marks: inout [Mark]) -> [Int]? {
    var trail = [(rule: start, next: needs(ofRule: start)[...])]
    marks[start] = .open
    while let top = trail.last {
      guard let other = top.next.first else {
        marks[top.rule] = .done
        trail.removeLast()
        continue
      }
      trail[trail.count - 1].next.removeFirst()
      if marks[other] == .open {
        return trail.map(\.rule).suffix(from: trail.firstIndex { $0.rule == other }!) + []
      }
      guard marks[other] == .unseen else { continue }
      marks[other] = .open
      trail.append((other, needs(ofRule: other)[...]))
    }
    return nil
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
