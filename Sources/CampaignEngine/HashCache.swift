import CampaignCore

/// The only state of a workspace: for each file its stamp and content hash, for each step its trace.
///
/// One mapped, append-only file. Deleting it loses nothing but time. Used by one thread.
package final class HashCache {
  /// What was known of a file when it was last hashed.
  package struct FileRecord: Hashable, Sendable {
    package var stamp: FileStamp
    package var hash: ContentHash
    /// Hashed so soon after its last change that a further change could have kept the stamp: hash again.
    package var isRacy: Bool
  }

  private let log: RecordLog
  /// Stands in for the index of what was in the log when it was written; nil: the index covers all.
  private var known: PlanCache?
  /// Where what is newer than the plan cache begins; 0: it is of no use.
  private var covered: UInt64 = 0
  private var files = OffsetTable()
  private var traces = OffsetTable()
  private(set) var records = 0
  private(set) var hasNewTraces = false
  /// Something was appended.
  private(set) var isChanged = false

  /// Reads the cache at `path`; missing or damaged parts are as if they had never been written. A plan cache that
  /// speaks of this file saves reading most of it.
  package init(path: String, known: PlanCache? = nil) {
    log = RecordLog(path: path)
    if let known, known.isGood(for: log) {
      self.known = known
      records = Int(known.header.records)
      covered = known.header.logSize
      log.forEach(from: known.header.logSize) { offset, payload in index(payload, at: offset) }
    } else {
      indexAll()
    }
  }

  /// What the index leaves to the plan cache.
  var plan: PlanCache? { known }

  /// Which file this is and how far it goes.
  var extent: (inode: UInt64, size: UInt64) { (log.inode, UInt64(log.size)) }

  private func indexAll() {
    known = nil
    (files, traces, records) = (OffsetTable(), OffsetTable(), 0)
    log.forEach { offset, payload in index(payload, at: offset) }
  }

  /// Makes `remember` and `record` last. Without it they hold for this object only.
  package func openForWriting() throws(FileError) { try log.openForWriting() }

  // MARK: - Files

  package func file(_ path: String) -> FileRecord? {
    if let offset = fileOffset(path) { return log.withPayload(at: offset) { Self.fileRecord(in: $0) } }
    guard let known else { return nil }
    if let record = known.file(path) { return record }
    indexAll()
    return file(path)
  }

  /// What a file contains that is like `stamp` now; nil: it has to be read to know.
  package func content(_ path: String, _ stamp: FileStamp) -> ContentHash? {
    guard let record = file(path), record.stamp == stamp, !record.isRacy else { return nil }
    return record.hash
  }

  private func fileOffset(_ path: String) -> UInt64? {
    files.find(PathTable.key(path)) { fileName(at: $0) == path }
  }

  /// The path whose checksum is `key`: names the inputs of a trace.
  package func path(key: UInt64) -> String? {
    if let known, let id = known.paths.find(key: key) { return known.paths.path(id) }
    if known != nil { indexAll() }
    return files.find(key) { _ in true }.map(fileName(at:))
  }

  /// It is written with the next trace, or by `flush`.
  package func remember(_ path: String, _ record: FileRecord) throws(FileError) {
    var writer = ByteWriter()
    writer.put(RecordKind.file.rawValue)
    writer.put(record.isRacy ? UInt8(1) : 0)
    writer.put(record.stamp.size)
    writer.put(record.stamp.modified)
    writer.put(record.stamp.changed)
    writer.put(record.stamp.inode)
    writer.put(record.hash)
    writer.put(path)
    try append(writer.bytes)
  }

  /// The files whose content is known, in no order.
  func filePaths() -> [String] {
    if known != nil { indexAll() }
    var paths: [String] = []
    files.forEach { paths.append(fileName(at: $0)) }
    return paths
  }

  // MARK: - Traces

  /// The trace of the step whose first output is `target`.
  package func trace(_ target: String) -> Trace? {
    traceOffset(target).map { offset in log.withPayload(at: offset) { Trace(payload: $0) } }
  }

  /// Where that trace lies.
  func traceOffset(_ target: String) -> UInt64? {
    if let offset = indexedTrace(target) { return offset }
    guard let known else { return nil }
    if let step = known.step(target), step.trace != 0 { return step.trace }
    indexAll()
    return indexedTrace(target)
  }

  private func indexedTrace(_ target: String) -> UInt64? {
    traces.find(PathTable.key(target)) { traceName(at: $0) == target }
  }

  /// Whether a trace is newer than the plan cache, or has moved since.
  func isNewTrace(_ target: String) -> Bool {
    hasNewTraces && indexedTrace(target).map { $0 >= covered } ?? false
  }

  /// How long the step whose first output is `target` took last time.
  func milliseconds(_ target: String) -> UInt32? {
    if let known, !isNewTrace(target), let step = known.step(target), step.trace != 0 {
      return step.milliseconds
    }
    return traceOffset(target).map { offset in log.withPayload(at: offset) { Trace.milliseconds(in: $0) } }
  }

  /// What was remembered before it is written with it: a step's output must not be there before its trace is. If that
  /// fails and it is written later, it says what the output that is still there was to be replaced by: no harm.
  package func record(_ trace: Trace) throws(FileError) {
    try append(trace.payload)
    try flush()
  }

  /// How many steps have a trace, be they of the graph or not.
  var traceCount: Int {
    guard let known else { return traces.count }
    var count = Int(known.header.traces)
    traces.forEach { if known.step(traceName(at: $0)).map({ $0.trace == 0 }) ?? true { count += 1 } }
    return count
  }

  /// All traces, in no order.
  package func forEachTrace(_ body: (Trace) -> Void) {
    if known != nil { indexAll() }
    traces.forEach { offset in body(log.withPayload(at: offset) { Trace(payload: $0) }) }
  }

  // MARK: - The end

  package func flush() throws(FileError) { try log.flush() }

  /// A plan cache may keep where records lie.
  var isInStep: Bool { log.isInStep }

  /// Ends a build: writes the file anew when most of it is superseded.
  package func close() throws(FileError) {
    try flush()
    let live = Int(known?.header.files ?? 0) + Int(known?.header.steps ?? 0) + files.count + traces.count
    guard isChanged, log.size > 64 << 10, records > 2 * live else { return }
    if known != nil { indexAll() }
    var payloads: [[UInt8]] = []
    for table in [files, traces] {
      table.forEach { offset in payloads.append(log.withPayload(at: offset) { Array($0) }) }
    }
    try log.replace(with: payloads)
    covered = 0
    indexAll()
  }

  private func append(_ payload: [UInt8]) throws(FileError) {
    let offset = log.append(payload)
    payload.withUnsafeBytes { index($0, at: offset) }
    isChanged = true
    if log.isDue { try flush() }
  }

  private func index(_ payload: UnsafeRawBufferPointer, at offset: UInt64) {
    records += 1
    switch payload.first.flatMap(RecordKind.init) {
    case .file:
      let name = Self.fileName(in: payload)
      files.set(checksum(name), offset) { other in
        log.withPayload(at: other) { Self.fileName(in: $0).elementsEqual(name) }
      }
    case .trace:
      if offset >= covered { hasNewTraces = true }
      let name = Trace.name(in: payload)
      traces.set(checksum(name), offset) { other in
        log.withPayload(at: other) { Trace.name(in: $0).elementsEqual(name) }
      }
    case nil: break
    }
  }

  private func fileName(at offset: UInt64) -> String {
    log.withPayload(at: offset) { String(decoding: Self.fileName(in: $0), as: UTF8.self) }
  }

  private func traceName(at offset: UInt64) -> String {
    log.withPayload(at: offset) { String(decoding: Trace.name(in: $0), as: UTF8.self) }
  }

  private static func fileName(in payload: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var reader = ByteReader(payload, at: 2 + 32 + 16)
    return reader.takeBytes()
  }

  private static func fileRecord(in payload: UnsafeRawBufferPointer) -> FileRecord {
    var reader = ByteReader(payload, at: 1)
    let isRacy = reader.take(UInt8.self) == 1
    let stamp = FileStamp(
      size: reader.take(Int64.self), modified: reader.take(Int64.self), changed: reader.take(Int64.self),
      inode: reader.take(UInt64.self))
    return FileRecord(stamp: stamp, hash: reader.takeHash(), isRacy: isRacy)
  }
}
