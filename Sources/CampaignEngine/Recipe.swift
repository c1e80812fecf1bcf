import CampaignCore

/// The rules of a campaign as the engine takes them: names resolved, globs sorted and listed, values checked.
package struct Recipe: Sendable {
  package var rules: [Rule] = []
  /// What bounds each pool; one that is not listed has the width of `cpu`, or that of work elsewhere.
  package var pools: [String: Pool] = [:]
  /// Files that no step may make, e.g. the Campaignfile.
  package var reserved: Set<String> = []
  /// Whether a file that is no output now is one that a step made once, and as it made it.
  package var isLeftover: @Sendable (String) -> Bool = { _ in false }

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

  package enum Input: Hashable, Sendable {
    /// One path; in a rule with `each` it may have fields.
    case file(Template)
    /// What a pattern matches: of `files` on the disk and plain outputs all that `rules`, each with `each`, could not
    /// make; and of the outputs of those rules what they do make.
    case glob(Glob, files: [String], rules: [Int] = [])
    /// All outputs number `output` of rule number `rule`, in the order of its array.
    case all(rule: Int, output: Int)
  }

  /// Rules whose steps must be known before the inputs of this one are.
  var drawsOn: [Int] {
    inputs.flatMap { input -> [Int] in
      switch input {
      case .file: return []
      case .glob(_, _, let rules): return rules
      case .all(let rule, _): return [rule]
      }
    }
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
        text += try Self.scalar(name, of: element)
      }
    }
    return text
  }

  /// The texts between the holes, with empty ones where there is none.
  package var texts: [String] {
    var texts = [""]
    for part in parts {
      switch part {
      case .text(let text): texts[texts.count - 1] += text
      case .field: texts.append("")
      }
    }
    return texts
  }

  private static func scalar(_ name: String, of element: JSON?) throws(StepFailure) -> String {
    guard let value = element?[name] else {
      let near = suggestion(for: name, among: element?.names ?? [])
      throw StepFailure("has no field `\(name)`", help: near.map { "did you mean `\($0)`?" })
    }
    guard let scalar = value.scalar else { throw StepFailure("has no plain value in field `\(name)`") }
    return scalar
  }

  /// Whether `path` could be this text with its holes filled.
  package func matches(_ path: String) -> Bool {
    let texts = texts.map { Array($0.utf8) }
    var rest = Array(path.utf8)[...]
    guard texts.count > 1 else { return rest.elementsEqual(texts[0]) }
    guard rest.starts(with: texts[0]) else { return false }
    rest = rest.dropFirst(texts[0].count)
    for text in texts[1...].dropLast() {
      guard let range = rest.dropFirst().firstRange(of: text) else { return false }
      rest = rest[range.upperBound...]
    }
    return rest.count > texts.last!.count && rest.suffix(texts.last!.count).elementsEqual(texts.last!)
  }
}
