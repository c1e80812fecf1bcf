import CampaignCore
import CampaignEngine

/// The takes of one target, numbered from 1, oldest first.
package struct Takes: Sendable {
  package var target: String
  package var order: ContentHash
  package var shelf: Shelf
  /// The one that the target is made of.
  package var current: ContentHash?

  package func number(_ number: Int) -> Take? {
    shelf.takes.indices.contains(number - 1) ? shelf.takes[number - 1] : nil
  }
}

extension Project {
  /// What was bought for a target as it is asked for now. Reads only.
  package func takes(_ target: String) throws(BuildError) -> Takes {
    let target = FilePath.normal(target)
    var request = Request()
    request.targets = [target]
    let plan = try plan(request)
    let lock = try lockFile()
    let entry = plan.entries.first { $0.outputs.contains(target) }
    let locked = lock.entries[target]?["order"].flatMap { ContentHash(hex: $0) }
    guard let order = entry?.order ?? locked else {
      throw .invalid([
        Diagnostic(
          "E0415", "`\(target)` has no takes: nothing is bought for it", at: entry?.site,
          help: "takes are kept of what a provider makes, e.g. by = replicate google/veo-3.1-fast")
      ])
    }
    let shelf = try shelf(order)
    return Takes(
      target: target, order: order, shelf: shelf, current: lock.take(target, order: order) ?? shelf.current)
  }

  /// What was bought for each target of a plan that orders something. Reads only.
  package func takes(of plan: Plan) throws(BuildError) -> [String: Takes] {
    let lock = try lockFile()
    var takes: [String: Takes] = [:]
    for entry in plan.entries {
      guard let order = entry.order, let target = entry.outputs.first else { continue }
      let shelf = try shelf(order)
      takes[target] = Takes(
        target: target, order: order, shelf: shelf, current: lock.take(target, order: order) ?? shelf.current)
    }
    return takes
  }

  /// Where the bytes of a bought take are, and for what it was bought; nil: there is no such take.
  package func takeFile(_ content: ContentHash) throws(BuildError) -> (path: String, target: String)? {
    let store = Store(folder: state.store)
    let target = try costs().attempts.last { $0.take == content }?.target
    return target.flatMap { store.holds(content) ? (store.path(of: content), $0) : nil }
  }

  private func shelf(_ order: ContentHash) throws(BuildError) -> Shelf {
    do throws(FileError) { return try Store(folder: state.store).shelf(order) } catch { throw .file(error) }
  }

  private func lockFile() throws(BuildError) -> LockFile {
    do throws(FileError) { return try LockFile(path: state.lockFile) } catch { throw .file(error) }
  }

  /// Brings a target to the take that counts for it. False: here it is ordered otherwise, or not at all, or other files
  /// would have to change for it; nothing was done then.
  package func bring(_ takes: Takes) throws(BuildError) -> Bool {
    var request = Request()
    request.targets = [takes.target]
    let entries = try plan(request).entries
    let others = entries.filter { $0.outputs[0] != takes.target }
    guard entries.contains(where: { $0.outputs[0] == takes.target && $0.order == takes.order }),
      others.allSatisfy({ $0.verdict == .current || $0.verdict == .kept })
    else { return false }
    try bring([takes.target])
    return true
  }

  /// The profile by which something was ordered, as the log of that build tells; nil: none, or nobody knows.
  package func profile(thatOrdered takes: Takes) -> String? {
    let attempt = try? Spending(state).ledger.attempts.last { $0.order == takes.order }
    return attempt.flatMap { try? archive.run(named: $0.run) }?.profile
  }

  /// Makes targets of the takes that count, which buys nothing.
  package func bring(_ targets: [String]) throws(BuildError) {
    guard !targets.isEmpty else { return }
    var request = Request()
    request.targets = targets
    request.isFrozen = true
    _ = try build(request) { _ in }
  }

  /// Makes a take the one that counts. A build then brings the target to it for nothing.
  package func use(_ take: Take, of takes: Takes) throws(BuildError) {
    try change { () throws(FileError) in
      try Store(folder: state.store).use(take.content, of: takes.order)
      try Workspace.changeLockFile(state) { $0.set(take, order: takes.order, for: takes.target) }
    }
  }

  /// Marks a take as unwanted: if it is the one that counts, the next build buys another.
  package func reject(_ take: Take, of takes: Takes, reason: String) throws(BuildError) {
    try change { () throws(FileError) in
      try Store(folder: state.store).reject(take.content, of: takes.order, reason: reason)
    }
  }

  func change(_ body: () throws(FileError) -> Void) throws(BuildError) {
    do throws(EngineError) { try Workspace.exclusively(state, body) } catch { throw BuildError(error) }
  }
}
