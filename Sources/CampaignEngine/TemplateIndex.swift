/// The rules that could make a path, found by how their outputs begin and end instead of one after the other: a file may
/// hold as many rules as sources.
package struct TemplateIndex: Sendable {
  private struct Ends: Hashable {
    var first: ArraySlice<UInt8>
    var last: ArraySlice<UInt8>
  }

  private var owners: [Ends: [(owner: Int, template: Template)]] = [:]
  /// How long beginnings and ends are; there are few of them.
  private var lengths: [(first: Int, last: Int)] = []

  package init() {}

  /// The outputs of the rules with `each`.
  init(_ recipe: Recipe) {
    for (number, rule) in recipe.rules.enumerated() where rule.each != nil {
      for output in rule.outputs { add(output, of: number) }
    }
  }

  /// - Parameter owner: the number of its rule; they come in order.
  package mutating func add(_ template: Template, of owner: Int) {
    let ends = Ends(first: Self.text(template.parts.first), last: Self.text(template.parts.last))
    let length = (ends.first.count, ends.last.count)
    if !lengths.contains(where: { $0 == length }) { lengths.append(length) }
    owners[ends, default: []].append((owner, template))
  }

  private static func text(_ part: Template.Part?) -> ArraySlice<UInt8> {
    if case .text(let text)? = part { Array(text.utf8)[...] } else { [] }
  }

  /// The first owner of a template that matches, of those that `counts` lets pass.
  package func owner(making path: String, where counts: (Int) -> Bool = { _ in true }) -> Int? {
    guard !lengths.isEmpty else { return nil }
    let bytes = Array(path.utf8)
    var first: Int?
    for length in lengths where length.first + length.last <= bytes.count {
      let ends = Ends(first: bytes.prefix(length.first), last: bytes.suffix(length.last))
      for (owner, template) in owners[ends] ?? [] where owner < first ?? .max {
        if counts(owner), template.matches(path) { first = owner }
      }
    }
    return first
  }
}
