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
  private var files = OffsetTable()
  private var traces = OffsetTable()
  private var records = 0
  private var isChanged = false

  /// Reads the cache at `path`; missing or damaged parts are as if they had never been written.
  package init(path: String) {
    log = RecordLog(path: path)
    log.forEach { offset, payload in index(payload, at: offset) }
  }

  /// Makes `remember` and `record` last. Without it they hold for this object only.
  package func openForWriting() throws(FileError) { try log.openForWriting() }

  package func file(_ path: String) -> FileRecord? {
    files.find(PathTable.key(path)) { fileName(at: $0) == path }.map { offset in
      log.withPayload(at: offset) { Self.fileRecord(in: $0) }
    }
  }

  /// The path whose checksum is `key`: names the inputs of a trace.
  package func path(key: UInt64) -> String? { files.find(key) { _ in true }.map(fileName(at:)) }

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

  /// The trace of the step whose first output is `target`.
  package func trace(_ target: String) -> Trace? {
    traces.find(PathTable.key(target)) { traceName(at: $0) == target }.map { offset in
      log.withPayload(at: offset) { Trace(payload: $0) }
    }
  }

  /// How long the step whose first output is `target` took last time.
  func milliseconds(_ target: String) -> UInt32? {
    traces.find(PathTable.key(target)) { traceName(at: $0) == target }.map { offset in
      log.withPayload(at: offset) { Trace.milliseconds(in: $0) }
    }
  }

  package func record(_ trace: Trace) throws(FileError) { try append(trace.payload) }

  /// The files whose content is known, in no order.
  func filePaths() -> [String] {
    var paths: [String] = []
    files.forEach { paths.append(fileName(at: $0)) }
    return paths
  }

  /// All traces, in no order.
  package func forEachTrace(_ body: (Trace) -> Void) {
    traces.forEach { offset in body(log.withPayload(at: offset) { Trace(payload: $0) }) }
  }

  /// Ends a build: writes the file anew when most of it is superseded.
  package func close() throws(FileError) {
    let live = files.count + traces.count
    guard isChanged, log.size > 64 << 10, records > 2 * live else { return }
    var payloads: [[UInt8]] = []
    for table in [files, traces] {
      table.forEach { offset in payloads.append(log.withPayload(at: offset) { Array($0) }) }
    }
    try log.replace(with: payloads)
  }

  private func append(_ payload: [UInt8]) throws(FileError) {
    let offset = try log.append(payload)
    payload.withUnsafeBytes { index($0, at: offset) }
    isChanged = true
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
