import CampaignCore

/// The pools in which no step may start, as a person said, perhaps while a build runs: a line each in `.campaign/paused`.
package struct PausedPools: Hashable, Sendable {
  /// Stands for all pools.
  package static let all = "*"

  package private(set) var names: Set<String> = []

  package init() {}

  package init(_ state: StateFolder) {
    names = Set(((try? Files.text(state.paused)) ?? "").split(separator: "\n").map(String.init))
  }

  package func contains(_ pool: String) -> Bool { names.contains(pool) || names.contains(Self.all) }

  package mutating func pause(_ pool: String) { names.insert(pool) }

  /// Resumes one pool, or all.
  package mutating func resume(_ pool: String) {
    if pool == Self.all { names = [] } else { names.remove(pool) }
  }

  package func save(_ state: StateFolder) throws(FileError) {
    if names.isEmpty { return Files.remove(state.paused) }
    try Files.makeFolder(state.path)
    try Files.replaceDurably(state.paused, with: names.sorted().map { $0 + "\n" }.joined())
  }
}
