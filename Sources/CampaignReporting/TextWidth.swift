import CPlatform
import Glibc

/// Columns that text takes on a terminal: wide characters take two, combining marks none.
package enum TextWidth {
  /// The C library knows the widths under a UTF-8 character type only.
  private static let isReady = setlocale(LC_CTYPE, "C.UTF-8") != nil

  package static func of(_ text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 < 128 }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  private static func of(_ character: Character) -> Int {
    if character.isASCII || !isReady { return 1 }
    return character.unicodeScalars.reduce(0) { max($0, of($1)) }
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    let width = Int(campaign_character_width(scalar.value))
    // Newer than the tables of the C library: an emoji, or a letter.
    return width >= 0 ? width : scalar.value >= 0x1F000 ? 2 : 1
  }

  /// At most `width` columns; what is cut off at the end becomes `…`.
  static func cut(_ text: String, to width: Int) -> String {
    if of(text) <= width { return text }
    guard width > 0 else { return "" }
    return prefix(Array(text), width - 1) + "…"
  }

  /// At most `width` columns; what is cut off at the start becomes `…`: the end of a path says most.
  static func cutStart(_ text: String, to width: Int) -> String {
    if of(text) <= width { return text }
    guard width > 0 else { return "" }
    return "…" + String(prefix(text.reversed(), width - 1).reversed())
  }

  package static func pad(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - of(text)))
  }

  private static func prefix(_ characters: [Character], _ width: Int) -> String {
    var (kept, used) = ("", 0)
    for character in characters {
      used += of(character)
      if used > width { break }
      kept.append(character)
    }
    return kept
  }
}
