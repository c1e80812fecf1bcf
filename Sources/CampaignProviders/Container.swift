/// Says of a file that came whether it is the video or the sound it should be.
package enum Container {
  package enum Verdict: Hashable, Sendable {
    case sound
    /// Something else altogether: an error page, nothing.
    case wrong(String)
    /// The right kind, but damaged.
    case damaged(String)
  }

  /// Looks at `size` bytes through `read(offset, count)`, which may return fewer.
  package static func check(
    _ kind: ProviderRequest.Kind, size: Int, read: (Int, Int) throws(Failure) -> [UInt8]
  ) throws(Failure) -> Verdict {
    guard size > 0 else { return .wrong("the file that came is empty") }
    let head = try read(0, 64)
    if isFilm(head) { return try boxes(size: size, read: read) }
    if kind == .music && isAudio(head) { return .sound }
    let text = head.drop {
      $0 == 32 || $0 == 10 || $0 == 13 || $0 == 9 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF
    }
    switch text.first {
    case UInt8(ascii: "<"): return .wrong("a page of text came instead of the file")
    case UInt8(ascii: "{"), UInt8(ascii: "["): return .wrong("JSON came instead of the file")
    default: return .damaged("what came is no \(kind == .music ? "audio" : "mp4") file")
    }
  }

  private static func isFilm(_ head: [UInt8]) -> Bool {
    head.prefix(12).dropFirst(4).starts(with: "ftyp".utf8)
  }

  private static func isAudio(_ head: [UInt8]) -> Bool {
    for magic in ["RIFF", "ID3", "fLaC", "OggS"] where head.starts(with: magic.utf8) { return true }
    // The sync word of an MPEG frame: eleven bits.
    return head.count > 1 && head[0] == 0xFF && head[1] & 0xE0 == 0xE0
  }

  /// Walks the outer boxes of an mp4: `moov` must be there, and the last box must end with the file.
  private static func boxes(size: Int, read: (Int, Int) throws(Failure) -> [UInt8]) throws(Failure) -> Verdict
  {
    var offset = 0
    var hasMovie = false
    while offset < size {
      let head = try read(offset, 16)
      guard head.count >= 8 else { return .damaged("the mp4 ends within a box") }
      var length = head.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      if length == 1, head.count == 16 { length = head.dropFirst(8).reduce(0) { $0 << 8 | Int($1 & 0x7F) } }
      if length == 0 { length = size - offset }
      hasMovie = hasMovie || head.dropFirst(4).starts(with: "moov".utf8)
      guard length >= 8, length <= size - offset else {
        return .damaged("the mp4 ends too early")
      }
      offset += length
    }
    return hasMovie ? .sound : .damaged("the mp4 has no `moov` box")
  }
}
