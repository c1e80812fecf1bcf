import CPlatform
import CampaignCore
import Glibc

/// An append-only file of checksummed records.
///
/// A frame is a mark, the length and the checksum of its payload, and the payload, padded to 8 bytes. Nothing is taken
/// on trust: every record is checked whenever it is read, so a byte that is lost or lies costs the record it hit and no
/// other. The file is read, never mapped: a mapping is only as long as the file stays.
final class RecordLog {
  private static let mark: UInt32 = 0x4C50_4D43
  private static let frame = 16

  let path: String
  /// What the file begins with: 16 bytes that say what it is, and its version.
  private let header: [UInt8]
  /// -1: there is no such file, or one of another kind.
  private var descriptor: Int32 = -1
  private var isWritable = false
  /// Bytes of the file, sound or not, as far as we know of it.
  private var written = 0
  /// What waits to be written; offsets go on from `written`.
  private var tail: [UInt8] = []
  /// The latest record that was read.
  private var buffer = [UInt8](repeating: 0, count: 1024)

  /// Opens `path` for reading; a missing or foreign file counts as empty.
  init(path: String, header: String) {
    self.path = path
    self.header = Array(header.utf8)
    precondition(self.header.count == 16, "records begin at a multiple of 8")
    open(O_RDONLY)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private func open(_ flags: Int32) {
    let file = campaign_open(path, flags, 0)
    guard file >= 0 else { return }
    var status = stat()
    var start = [UInt8](repeating: 0, count: header.count)
    guard fstat(file, &status) == 0, pread(file, &start, start.count, 0) == start.count, start == header
    else {
      close(file)
      return
    }
    (descriptor, written, inode) = (file, Int(status.st_size), UInt64(status.st_ino))
  }

  /// The file's number in its file system; 0: there is none.
  private(set) var inode: UInt64 = 0

  /// Bytes of the file, with those that wait to be written.
  var size: Int { written + tail.count }

  // MARK: - Reading

  /// Calls `body` with the offset of each sound record from `start` on, oldest first.
  func forEach(
    from start: UInt64 = 0, _ body: (_ offset: UInt64, _ payload: UnsafeRawBufferPointer) -> Void
  ) {
    let first = max(Int(start), header.count)
    if descriptor >= 0, first < written {
      let bytes = Files.bytes(of: descriptor, from: first, count: written - first)
      bytes.withUnsafeBytes { Self.forEach(in: $0) { body(UInt64(first + $0), $1) } }
    }
    tail.withUnsafeBytes { Self.forEach(in: $0) { body(UInt64(written + $0), $1) } }
  }

  private static func forEach(
    in bytes: UnsafeRawBufferPointer, _ body: (Int, UnsafeRawBufferPointer) -> Void
  ) {
    var offset = 0
    while offset + frame <= bytes.count {
      guard let payload = payload(in: bytes, at: offset) else {
        offset += 8
        continue
      }
      body(offset, payload)
      offset += framed(payload.count)
    }
  }

  /// Calls `body` with the payload at an offset that `forEach` or `append` gave; nil when it is not sound, or no more.
  func withPayload<Result>(at offset: UInt64, _ body: (UnsafeRawBufferPointer) -> Result?) -> Result? {
    if offset >= written {
      return tail.withUnsafeBytes { Self.payload(in: $0, at: Int(offset) - written).flatMap(body) }
    }
    // Nearly all records fit at once; of a longer one this says how long it is.
    guard descriptor >= 0, let count = fill(from: offset, upTo: buffer.count), count >= Self.frame else {
      return nil
    }
    let whole = buffer.withUnsafeBytes { Self.framed(Self.length(in: $0, at: 0)) }
    if whole > count {
      guard whole <= written - Int(offset) else { return nil }
      if whole > buffer.count { buffer = [UInt8](repeating: 0, count: whole) }
      guard fill(from: offset, upTo: whole) == whole else { return nil }
    }
    return buffer.withUnsafeBytes { Self.payload(in: $0, at: 0).flatMap(body) }
  }

  private func fill(from offset: UInt64, upTo count: Int) -> Int? {
    let read = pread(descriptor, &buffer, count, off_t(offset))
    return read < 0 ? nil : read
  }

  private static func length(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
    Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)))
  }

  private static func payload(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UnsafeRawBufferPointer? {
    guard offset >= 0, offset + frame <= bytes.count,
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) == mark
    else { return nil }
    let count = length(in: bytes, at: offset)
    guard count <= bytes.count - offset - frame else { return nil }
    let payload = UnsafeRawBufferPointer(rebasing: bytes[(offset + frame)...].prefix(count))
    let sum = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
    return seal(payload) == sum ? payload : nil
  }

  // MARK: - Writing

  /// Allows `append`.
  func openForWriting() throws(FileError) {
    guard !isWritable else { return }
    precondition(tail.isEmpty, "what was appended before would be written, too")
    if descriptor < 0 { try create([]) }
    close(descriptor)
    descriptor = -1
    open(O_RDWR | O_APPEND)
    guard descriptor >= 0 else { throw FileError("write", path) }
    isWritable = true
  }

  /// Appends a record and returns its offset; `flush` writes it. Without `openForWriting` it lasts as long as this object.
  func append(_ payload: [UInt8]) -> UInt64 {
    // A torn record may have left the end askew.
    if tail.isEmpty { tail += repeatElement(0, count: (8 - written % 8) % 8) }
    let offset = UInt64(size)
    Self.appendFrame(payload, to: &tail)
    return offset
  }

  /// So much waits to be written that it should be.
  var isDue: Bool { tail.count > 64 << 10 }

  /// Writes what was appended since, with one write. After a disk was full it goes on where it stopped: offsets stay true.
  func flush() throws(FileError) {
    guard isWritable else { return }
    while !tail.isEmpty {
      let count = write(descriptor, tail, tail.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError("write", path) }
      written += count
      if count == tail.count { tail.removeAll(keepingCapacity: true) } else { tail.removeFirst(count) }
    }
  }

  /// Writes what was appended, for good.
  func sync() throws(FileError) {
    try flush()
    guard !isWritable || fsync(descriptor) == 0 else { throw FileError("sync", path) }
  }

  /// The file holds what was appended and nothing else, so that offsets may be kept.
  var isInStep: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && Int(status.st_size) == size
  }

  /// Replaces the whole file, atomically, by these records. Offsets given so far no longer hold.
  func replace(with payloads: [[UInt8]]) throws(FileError) {
    try create(payloads)
    guard isWritable else { return }
    isWritable = false
    try openForWriting()
  }

  private func create(_ payloads: [[UInt8]]) throws(FileError) {
    var bytes = header
    for payload in payloads { Self.appendFrame(payload, to: &bytes) }
    try Files.write(bytes, to: path + ".new")
    try Files.sync(path + ".new")
    try Files.rename(path + ".new", to: path)
    if descriptor >= 0 { close(descriptor) }
    (descriptor, written, tail) = (-1, 0, [])
    open(O_RDONLY)
    guard descriptor >= 0 else { throw FileError("read", path) }
  }

  private static func appendFrame(_ payload: [UInt8], to bytes: inout [UInt8]) {
    withUnsafeBytes(of: mark.littleEndian) { bytes += $0 }
    withUnsafeBytes(of: UInt32(payload.count).littleEndian) { bytes += $0 }
    let sum = payload.withUnsafeBytes { seal($0) }
    withUnsafeBytes(of: sum.littleEndian) { bytes += $0 }
    bytes += payload
    bytes += repeatElement(0, count: framed(payload.count) - frame - payload.count)
  }

  private static func framed(_ count: Int) -> Int { frame + (count + 7) / 8 * 8 }

  /// Of length and content, so that a record of zeros does not seal itself.
  private static func seal(_ payload: UnsafeRawBufferPointer) -> UInt64 {
    checksum(payload) ^ (UInt64(payload.count) &* 0x9E37_79B9_7F4A_7C15)
  }
}
