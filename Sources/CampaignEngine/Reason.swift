import CampaignCore

/// Why a step is stale: the very comparison that decided.
package enum Reason: Hashable, Sendable {
  case neverBuilt
  case actionChanged([ParameterChange])
  case inputChanged([InputChange])
  case outputMissing(String)
  /// It is of an earlier build than the last that made it.
  case outputOutdated(String)
  /// With what is wrong with it.
  case outputDamaged(String, String)
  case outputEdited(String)
  case forced
  /// It was ordered, perhaps by a build that runs; it is to be fetched.
  case takeInFlight

  /// Nil: was or is not there.
  package struct ParameterChange: Hashable, Sendable {
    package var name: String
    package var old: String?
    package var new: String?

    package init(name: String, old: String?, new: String?) {
      self.name = name
      self.old = old
      self.new = new
    }
  }

  package struct InputChange: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable { case changed, added, removed, reordered }
    package var path: String
    package var kind: Kind

    package init(path: String, kind: Kind) {
      self.path = path
      self.kind = kind
    }
  }

  /// One line, e.g. "photos/a.jpg changed", "parameter `duration` changed: 4s -> 6s".
  package var description: String {
    switch self {
    case .neverBuilt: "never built"
    case .actionChanged(let changes): Self.list(changes.map(\.description), or: "the action changed")
    case .inputChanged(let changes):
      Self.list(changes.map { "\($0.path) \($0.kind.rawValue)" }, or: "inputs changed")
    case .outputMissing(let path): "\(path) is missing"
    case .outputOutdated(let path): "\(path) is of another build"
    case .outputDamaged(let path, let problem): "\(path) is damaged: \(problem)"
    case .outputEdited(let path): "\(path) was edited by hand"
    case .forced: "forced"
    case .takeInFlight: "ordered already"
    }
  }

  private static func list(_ items: [String], or nothing: String) -> String {
    if items.isEmpty { return nothing }
    return items.prefix(3).joined(separator: ", ") + (items.count > 3 ? " and \(items.count - 3) more" : "")
  }
}

extension Reason.ParameterChange: CustomStringConvertible {
  package var description: String {
    if name == "take" { return new == nil ? "its take was rejected" : "another take was chosen" }
    if let old, let new, let parts = ListDifference(from: old, to: new) {
      return "`\(name)` changed: \(parts.brief)"
    }
    return switch (old, new) {
    case (let old?, let new?): "`\(name)` changed: \(Self.brief(old)) -> \(Self.brief(new))"
    case (nil, let new?): "`\(name)` added: \(Self.brief(new))"
    default: "`\(name)` removed"
    }
  }

  private static func brief(_ value: String) -> String {
    let line = value.replacing("\n", with: " ")
    return line.count > 40 ? line.prefix(39) + "…" : line
  }
}
