import CXXHash

/// Feeds bytes, texts and numbers into one XXH3-128 hash.
///
/// Texts and byte runs are prefixed with their length, so that `("ab", "c")` and `("a", "bc")` differ.
package struct ContentHasher: ~Copyable {
  private let state: OpaquePointer

  package init() {
    state = XXH3_createState()!
    XXH3_128bits_reset(state)
  }

  deinit { XXH3_freeState(state) }

  /// Appends bytes as they are, without their length.
  package mutating func append(raw bytes: UnsafeRawBufferPointer) {
    if let start = bytes.baseAddress { campaign_xxh3_update(state, start, bytes.count) }
  }

  package mutating func append(_ number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { append(raw: $0) }
  }

  package mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      append(UInt64(utf8.count))
      append(raw: UnsafeRawBufferPointer(utf8))
    }
  }

  package mutating func append(_ hash: ContentHash) {
    append(hash.high)
    append(hash.low)
  }

  package func finish() -> ContentHash {
    let digest = XXH3_128bits_digest(state)
    return ContentHash(high: digest.high64, low: digest.low64)
  }

  package static func hash(_ bytes: UnsafeRawBufferPointer) -> ContentHash {
    let digest = campaign_xxh3(bytes.baseAddress, bytes.count)
    return ContentHash(high: digest.high64, low: digest.low64)
  }

  package static func hash(_ bytes: [UInt8]) -> ContentHash { bytes.withUnsafeBytes(hash) }
}

/// The 64-bit XXH3 of some bytes: checksums of records and slots of tables, never identity.
package func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
  XXH3_64bits(bytes.baseAddress, bytes.count)
}
