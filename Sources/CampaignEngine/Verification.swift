import CampaignCore

/// Everything that a workspace remembers, read again from the disk and compared: finds what no stamp shows.
package struct Verification: Sendable {
  package struct Finding: Hashable, Sendable {
    package enum Kind: String, Sendable {
      /// The content changed although size, times and inode did not: the disk or its memory failed.
      case rotten
      /// A file of the store is not what its name says.
      case damaged
      /// A take that `Campaignfile.lock` names, or that was bought, is not in the store.
      case lost
      /// An output was changed, or removed, since it was made: the next build sees that, too.
      case changed, missing
      /// No rule makes it, no rule needs it, and it lies among outputs.
      case stray

      /// Something is wrong that no build would mend or notice.
      package var isDamage: Bool { self == .rotten || self == .damaged || self == .lost }
    }

    package var kind: Kind
    package var path: String
    /// What to know of it, or to do about it.
    package var words: String
  }

  package private(set) var findings: [Finding] = []
  /// Files and bytes that were read.
  package private(set) var files = 0
  package private(set) var bytes: Int64 = 0

  private let state: StateFolder

  /// Reads every known file of the workspace and of its store. Writes nothing.
  package init(_ state: StateFolder) throws(FileError) {
    self.state = state
    checkFiles()
    checkStore()
    try checkTakes()
  }

  /// Adds files among the outputs that nothing of the campaign explains.
  package mutating func add(strays: [String]) {
    findings += strays.map { Finding(kind: .stray, path: $0, words: "no rule makes or needs it") }
  }

  // MARK: - The workspace

  private mutating func checkFiles() {
    let cache = HashCache(path: state.cache)
    var outputs: [String: ContentHash] = [:]
    cache.forEachTrace { for output in $0.outputs { outputs[output.path] = output.hash } }
    let paths = Set(cache.filePaths()).union(outputs.keys).sorted()
    for (path, hash) in zip(paths, hashes(paths.map(state.resolve))) {
      guard let hash else {
        if outputs[path] != nil { add(.missing, path, "the next build makes it or brings it back") }
        continue
      }
      let record = cache.file(path)
      if let record, !record.isRacy, record.hash != hash, record.stamp == FileStamp.of(state.resolve(path)) {
        add(.rotten, path, "its content changed though no one wrote it: restore it from a copy")
      } else if let made = outputs[path], made != hash {
        add(.changed, path, "it was edited since it was made")
      }
    }
  }

  // MARK: - The store

  private mutating func checkStore() {
    let objects = Store(folder: state.store).objects().filter { $0.content != nil }
    for (object, hash) in zip(objects, hashes(objects.map(\.path))) where hash != object.content {
      add(.damaged, relative(object.path), "it is not what was kept: `campaign gc -y` removes it")
    }
  }

  private mutating func checkTakes() throws(FileError) {
    let store = Store(folder: state.store)
    let lock = try LockFile(path: state.lockFile)
    for (target, entry) in lock.entries.sorted(by: { $0.key < $1.key }) {
      guard let take = entry["take"].flatMap({ ContentHash(hex: $0) }), !store.holds(take) else { continue }
      add(.lost, target, "its take \(take.short) of Campaignfile.lock is not in the store")
    }
    let locked = Set(lock.entries.values.compactMap { $0["take"] })
    let ledger = try Ledger(path: state.journal)
    var odd = ledger.oddLines
    for order in store.orders() { odd += try store.oddLines(order) }
    for line in odd { add(.damaged, relative(line.file), "line \(line.line): \(line.problem)") }
    for attempt in ledger.attempts {
      guard let take = attempt.take, !store.holds(take), !locked.contains(take.hex) else { continue }
      add(.lost, attempt.target, "take \(take.short), bought for \(attempt.committed), is not in the store")
    }
  }

  // MARK: - Reading

  /// Nil: there is no such file, or it cannot be read.
  private mutating func hashes(_ paths: [String]) -> [ContentHash?] {
    let hashes = WorkerPool.map(paths, width: 8) { try? Files.hash($0) }
    for (path, hash) in zip(paths, hashes) where hash != nil {
      files += 1
      bytes += FileStamp.of(path)?.size ?? 0
    }
    return hashes
  }

  private func relative(_ path: String) -> String {
    String(path.dropFirst(state.root == "." ? 0 : state.root.count + 1))
  }

  private mutating func add(_ kind: Finding.Kind, _ path: String, _ words: String) {
    findings.append(Finding(kind: kind, path: path, words: words))
  }
}
