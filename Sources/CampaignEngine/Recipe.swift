import CampaignCore

/// The rules of a campaign as the engine takes them: names resolved, globs sorted and listed, values checked.
package struct Recipe: Sendable {
  package var rules: [Rule] = []
  /// What bounds each pool; one that is not listed has the width of `cpu`, or that of work elsewhere.
  package var pools: [String: Pool] = [:]

  package init() {}

  /// How much of a kind of work goes on at once.
  package struct Pool: Hashable, Sendable {
    /// Places.
    package var width: Int
    /// Steps that may start in a minute; nil: any number.
    package var perMinute: Double?

    package init(width: Int, perMinute: Double? = nil) {
      self.width = width
      self.perMinute = perMinute
    }
  }
}

/// A rule as written, possibly for each element of a JSON array that another step makes.
package struct Rule: Sendable {
  package var outputs: [Template]
  package var inputs: [Input]
  /// Where each input stands, as far as that is known.
  package var inputSites: [Site] = []
  /// The file whose array gives the elements; nil: one step.
  package var each: String?
  package var action: String
  package var parameters: [(name: String, value: Template)]
  /// Overrides the action's own pool.
  package var pool: String?
  package var isCostly: Bool
  /// A person has to approve its outputs before anything is made from them.
  package var needsApproval = false
  package var manner = Manner()
  /// Where the values of parameters stand.
  package var sites: [String: Site] = [:]
  package var site: Site?

  package init(
    outputs: [Template], inputs: [Input], each: String? = nil, action: String,
    parameters: [(name: String, value: Template)] = [], pool: String? = nil, isCostly: Bool = false,
    site: Site? = nil
  ) {
    self.outputs = outputs
    self.inputs = inputs
    self.each = each
    self.action = action
    self.parameters = parameters
    self.pool = pool
    self.isCostly = isCostly
    self.site = site
  }

  package enum Input: Sendable {
    /// One path; in a rule with `each` it may have fields.
    case file(Template)
    /// What a glob matched, sorted.
    case glob([String])
    /// All outputs number `output` of rule number `rule`, in the order of its array.
    case all(rule: Int, output: Int)
  }
}

/// A text with holes that an element of an array fills.
package struct Template: Hashable, Sendable, ExpressibleByStringLiteral {
  package enum Part: Hashable, Sendable {
    case text(String)
    case field(variable: String, name: String)
  }

  package var parts: [Part]

  package init(_ parts: [Part]) { self.parts = parts }
  package init(_ text: String) { parts = [.text(text)] }
  package init(stringLiteral text: String) { self.init(text) }

  package var hasFields: Bool {
    parts.contains { if case .field = $0 { true } else { false } }
  }

  /// As written, e.g. `build/clips/{pair.id}.mp4`.
  package var description: String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .field(let variable, let name): "{\(variable).\(name)}"
      }
    }.joined()
  }

  /// The text with its holes filled. Throws when the element lacks a field or has no plain value there.
  package func filled(from element: JSON?) throws(StepFailure) -> String {
    var text = ""
    for part in parts {
      switch part {
      case .text(let piece): text += piece
      case .field(_, let name):
        guard let value = element?[name] else { throw StepFailure("has no field `\(name)`") }
        guard let scalar = value.scalar else { throw StepFailure("has no plain value in field `\(name)`") }
        text += scalar
      }
    }
    return text
  }

  /// Whether `path` could be this text with its holes filled.
  package func matches(_ path: String) -> Bool {
    var rest = path[...]
    var isFirst = true
    for (index, part) in parts.enumerated() {
      guard case .text(let piece) = part else { continue }
      if isFirst && index == 0 {
        guard rest.hasPrefix(piece) else { return false }
        rest = rest.dropFirst(piece.count)
      } else if index == parts.count - 1 {
        return rest.count > piece.count && rest.hasSuffix(piece)
      } else {
        guard let range = rest.dropFirst().firstRange(of: piece) else { return false }
        rest = rest[range.upperBound...]
      }
      isFirst = false
    }
    return hasFields ? !rest.isEmpty : rest.isEmpty
  }
}
