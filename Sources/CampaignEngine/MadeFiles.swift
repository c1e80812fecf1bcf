import CampaignCore

/// Tells the files that steps made from those that a person did, whatever rules there are now. Reads when it is first
/// asked.
package final class MadeFiles: Sendable {
  private let state: StateFolder
  private let memory = Guarded<(outputs: OutputLog, cache: HashCache)?>(nil)

  package init(_ state: StateFolder) { self.state = state }

  /// Whether a file is what a step made last and nobody has changed: not one that a person edited, or put there.
  package func holdsUntouched(_ path: String) -> Bool {
    guard let stamp = FileStamp.of(state.resolve(path)) else { return false }
    return memory.withLock { memory in
      let known = memory ?? (OutputLog(path: state.outputs), HashCache(path: state.cache))
      memory = known
      let content = known.cache.content(path, stamp) ?? (try? Files.hash(state.resolve(path)))
      return content.map { known.outputs.owner(of: path, holding: $0) } == .step
    }
  }
}
