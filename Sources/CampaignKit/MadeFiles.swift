import CampaignCore
import CampaignEngine

/// The files that steps made, whatever rules there are now, with what each contained. Read when it is first asked.
final class MadeFiles: Sendable {
  private let state: StateFolder
  private let files = Guarded<[[UInt8]: Made]?>(nil)

  private struct Made {
    var content: ContentHash
    /// What was last known of the file, which saves reading it.
    var record: HashCache.FileRecord?
  }

  init(_ state: StateFolder) { self.state = state }

  /// Whether a file is what a step made and nobody has changed: not one that a person edited, or put there.
  func holdsUntouched(_ path: String) -> Bool {
    let made = files.withLock { files in
      if files == nil { files = read() }
      return files?[Array(path.utf8)]
    }
    guard let made, let stamp = FileStamp.of(state.resolve(path)) else { return false }
    if let record = made.record, record.stamp == stamp, !record.isRacy { return record.hash == made.content }
    return (try? Files.hash(state.resolve(path))) == made.content
  }

  private func read() -> [[UInt8]: Made] {
    var files: [[UInt8]: Made] = [:]
    let cache = HashCache(path: state.cache)
    cache.forEachTrace { trace in
      guard !trace.isEdited else { return }
      for output in trace.outputs {
        files[Array(output.path.utf8)] = Made(content: output.hash, record: cache.file(output.path))
      }
    }
    return files
  }
}
