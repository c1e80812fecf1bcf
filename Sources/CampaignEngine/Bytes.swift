import CampaignCore

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

/// Reads back what a `ByteWriter` wrote. Past the end all is zero, and `isWhole` false.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset: Int
  private(set) var isWhole = true

  init(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  mutating func take<Value: FixedWidthInteger>(_: Value.Type) -> Value {
    guard offset + MemoryLayout<Value>.size <= bytes.count else {
      isWhole = false
      return 0
    }
    defer { offset += MemoryLayout<Value>.size }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
  }

  mutating func takeHash() -> ContentHash { ContentHash(high: take(UInt64.self), low: take(UInt64.self)) }

  mutating func takeBytes() -> UnsafeRawBufferPointer {
    let count = Int(take(UInt32.self))
    guard count <= bytes.count - offset else {
      isWhole = false
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  mutating func takeText() -> String { String(decoding: takeBytes(), as: UTF8.self) }

  /// As many values as the number before them says.
  mutating func takeList<Value>(_ value: (inout ByteReader) -> Value) -> [Value] {
    var values: [Value] = []
    var count = take(UInt32.self)
    while count > 0, isWhole {
      values.append(value(&self))
      count -= 1
    }
    return values
  }
}
