import CampaignCore
import CampaignEngine

/// Names for inputs. What a name stands for is looked up when it is asked for, and holds each input once, however many
/// ways lead to it: names of names would otherwise grow with the square, or with the power, of what is written.
struct Aliases: Sendable {
  enum Meaning {
    case name(String)
    case input(Rule.Input)
  }

  private var meanings: [String: [Meaning]] = [:]

  /// Sorted.
  var names: [String] { meanings.keys.sorted() }

  mutating func define(_ name: String, as meaning: [Meaning]) { meanings[name] = meaning }

  /// What a name stands for in the end, in the order of the text; nil: it is none.
  func inputs(_ name: String) -> [Rule.Input]? {
    guard meanings[name] != nil else { return nil }
    var inputs: [Rule.Input] = []
    var seen: Set<Rule.Input> = []
    var seenNames: Set<String> = []
    var stack = [Meaning.name(name)]
    while let meaning = stack.popLast() {
      switch meaning {
      case .input(let input): if seen.insert(input).inserted { inputs.append(input) }
      case .name(let name):
        if seenNames.insert(name).inserted { stack += (meanings[name] ?? []).reversed() }
      }
    }
    return inputs
  }

  func goals(_ name: String) -> [Graph.Goal]? {
    inputs(name)?.flatMap { input -> [Graph.Goal] in
      switch input {
      case .file(let template): [.file(template.description)]
      case .glob(_, let files, let rules): files.map { .file($0) } + rules.map { .all(rule: $0) }
      case .all(let rule, _): [.all(rule: rule)]
      }
    }
  }

  /// Names that stand for each other, the first of them again at the end; nil when there are none.
  func loop() -> [String]? {
    let names = names
    let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    let loop = firstLoop(among: names.count) { inner(names[$0]).compactMap { numbers[$0] } }
    return loop.map { ($0 + [$0[0]]).map { names[$0] } }
  }

  private func inner(_ name: String) -> [String] {
    (meanings[name] ?? []).compactMap { if case .name(let name) = $0 { name } else { nil } }
  }
}
