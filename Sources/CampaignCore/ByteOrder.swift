extension [String] {
  /// In the order of their bytes, which is the same on every machine.
  package func sortedByBytes() -> [String] {
    // That of ASCII is Swift's own, which is much faster.
    if allSatisfy({ $0.utf8.allSatisfy { $0 < 128 } }) { return sorted() }
    return sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The same, each once. What only looks alike is two.
  package func uniqueByBytes() -> [String] {
    sortedByBytes().reduce(into: []) { unique, text in
      if unique.last.map({ !$0.utf8.elementsEqual(text.utf8) }) ?? true { unique.append(text) }
    }
  }
}
