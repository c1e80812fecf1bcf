import CampaignCore

/// What a workspace remembers to be fast: for each file its stamp and content hash, for each step its trace.
///
/// One append-only file. Deleting it loses nothing but time, and so does any byte of it that is lost or lies. Used by one
/// thread.
package final class HashCache {
  /// What was known of a file when it was last hashed.
  package struct FileRecord: Hashable, Sendable {
    package var stamp: FileStamp
    package var hash: ContentHash
    /// Hashed so soon after its last change that a further change could have kept the stamp: hash again.
    package var isRacy: Bool
  }

  /// Which record it is: the first byte of a payload.
  enum Kind: UInt8 {
    case file = 1
    case trace = 2
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
    log = RecordLog(path: path, header: "campaign cache 1")
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
    if let offset = files[PathTable.key(path)], let record = fileRecord(at: offset, of: path) {
      return record
    }
    guard let known else { return nil }
    if let record = known.file(path) { return record }
    indexAll()
    return file(path)
  }

  private func fileRecord(at offset: UInt64, of path: String) -> FileRecord? {
    log.withPayload(at: offset) { payload in
      var path = path
      let isMeant = path.withUTF8 { Self.fileName(in: payload).elementsEqual($0) }
      return isMeant ? Self.fileRecord(in: payload) : nil
    }
  }

  /// What a file contains that is like `stamp` now; nil: it has to be read to know.
  package func content(_ path: String, _ stamp: FileStamp) -> ContentHash? {
    guard let record = file(path), record.stamp == stamp, !record.isRacy else { return nil }
    return record.hash
  }

  /// The path whose checksum is `key`: names the inputs of a trace.
  package func path(key: UInt64) -> String? {
    if let known, let id = known.paths.find(key: key) { return known.paths.path(id) }
    if known != nil { indexAll() }
    return files[key].flatMap(fileName(at:))
  }

  /// It is written with the next trace, or by `flush`.
  package func remember(_ path: String, _ record: FileRecord) throws(FileError) {
    var writer = ByteWriter()
    writer.put(Kind.file.rawValue)
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
    files.forEach { if let name = fileName(at: $0) { paths.append(name) } }
    return paths
  }

  // MARK: - Traces

  /// The trace of the step whose first output is `target`.
  package func trace(_ target: String) -> Trace? {
    guard let trace = traceOffset(target).flatMap(trace(at:)), trace.outputs[0].path == target else {
      return nil
    }
    return trace
  }

  private func trace(at offset: UInt64) -> Trace? {
    log.withPayload(at: offset) { $0.first == Kind.trace.rawValue ? Trace(payload: $0) : nil }
  }

  /// Where that trace lies.
  func traceOffset(_ target: String) -> UInt64? {
    let key = PathTable.key(target)
    if let offset = traces[key] { return offset }
    guard let known else { return nil }
    if let step = known.step(target), step.trace != 0 { return step.trace }
    indexAll()
    return traces[key]
  }

  /// Whether a trace is newer than the plan cache, or has moved since.
  func isNewTrace(_ target: String) -> Bool {
    hasNewTraces && traces[PathTable.key(target)].map { $0 >= covered } ?? false
  }

  /// How long the step whose first output is `target` took last time.
  func milliseconds(_ target: String) -> UInt32? {
    if let known, !isNewTrace(target), let step = known.step(target), step.trace != 0 {
      return step.milliseconds
    }
    return traceOffset(target).flatMap { log.withPayload(at: $0) { Trace.milliseconds(in: $0) } }
  }

  /// What was remembered before it is written with it.
  package func record(_ trace: Trace) throws(FileError) {
    try append(trace.payload)
    try flush()
  }

  /// How many steps have a trace, be they of the graph or not.
  var traceCount: Int {
    guard let known else { return traces.count }
    var count = Int(known.header.traces)
    traces.forEach { offset in
      let target = log.withPayload(at: offset) { String(decoding: Trace.name(in: $0), as: UTF8.self) }
      if target.flatMap(known.step).map({ $0.trace == 0 }) ?? true { count += 1 }
    }
    return count
  }

  /// All traces, in no order.
  package func forEachTrace(_ body: (Trace) -> Void) {
    if known != nil { indexAll() }
    traces.forEach { if let trace = trace(at: $0) { body(trace) } }
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
      table.forEach { if let payload = log.withPayload(at: $0, { Array($0) }) { payloads.append(payload) } }
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
    switch payload.first.flatMap(Kind.init) {
    case .file: files.set(checksum(Self.fileName(in: payload)), offset)
    case .trace:
      if offset >= covered { hasNewTraces = true }
      traces.set(checksum(Trace.name(in: payload)), offset)
    case nil: break
    }
  }

  private func fileName(at offset: UInt64) -> String? {
    log.withPayload(at: offset) { String(decoding: Self.fileName(in: $0), as: UTF8.self) }
  }

  private static func fileName(in payload: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var reader = ByteReader(payload, at: 2 + 32 + 16)
    return reader.takeBytes()
  }

  private static func fileRecord(in payload: UnsafeRawBufferPointer) -> FileRecord? {
    var reader = ByteReader(payload, at: 1)
    let isRacy = reader.take(UInt8.self) == 1
    let stamp = FileStamp(
      size: reader.take(Int64.self), modified: reader.take(Int64.self), changed: reader.take(Int64.self),
      inode: reader.take(UInt64.self))
    let record = FileRecord(stamp: stamp, hash: reader.takeHash(), isRacy: isRacy)
    return reader.isWhole ? record : nil
  }
}
