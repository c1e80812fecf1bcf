/// What is wrong, as it is found. A mistake that was told is not told again: a setting is as wrong for two actions as for
/// one. Past the hundredth they are only counted: each would cost a search for what was meant, and nobody reads on.
package struct Mistakes: Sendable {
  private var told: [Diagnostic] = []
  private var omitted = 0
  private var seen: Set<Int> = []

  private static let limit = 100

  package init() {}

  package var count: Int { told.count + omitted }
  package var isEmpty: Bool { told.isEmpty }

  package mutating func add(
    _ code: String, _ message: String, at site: Site?, severity: Diagnostic.Severity = .error,
    related: @autoclosure () -> [Diagnostic.Related] = [], help: @autoclosure () -> String? = nil
  ) {
    var hasher = Hasher()
    hasher.combine(code)
    hasher.combine(message)
    hasher.combine(site)
    guard seen.insert(hasher.finalize()).inserted else { return }
    guard told.count < Self.limit else { return omitted += 1 }
    told.append(
      Diagnostic(code, message, at: site, severity: severity, related: related(), help: help()))
  }

  package mutating func add(_ other: Mistakes) {
    for diagnostic in other.told {
      add(
        diagnostic.code, diagnostic.message, at: diagnostic.site, severity: diagnostic.severity,
        related: diagnostic.related, help: diagnostic.help)
    }
    omitted += other.omitted
  }

  /// All of them in the order of their places; the last one stands for those that were only counted.
  package var sorted: [Diagnostic] {
    let inOrder = told.enumerated().sorted { left, right in
      switch (left.element.site, right.element.site) {
      case (let one?, let other?) where one < other || other < one: one < other
      case (nil, .some): true
      case (.some, nil): false
      default: left.offset < right.offset
      }
    }.map(\.element)
    guard omitted > 0 else { return inOrder }
    var rest = Diagnostic("E0115", "\(omitted) more mistakes are not told", at: nil, help: "mend these first")
    rest.count = omitted
    return inOrder + [rest]
  }
}
