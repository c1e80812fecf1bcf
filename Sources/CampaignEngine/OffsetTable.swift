/// A hash table from 64-bit checksums to numbers: open addressing, no allocation per entry.
///
/// Equal checksums may stand for different things, so a look-up is told which of them is meant.
struct OffsetTable: Sendable {
  private var keys: [UInt64] = []
  /// One more than the number; 0 is an empty slot.
  private var values: [UInt64] = []
  private(set) var count = 0

  /// The number under `key` that `isMeant` accepts.
  func find(_ key: UInt64, isMeant: (UInt64) -> Bool) -> UInt64? {
    slot(of: key, isMeant: isMeant).map { values[$0] - 1 }
  }

  /// Adds a number; does not look for one that is there.
  mutating func insert(_ key: UInt64, _ value: UInt64) {
    if (count + 1) * 4 > values.count * 3 { grow() }
    var slot = Int(truncatingIfNeeded: key) & (values.count - 1)
    while values[slot] != 0 { slot = (slot + 1) & (values.count - 1) }
    keys[slot] = key
    values[slot] = value + 1
    count += 1
  }

  /// Replaces the number that `isMeant` accepts, or adds one. Returns whether it replaced.
  @discardableResult
  mutating func set(_ key: UInt64, _ value: UInt64, isMeant: (UInt64) -> Bool) -> Bool {
    guard let slot = slot(of: key, isMeant: isMeant) else {
      insert(key, value)
      return false
    }
    values[slot] = value + 1
    return true
  }

  func forEach(_ body: (UInt64) -> Void) {
    for value in values where value != 0 { body(value - 1) }
  }

  private func slot(of key: UInt64, isMeant: (UInt64) -> Bool) -> Int? {
    guard count > 0 else { return nil }
    var slot = Int(truncatingIfNeeded: key) & (values.count - 1)
    while values[slot] != 0 {
      if keys[slot] == key && isMeant(values[slot] - 1) { return slot }
      slot = (slot + 1) & (values.count - 1)
    }
    return nil
  }

  private mutating func grow() {
    let (oldKeys, oldValues) = (keys, values)
    let capacity = max(64, oldValues.count * 2)
    keys = Array(repeating: 0, count: capacity)
    values = Array(repeating: 0, count: capacity)
    count = 0
    for (key, value) in zip(oldKeys, oldValues) where value != 0 { insert(key, value - 1) }
  }
}
