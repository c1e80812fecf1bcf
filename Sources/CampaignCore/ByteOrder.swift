extension [String] {
  /// In the order of their bytes, which is the same on every machine.
  package func sortedByBytes() -> [String] {
    // That of ASCII is Swift's own, which is much faster.
    if allSatisfy({ $0.utf8.allSatisfy { $0 < 128 } }) { return sorted() }
    return sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
