import CampaignCore
import Glibc

/// Paths interned to dense ids. Bytes lie NUL-terminated in one buffer, ready for a system call.
package struct PathTable: Sendable {
  private(set) var bytes: [UInt8] = []
  /// Where each path begins in `bytes`.
  private(set) var starts: [UInt32] = []
  /// Open addressing by checksum: one more than an id, or 0. A power of two, at most three quarters full.
  private(set) var slots: [UInt32] = Array(repeating: 0, count: 64)

  init() {}

  /// A table as it was kept in the plan cache.
  init(bytes: [UInt8], starts: [UInt32], slots: [UInt32]) {
    self.bytes = bytes
    self.starts = starts
    self.slots = slots
  }

  var count: Int { starts.count }

  /// The id of `path`, new if it was not there.
  mutating func intern(_ path: String) -> ArtifactID {
    var path = path
    return path.withUTF8 { intern(UnsafeRawBufferPointer($0)) }
  }

  mutating func intern(_ path: UnsafeRawBufferPointer) -> ArtifactID {
    var slot = slot(of: path)
    if slots[slot] != 0 { return ArtifactID(Int(slots[slot] - 1)) }
    if (count + 1) * 4 > slots.count * 3 {
      grow()
      slot = self.slot(of: path)
    }
    starts.append(UInt32(bytes.count))
    bytes.append(contentsOf: path)
    bytes.append(0)
    slots[slot] = UInt32(starts.count)
    return ArtifactID(starts.count - 1)
  }

  func find(_ path: String) -> ArtifactID? {
    var path = path
    let found = path.withUTF8 { slots[slot(of: UnsafeRawBufferPointer($0))] }
    return found == 0 ? nil : ArtifactID(Int(found - 1))
  }

  /// The path whose checksum is `key`.
  func find(key: UInt64) -> ArtifactID? {
    var slot = Int(truncatingIfNeeded: key) & (slots.count - 1)
    while slots[slot] != 0 {
      let id = ArtifactID(Int(slots[slot] - 1))
      if self.key(id) == key { return id }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  func path(_ id: ArtifactID) -> String { withBytes(id) { String(decoding: $0, as: UTF8.self) } }

  /// The bytes of a path, without the NUL after them.
  func withBytes<Result>(_ id: ArtifactID, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let index = Int(id.index)
    let end = index + 1 < starts.count ? Int(starts[index + 1]) : bytes.count
    return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[Int(starts[index])..<end - 1])) }
  }

  /// The slot that holds `path`, or the empty one where it belongs.
  private func slot(of path: UnsafeRawBufferPointer) -> Int {
    var slot = Int(truncatingIfNeeded: checksum(path)) & (slots.count - 1)
    while slots[slot] != 0, !isPath(ArtifactID(Int(slots[slot] - 1)), path) {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func isPath(_ id: ArtifactID, _ path: UnsafeRawBufferPointer) -> Bool {
    withBytes(id) { known in
      known.count == path.count
        && (path.isEmpty || memcmp(known.baseAddress!, path.baseAddress!, path.count) == 0)
    }
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for index in starts.indices {
      var slot = withBytes(ArtifactID(index)) { Int(truncatingIfNeeded: checksum($0)) } & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(index + 1)
    }
  }

  package static func key(_ path: String) -> UInt64 {
    var path = path
    return path.withUTF8 { checksum(UnsafeRawBufferPointer($0)) }
  }

  func key(_ id: ArtifactID) -> UInt64 { withBytes(id) { checksum($0) } }
}
