import Glibc

/// Finds many texts in one pass, after Wu and Manber: the last two bytes of a window as wide as the shortest text say
/// how far it may be moved on.
package struct TextSearch: Sendable {
  /// Longest first: one may begin with another.
  private let texts: [[UInt8]]
  private let width: Int
  /// By pair of bytes.
  private let moves: [UInt8]

  private static let mask = Array("***".utf8)

  /// - Parameter texts: of two bytes at least.
  package init(_ texts: some Collection<[UInt8]>) {
    self.texts = texts.sorted { $0.count > $1.count }
    width = min(self.texts.last?.count ?? 0, 256)
    guard width > 1 else {
      moves = []
      return
    }
    var moves = [UInt8](repeating: UInt8(width - 1), count: 1 << 16)
    for text in texts {
      for place in 0..<width - 1 {
        let pair = Self.pair(text[place], text[place + 1])
        moves[pair] = min(moves[pair], UInt8(width - 2 - place))
      }
    }
    self.moves = moves
  }

  private static func pair(_ first: UInt8, _ second: UInt8) -> Int { Int(first) | Int(second) << 8 }

  /// The bytes with `***` for each text, and how many at the end are held back: what may be the beginning of one.
  ///
  /// - Parameter isWhole: nothing follows, so nothing is held back.
  package func replace(in bytes: [UInt8], isWhole: Bool) -> (masked: [UInt8], held: Int) {
    bytes.withUnsafeBufferPointer { bytes in
      var masked: [UInt8] = []
      masked.reserveCapacity(bytes.count)
      var copied = 0
      while let found = next(in: bytes, from: copied, isWhole: isWhole) {
        masked += bytes[copied..<found.lowerBound]
        guard found.upperBound <= bytes.count else { return (masked, bytes.count - found.lowerBound) }
        masked += Self.mask
        copied = found.upperBound
      }
      masked += bytes[copied...]
      return (masked, 0)
    }
  }

  /// The next text; one that reaches beyond the end may be one when more follows.
  private func next(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, isWhole: Bool) -> Range<Int>? {
    var place = start
    while place + width <= bytes.count {
      let move = moves[Self.pair(bytes[place + width - 2], bytes[place + width - 1])]
      if move == 0, let found = text(at: place, in: bytes, isWhole: isWhole) { return found }
      place += max(1, Int(move))
    }
    while !isWhole && place < bytes.count {
      if let found = text(at: place, in: bytes, isWhole: false) { return found }
      place += 1
    }
    return nil
  }

  private func text(at place: Int, in bytes: UnsafeBufferPointer<UInt8>, isWhole: Bool) -> Range<Int>? {
    let left = bytes.count - place
    let found = texts.first { text in
      (text.count <= left || !isWhole)
        && memcmp(text, bytes.baseAddress! + place, min(text.count, left)) == 0
    }
    return found.map { place..<place + $0.count }
  }
}
