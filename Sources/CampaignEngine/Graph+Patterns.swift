import CampaignCore

extension Graph {
  /// What a pattern matches, sorted by bytes, once the outputs of `rules` are known; before that, what is beyond doubt.
  ///
  /// What one of those rules could make and does not is no input: it is left from a longer array. Where nothing tells
  /// that a step made it, it may be a person's, who has to say so by another name.
  func matches(of glob: Glob, _ files: [String], _ rules: [Int]) throws(StepFailure) -> [String] {
    guard !rules.isEmpty else { return files }
    let templates = rules.flatMap { recipe.rules[$0].outputs }
    let isKnown = rules.allSatisfy { steps(ofRule: $0) != nil }
    var matches: [String] = []
    for path in files {
      let maker = producer(of: path).map { ruleNumber(of: $0) }
      guard maker == nil, let template = templates.first(where: { $0.matches(path) }) else {
        if maker.map({ !rules.contains($0) }) ?? true { matches.append(path) }
        continue
      }
      guard !isKnown || recipe.isLeftover(path) else {
        throw StepFailure(
          "takes `\(glob.pattern)`, but `\(path)` is none of the files that `\(template.description)` stands for",
          help:
            "remove it, or move it to where no rule makes files: nothing tells whether it is left from before"
        )
      }
    }
    for rule in rules {
      for step in steps(ofRule: rule) ?? 0..<0 {
        matches += outputPaths(of: StepID(step)).filter(glob.matches)
      }
    }
    guard !isKnown || !matches.isEmpty else {
      throw StepFailure(
        "takes `\(glob.pattern)`, and no file matches",
        help: "mend the pattern or the array; an empty set of files is never meant")
    }
    return matches.sortedByBytes()
  }
}
