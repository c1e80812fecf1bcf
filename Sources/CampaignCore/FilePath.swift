/// What all that goes by names of files agrees on: each file has one spelling, and a spelling is bytes.
package enum FilePath {
  /// The one form of a path: `./a//b/.` is `a/b`. `..` stays, because `a/..` is elsewhere when `a` is a link.
  package static func normal(_ path: String) -> String {
    if isPlain(path) { return path }
    let names = path.utf8.split(separator: slash).filter { !$0.elementsEqual(".".utf8) }
    let text = names.map { String(Substring($0)) }.joined(separator: "/")
    return path.utf8.first == slash ? "/" + text : text.isEmpty ? "." : text
  }

  /// Whether there is nothing to normalise and nothing to object to, as there nearly always is.
  private static func isPlain(_ path: String) -> Bool {
    var path = path
    return path.withUTF8 { bytes in
      guard (1...4095).contains(bytes.count) else { return false }
      var start = 0
      for (index, byte) in bytes.enumerated() {
        // 0xC2 may begin a control character; a dot that begins a name may be all of it.
        if byte < 32 || byte == 127 || byte == 0xC2 || (byte == dot && index == start) { return false }
        guard byte == slash else { continue }
        if (index == start && index > 0) || index - start > 255 { return false }
        start = index + 1
      }
      return start < bytes.count && bytes.count - start <= 255
    }
  }

  /// Why no file of a campaign may be called so, e.g. `goes up again, behind a folder`; nil: it may.
  package static func problem(_ path: String) -> (message: String, help: String)? {
    if isPlain(path) { return nil }
    if path.unicodeScalars.contains(where: isControl) {
      return ("holds a control character", "names are one line of plain text: rename it")
    }
    let names = path.utf8.split(separator: slash)
    if let long = names.first(where: { $0.count > 255 }) {
      return ("holds a name of \(long.count) bytes", "file systems take 255 at most: shorten it")
    }
    if path.utf8.count > 4095 {
      return ("has \(path.utf8.count) bytes", "the system takes 4095 at most: shorten it")
    }
    if names.drop(while: { $0.elementsEqual("..".utf8) }).contains(where: { $0.elementsEqual("..".utf8) }) {
      return ("goes up again behind a folder", "write the way that it comes to, without `..` in the middle")
    }
    return nil
  }

  /// A path as a message shows it: what is no plain text as `\xE9`.
  package static func shown(_ path: some Collection<UInt8>) -> String {
    let text = String(validating: path, as: UTF8.self)
    if let text, !text.unicodeScalars.contains(where: isControl) { return text }
    var shown: [UInt8] = []
    for byte in path {
      // Of a name that is no text, all that is not ASCII is in doubt.
      if (byte >= 32 && byte < 127) || (byte >= 128 && text != nil) {
        shown.append(byte)
      } else {
        shown += Array("\\x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))".utf8)
      }
    }
    return String(decoding: shown, as: UTF8.self)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 32 || (127...159).contains(scalar.value)
  }

  private static let slash = UInt8(ascii: "/")
  private static let dot = UInt8(ascii: ".")
}

/// Finds paths that are two files and look like one, as an `é` in one piece and one of `e` and an accent do.
///
/// Swift takes such texts for equal. Where they may not meet, every table by name is right.
package struct Lookalikes: Sendable {
  private var known: [String: [UInt8]] = [:]

  package init() {}

  /// Returns false when another path that looks like `path` was noted before.
  package mutating func note(_ path: String) -> Bool {
    guard !path.utf8.allSatisfy({ $0 < 128 }) else { return true }
    let bytes = Array(path.utf8)
    guard let first = known[path] else {
      known[path] = bytes
      return true
    }
    return first == bytes
  }
}
