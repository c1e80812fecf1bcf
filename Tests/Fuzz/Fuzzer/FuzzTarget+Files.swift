import CampaignCore
@testable import CampaignEngine
@testable import CampaignKit

extension FuzzTarget {
  /// What a workspace keeps. Each is written as it comes, read, written on, and read again.
  ///
  /// A `…-records` target gets payloads that are put into the file as sound records, so that no checksum shields what
  /// reads them: the length of each in two bytes, low byte first, and the payload. The plan cache has none: it is
  /// believed when its checksums hold.
  static let files = [
    FuzzTarget(name: "cache") { scratch in
      { bytes in
        unfailing { try Files.write(bytes, to: scratch + "/cache") }
        readCache(scratch + "/cache")
      }
    },
    FuzzTarget(name: "cache-records") { scratch in
      { bytes in
        write(records: bytes, header: "campaign cache 1", to: scratch + "/cache")
        readCache(scratch + "/cache")
      }
    },
    FuzzTarget(name: "outputs") { scratch in
      { bytes in
        unfailing { try Files.write(bytes, to: scratch + "/outputs") }
        readOutputs(scratch + "/outputs")
      }
    },
    FuzzTarget(name: "outputs-records") { scratch in
      { bytes in
        write(records: bytes, header: "campaign output1", to: scratch + "/outputs")
        readOutputs(scratch + "/outputs")
      }
    },
    FuzzTarget(name: "plan") { scratch in
      { bytes in
        unfailing { try Files.write(bytes, to: scratch + "/plan") }
        readPlan(scratch)
      }
    },
    FuzzTarget(name: "journal", dictionary: "lines") { scratch in
      { bytes in
        unfailing { try Files.write(bytes, to: scratch + "/journal") }
        readJournal(scratch + "/journal")
      }
    },
    FuzzTarget(name: "lockfile", dictionary: "lines") { _ in
      { bytes in
        let lock = LockFile(text: String(decoding: bytes, as: UTF8.self))
        expect(LockFile(text: lock.text) == lock, "the lock file is read back as another one")
        let windows = lock.text.split(separator: "\n").joined(separator: "\r\n")
        expect(LockFile(text: windows) == lock, "with line ends of Windows the lock file is another one")
      }
    },
    FuzzTarget(name: "shelf", dictionary: "lines") { _ in readShelf },
    FuzzTarget(name: "run", dictionary: "lines") { _ in
      { bytes in
        let log = String(decoding: bytes, as: UTF8.self)
        let run = Run(name: RunName("20261123-152017042-amber-heron"), log: log)
        expect((try? JSON.parse(run.details([]).compact)) != nil, "a build of the past is no JSON")
        _ = (run.outcome, run.cost, run.name.date)
      }
    },
  ]

  private static func write(records bytes: [UInt8], header: String, to path: String) {
    Files.remove(path)
    let log = RecordLog(path: path, header: header)
    unfailing { try log.openForWriting() }
    var rest = bytes[...]
    while let low = rest.popFirst(), let high = rest.popFirst() {
      let payload = rest.prefix(Int(high) << 8 | Int(low))
      _ = log.append(Array(payload))
      rest = rest.dropFirst(payload.count)
    }
    unfailing { try log.flush() }
  }

  // MARK: - The hash cache

  private static let hash = ContentHash(high: 1, low: 2)

  private static func readCache(_ path: String) {
    readAll(HashCache(path: path))
    let record = HashCache.FileRecord(
      stamp: FileStamp(size: 1, modified: 2, changed: 3, inode: 4), hash: hash, isRacy: false)
    let trace = Trace(
      key: hash, action: Action(name: "shell", version: 1, parameters: []),
      outputs: [.init(path: "new", hash: hash)], inputs: [.init(path: 1, hash: hash)], milliseconds: 1,
      cost: .zero, finished: 1, isEdited: false)
    let cache = HashCache(path: path)
    unfailing {
      try cache.openForWriting()
      try cache.remember("new", record)
      try cache.record(trace)
      try cache.close()
    }
    for cache in [cache, HashCache(path: path)] {
      expect(cache.file("new") == record, "a file is not found again")
      expect(cache.trace("new") == trace, "a trace is not found again")
    }
  }

  private static func readAll(_ cache: HashCache) {
    for path in cache.filePaths() {
      _ = cache.file(path)
      _ = cache.path(key: PathTable.key(path))
    }
    cache.forEachTrace { trace in
      let again = trace.payload.withUnsafeBytes { Trace(payload: $0) }
      expect(again == trace, "a trace is read back as another one")
      let target = trace.outputs[0].path
      _ = (cache.trace(target), cache.milliseconds(target), trace.cost.description)
    }
    _ = (cache.traceCount, cache.isInStep)
  }

  // MARK: - The plan cache and the output log

  private static func readPlan(_ scratch: String) {
    guard let plan = PlanCache(path: scratch + "/plan") else { return }
    _ = (plan.current(call: plan.header.call, root: scratch), plan.holdsAllTraces)
    readAll(HashCache(path: scratch + "/cache", known: plan))
  }

  private static func readOutputs(_ path: String) {
    _ = OutputLog(path: path).owner(of: "new", holding: hash)
    let log = OutputLog(path: path)
    unfailing {
      try log.openForWriting { _ in nil }
      try log.record([.init(path: "new", hash: hash, isEdited: true)], key: hash)
      try log.close(outputs: 1)
    }
    for log in [log, OutputLog(path: path)] {
      expect(log.owner(of: "new", holding: hash) == .adopted(key: hash), "an edit is not known again")
    }
  }

  // MARK: - Money

  private static func readJournal(_ path: String) {
    let ledger = unfailing { try Ledger(path: path) }
    for attempt in ledger.attempts {
      _ = (attempt.committed.description, attempt.jobID, ledger.open(attempt.order))
      expect(Attempt(attempt.line)?.reserved == attempt.reserved, "an attempt is read back as another one")
    }
    _ = (ledger.committed().description, ledger.committed(since: 1).description)
    let id = "0123456789abcdef0123456789abcdef"
    let isNew = ledger[id] == nil
    unfailing {
      try ledger.begin(
        Attempt(
          id: id, order: hash, target: "x", kind: "clip", provider: "replicate", model: "m", run: "r",
          reserved: Money(micros: 1), began: 1))
    }
    let again = unfailing { try Ledger(path: path) }
    expect(!isNew || again[id]?.isOpen == true, "an attempt is not found again")
  }

  private static func readShelf(_ bytes: [UInt8]) {
    var shelf = Shelf()
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      if let line = try? JSON.parse(Array(line)) { _ = shelf.read(line) }
    }
    for take in shelf.takes {
      var lock = LockFile()
      lock.set(take, order: hash, for: "build/x.mp4")
      let again = LockFile(text: lock.text)
      expect(again.take("build/x.mp4", order: hash) == take.content, "the lock file loses a take")
      expect(again.entries.count == 1, "a take writes other lines into the lock file")
    }
    _ = shelf.current.flatMap { shelf[$0] }
  }
}
