/// Colour by meaning, or none at all.
package struct Style: Sendable {
  package enum Tone: String, Sendable {
    case plain = ""
    case strong = "1"
    case faint = "2"
    case bad = "31"
    case good = "32"
    case warning = "33"
    case active = "36"
  }

  package var isColored: Bool

  package init(isColored: Bool) { self.isColored = isColored }
  package static let plain = Style(isColored: false)

  /// `text` in a tone.
  package func callAsFunction(_ text: String, _ tone: Tone) -> String {
    isColored && tone != .plain && !text.isEmpty ? "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" : text
  }
}

/// A line of a terminal, cut by the columns that it shows, not by the bytes of its colours.
struct Row: Sendable {
  private var spans: [(text: String, tone: Style.Tone)] = []

  mutating func add(_ text: String, _ tone: Style.Tone = .plain) { spans.append((text, tone)) }

  func rendered(width: Int, style: Style) -> (text: String, width: Int) {
    var (line, used) = ("", 0)
    for span in spans where used < width {
      let text = TextWidth.cut(span.text, to: width - used)
      line += style(text, span.tone)
      used += TextWidth.of(text)
    }
    return (line, used)
  }
}
