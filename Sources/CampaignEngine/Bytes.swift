import CampaignCore

/// Which record of the hash cache: the first byte of a payload.
enum RecordKind: UInt8 {
  case file = 1
  case trace = 2
}

/// Appends numbers, hashes and texts, little-endian, to a payload.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  mutating func put(_ hash: ContentHash) {
    put(hash.high)
    put(hash.low)
  }

  mutating func put(_ text: String) {
    put(UInt32(text.utf8.count))
    bytes += Array(text.utf8)
  }
}

/// Reads back what a `ByteWriter` wrote; the checksum has vouched for the form.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset: Int

  init(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  mutating func take<Value: FixedWidthInteger>(_: Value.Type) -> Value {
    defer { offset += MemoryLayout<Value>.size }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
  }

  mutating func takeHash() -> ContentHash { ContentHash(high: take(UInt64.self), low: take(UInt64.self)) }

  mutating func takeBytes() -> UnsafeRawBufferPointer {
    let count = Int(take(UInt32.self))
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  mutating func takeText() -> String { String(decoding: takeBytes(), as: UTF8.self) }
}
