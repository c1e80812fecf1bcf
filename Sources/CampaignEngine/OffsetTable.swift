/// A hash table from 64-bit checksums to offsets: open addressing, no allocation per entry.
///
/// A later offset replaces an earlier one. Should two things ever share a checksum, one of them is forgotten: whoever
/// looks something up checks that it found what it meant.
struct OffsetTable: Sendable {
  private var keys: [UInt64] = []
  /// One more than the offset; 0 is an empty slot.
  private var values: [UInt64] = []
  private(set) var count = 0

  subscript(key: UInt64) -> UInt64? {
    guard count > 0 else { return nil }
    let slot = slot(of: key)
    return values[slot] == 0 ? nil : values[slot] - 1
  }

  mutating func set(_ key: UInt64, _ offset: UInt64) {
    if (count + 1) * 4 > values.count * 3 { grow() }
    let slot = slot(of: key)
    if values[slot] == 0 { count += 1 }
    (keys[slot], values[slot]) = (key, offset + 1)
  }

  func forEach(_ body: (UInt64) -> Void) {
    for value in values where value != 0 { body(value - 1) }
  }

  /// The slot that holds `key`, or the empty one where it belongs.
  private func slot(of key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: key) & (values.count - 1)
    while values[slot] != 0 && keys[slot] != key { slot = (slot + 1) & (values.count - 1) }
    return slot
  }

  private mutating func grow() {
    let (oldKeys, oldValues) = (keys, values)
    let capacity = max(64, oldValues.count * 2)
    keys = Array(repeating: 0, count: capacity)
    values = Array(repeating: 0, count: capacity)
    count = 0
    for (key, value) in zip(oldKeys, oldValues) where value != 0 { set(key, value - 1) }
  }
}
