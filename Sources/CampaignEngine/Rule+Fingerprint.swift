import CampaignCore

extension Recipe {
  /// Of all that gives a rule its steps, but for the array: steps kept under the same fingerprint are still right.
  ///
  /// - Parameter tools: the toolbox's own.
  func fingerprint(ofRule number: Int, tools: ContentHash) -> ContentHash {
    let rule = rules[number]
    var hasher = ContentHasher()
    hasher.append(tools)
    hasher.append(rule.action)
    hasher.append(rule.each ?? "")
    hasher.append(UInt64(rule.outputs.count))
    for output in rule.outputs { hasher.append(output) }
    hasher.append(UInt64(rule.inputs.count))
    for input in rule.inputs { append(input, to: &hasher) }
    for parameter in rule.parameters {
      hasher.append(parameter.name)
      hasher.append(parameter.value)
    }
    return hasher.finish()
  }

  private func append(_ input: Rule.Input, to hasher: inout ContentHasher) {
    switch input {
    case .file(let template):
      hasher.append(0)
      hasher.append(template)
    case .glob(let glob, let files, let others):
      hasher.append(1)
      hasher.append(glob.pattern)
      for list in [files, others.flatMap { rules[$0].outputs.map(\.description) }] {
        hasher.append(UInt64(list.count))
        for text in list { hasher.append(text) }
      }
    case .all(let rule, let output):
      hasher.append(2)
      hasher.append(rules[rule].outputs[output])
    }
  }
}

extension ContentHasher {
  fileprivate mutating func append(_ template: Template) {
    append(UInt64(template.parts.count))
    for part in template.parts {
      switch part {
      case .text(let text):
        append(0)
        append(text)
      case .field(_, let name):
        append(1)
        append(name)
      }
    }
  }
}
