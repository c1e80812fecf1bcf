import CampaignCore
import Glibc

/// Whether a downloaded file can be what was bought, by its first bytes and boxes.
enum DeliveredFile {
  /// What is wrong with it, in words; nil when it looks sound.
  static func problem(at path: String, kind: String) -> String? {
    guard let bytes = try? Files.read(path), !bytes.isEmpty else { return "it is empty" }
    if let text = pageKind(bytes) { return "it is \(text)" }
    if isMP4(bytes) { return hasMovie(bytes) ? nil : "its index is missing: it is cut short" }
    if kind == "music" {
      let starts: [[UInt8]] = [
        Array("RIFF".utf8), Array("ID3".utf8), Array("fLaC".utf8), Array("OggS".utf8), [0xFF, 0xFB],
        [0xFF, 0xF3], [0xFF, 0xF2],
      ]
      return starts.contains { bytes.starts(with: $0) } ? nil : "it is no sound file"
    }
    return bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) ? nil : "it is no video file"
  }

  /// Error pages come with a good status, too.
  private static func pageKind(_ bytes: [UInt8]) -> String? {
    let start = String(decoding: bytes.prefix(256), as: UTF8.self).drop { $0.isWhitespace }.lowercased()
    if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") { return "a web page" }
    if start.hasPrefix("<?xml") || start.hasPrefix("<error") { return "an error in XML" }
    return start.hasPrefix("{") || start.hasPrefix("[") ? "JSON" : nil
  }

  private static func isMP4(_ bytes: [UInt8]) -> Bool {
    bytes.count > 12 && bytes[4..<8].elementsEqual("ftyp".utf8)
  }

  /// Walks the boxes at the top: `moov` must be there, and the last box must end where the file does.
  private static func hasMovie(_ bytes: [UInt8]) -> Bool {
    var offset = 0
    var hasIndex = false
    while offset + 8 <= bytes.count {
      var size = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      if size == 1, offset + 16 <= bytes.count {
        size = bytes[offset + 8..<offset + 16].reduce(0) { ($0 & 0xFF_FFFF_FFFF) << 8 | Int($1) }
      }
      if size == 0 { size = bytes.count - offset }
      guard size >= 8, offset + size <= bytes.count else { return false }
      if bytes[offset + 4..<offset + 8].elementsEqual("moov".utf8) { hasIndex = true }
      offset += size
    }
    return hasIndex
  }
}
