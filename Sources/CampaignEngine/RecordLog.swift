import CampaignCore
import Glibc

/// An append-only file of checksummed records, mapped for reading.
///
/// A frame is a mark, the length and the checksum of its payload, and the payload, padded to 8 bytes. Whatever
/// does not check out is stepped over 8 bytes at a time, so a torn tail or garbage costs the records it hit and
/// no others, and nothing is ever truncated under a reader.
final class RecordLog {
  private static let header: [UInt8] = Array("campaign cache 1".utf8)
  private static let mark: UInt32 = 0x4C50_4D43
  private static let frame = 16

  let path: String
  /// The mapped file as it was when opened.
  private var base = UnsafeRawBufferPointer(start: nil, count: 0)
  /// What this process appended since; offsets go on from `base`. When it gets long, it is mapped from the file, too.
  private var tail: [UInt8] = []
  private static let longestTail = 1 << 20
  /// How many bytes at the end of `tail` are not in the file yet.
  private var unwritten = 0
  private var descriptor: Int32 = -1
  /// Zeros to append first, so that the next frame is aligned.
  private var padding = 0
  /// The file is missing or of another version: start it anew.
  private var isFresh = true

  /// Opens `path` for reading; a missing or foreign file counts as empty.
  init(path: String) {
    self.path = path
    map()
  }

  private func map() {
    guard let descriptor = try? Files.open(path, O_RDONLY, "read") else { return }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size >= Self.header.count,
      let file = Self.mapping(descriptor, Int(status.st_size))
    else { return }
    guard file.starts(with: Self.header) else {
      Self.unmap(file)
      return
    }
    base = file
    inode = UInt64(status.st_ino)
    isFresh = false
    padding = gap
  }

  private static func mapping(_ descriptor: Int32, _ size: Int) -> UnsafeRawBufferPointer? {
    let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    return address == MAP_FAILED ? nil : UnsafeRawBufferPointer(start: address, count: size)
  }

  /// Zeros between what was mapped and the first appended frame.
  private var gap: Int { (8 - base.count % 8) % 8 }

  private static func unmap(_ file: UnsafeRawBufferPointer) {
    if let start = file.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), file.count) }
  }

  /// Maps what was appended, instead of holding it. Where that cannot be, or the file holds more than we know of, it is
  /// held on: offsets must stay what they are.
  private func mapTail() {
    var status = stat()
    guard fstat(descriptor, &status) == 0, Int(status.st_size) == size,
      let file = Self.mapping(descriptor, size)
    else { return }
    Self.unmap(base)
    (base, tail) = (file, [])
  }

  deinit {
    Self.unmap(base)
    if descriptor >= 0 { close(descriptor) }
  }

  /// Bytes of the file, sound or not.
  var size: Int { base.count + tail.count }

  /// The file's number in its file system; 0: there is none.
  private(set) var inode: UInt64 = 0

  /// Calls `body` with the offset of each sound record from `start` on, oldest first.
  func forEach(
    from start: UInt64 = 0, _ body: (_ offset: UInt64, _ payload: UnsafeRawBufferPointer) -> Void
  ) {
    forEach(in: base, from: max(Int(start), Self.header.count)) { body(UInt64($0), $1) }
    let mapped = base.count
    tail.withUnsafeBytes { tail in forEach(in: tail, from: gap) { body(UInt64(mapped + $0), $1) } }
  }

  private func forEach(
    in bytes: UnsafeRawBufferPointer, from start: Int, _ body: (Int, UnsafeRawBufferPointer) -> Void
  ) {
    var offset = start
    while offset + Self.frame <= bytes.count {
      guard let payload = payload(in: bytes, at: offset) else {
        offset += 8
        continue
      }
      body(offset, payload)
      offset += Self.framed(payload.count)
    }
  }

  /// Calls `body` with the payload at an offset that `forEach` or `append` gave.
  func withPayload<Result>(at offset: UInt64, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    if offset < base.count { return body(Self.unchecked(base, at: Int(offset))) }
    return tail.withUnsafeBytes { body(Self.unchecked($0, at: Int(offset) - base.count)) }
  }

  /// Allows `append`.
  func openForWriting() throws(FileError) {
    guard descriptor < 0 else { return }
    precondition(tail.isEmpty, "what was appended before would be written, too")
    if isFresh { try replace(with: []) }
    descriptor = try Files.open(path, O_RDWR | O_APPEND, "write")
  }

  /// Appends a record and returns its offset; `flush` writes it. Without `openForWriting` it lasts as long as this object.
  func append(_ payload: [UInt8]) -> UInt64 {
    let before = tail.count
    tail += repeatElement(0, count: padding)
    let offset = UInt64(size)
    Self.appendFrame(payload, to: &tail)
    padding = 0
    unwritten += tail.count - before
    return offset
  }

  /// So much waits to be written that it should be.
  var isDue: Bool { unwritten > 64 << 10 }

  /// Writes what was appended since, with one write. After a disk was full it goes on where it stopped: offsets stay true.
  func flush() throws(FileError) {
    guard descriptor >= 0, unwritten > 0 else { return }
    while unwritten > 0 {
      let count = tail.withUnsafeBytes {
        write(descriptor, $0.baseAddress! + $0.count - unwritten, unwritten)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError("write", path) }
      unwritten -= count
    }
    if tail.count > Self.longestTail { mapTail() }
  }

  /// The file holds what was appended and nothing else, so that offsets may be kept.
  var isInStep: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && Int(status.st_size) == size
  }

  /// Replaces the whole file, atomically, by these records. Offsets given so far no longer hold.
  func replace(with payloads: [[UInt8]]) throws(FileError) {
    var bytes = Self.header
    for payload in payloads { Self.appendFrame(payload, to: &bytes) }
    try Files.write(bytes, to: path + ".new")
    try Files.sync(path + ".new")
    try Files.rename(path + ".new", to: path)
    Self.unmap(base)
    (base, tail, unwritten) = (UnsafeRawBufferPointer(start: nil, count: 0), [], 0)
    map()
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    try openForWriting()
  }

  private static func appendFrame(_ payload: [UInt8], to bytes: inout [UInt8]) {
    withUnsafeBytes(of: mark.littleEndian) { bytes += $0 }
    withUnsafeBytes(of: UInt32(payload.count).littleEndian) { bytes += $0 }
    let sum = payload.withUnsafeBytes { seal($0) }
    withUnsafeBytes(of: sum.littleEndian) { bytes += $0 }
    bytes += payload
    bytes += [UInt8](repeating: 0, count: framed(payload.count) - frame - payload.count)
  }

  private static func framed(_ count: Int) -> Int { frame + (count + 7) / 8 * 8 }

  /// Of length and content, so that a record of zeros does not seal itself.
  private static func seal(_ payload: UnsafeRawBufferPointer) -> UInt64 {
    checksum(payload) ^ (UInt64(payload.count) &* 0x9E37_79B9_7F4A_7C15)
  }

  private func payload(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UnsafeRawBufferPointer? {
    guard UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) == Self.mark
    else {
      return nil
    }
    let payload = Self.unchecked(bytes, at: offset, limit: bytes.count - offset - Self.frame)
    let sum = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
    return payload.map { Self.seal($0) == sum } == true ? payload : nil
  }

  private static func unchecked(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UnsafeRawBufferPointer {
    unchecked(bytes, at: offset, limit: bytes.count)!
  }

  private static func unchecked(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, limit: Int
  ) -> UnsafeRawBufferPointer? {
    let count = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)))
    guard count <= limit else { return nil }
    return UnsafeRawBufferPointer(rebasing: bytes[offset + frame..<offset + frame + count])
  }
}
