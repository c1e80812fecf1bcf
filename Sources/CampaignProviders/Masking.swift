import CampaignCore

/// Takes out of a text what no log may hold: keys, and the bytes of data URLs.
package struct Masking: Sendable {
  /// Keys that are known, whatever they look like.
  private let secrets: CampaignCore.Secrets

  package init(secrets: [String] = []) { self.secrets = CampaignCore.Secrets(secrets) }

  /// Beginnings of keys; what follows is hidden when it is this long.
  private static let shapes: [(start: String, least: Int)] = [
    ("r8_", 8), ("xai-", 8), ("sk-", 16), ("AIza", 20), ("Key ", 8), ("Bearer ", 8), ("Token ", 8),
  ]

  package func callAsFunction(_ text: String) -> String {
    Self.hideShapes(in: Self.shortenData(in: secrets.masked(text)))
  }

  private static func hideShapes(in text: String) -> String {
    var bytes: [UInt8] = []
    let source = Array(text.utf8)
    var index = 0
    while index < source.count {
      let starts = index == 0 || !isWord(source[index - 1])
      if starts, let length = shapeLength(source[index...]) {
        bytes += Array("***".utf8)
        index += length
      } else {
        bytes.append(source[index])
        index += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// How many bytes at the start of `bytes` look like a key.
  private static func shapeLength(_ bytes: ArraySlice<UInt8>) -> Int? {
    for shape in shapes where bytes.starts(with: shape.start.utf8) {
      let rest = bytes.dropFirst(shape.start.utf8.count).prefix { isWord($0) || $0 == UInt8(ascii: "-") }
      let looksRandom = !shape.start.hasSuffix(" ") || rest.contains { $0 >= 48 && $0 < 58 }
      if rest.count >= shape.least && looksRandom { return shape.start.utf8.count + rest.count }
    }
    return nil
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (byte >= 48 && byte < 58) || (byte | 32 >= 97 && byte | 32 <= 122) || byte == UInt8(ascii: "_")
  }

  /// `data:image/jpeg;base64,[1234 bytes]` instead of the bytes.
  private static func shortenData(in text: String) -> String {
    guard text.contains(";base64,") else { return text }
    var pieces = text.split(separator: ";base64,", omittingEmptySubsequences: false).map(String.init)
    for index in pieces.indices.dropFirst() {
      let data = pieces[index].utf8.prefix { isWord($0) || $0 == 43 || $0 == 47 || $0 == 61 }
      if data.count > 40 {
        pieces[index] = "[\(data.count) bytes]" + String(pieces[index].utf8.dropFirst(data.count))!
      }
    }
    return pieces.joined(separator: ";base64,")
  }
}
