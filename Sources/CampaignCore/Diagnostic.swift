/// A mistake in a Campaignfile or a workspace, with its place and what to do about it.
package struct Diagnostic: Hashable, Sendable {
  package enum Severity: String, Sendable { case error, warning }

  package var severity: Severity
  /// Stable, e.g. `E0102`; `campaign help E0102` explains it.
  package var code: String
  /// Lower-case, names in backticks, no full stop.
  package var message: String
  package var site: Site?
  /// Other places that matter, each with its own words.
  package var related: [Related]
  /// What to do, e.g. "did you mean `duration`?".
  package var help: String?
  /// How many mistakes it stands for.
  package var count = 1

  package struct Related: Hashable, Sendable {
    package var message: String
    package var site: Site

    package init(_ message: String, _ site: Site) {
      self.message = message
      self.site = site
    }
  }

  package init(
    _ code: String, _ message: String, at site: Site?, severity: Severity = .error, related: [Related] = [],
    help: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = Self.shortened(message)
    self.site = site
    self.related = related
    self.help = help.map(Self.shortened)
  }

  /// A name may be as long as a file, and a way round may pass all of it.
  private static func shortened(_ text: String) -> String {
    text.utf8.count <= 1000 ? text : "\(text.prefix(600)) … \(text.suffix(200))"
  }

  /// The whole message as a terminal shows it, without colour, ending with a newline.
  ///
  ///     Campaignfile:14:5: error[E0204]: unknown parameter `durration`
  ///        14 |     durration = 6s
  ///           |     ^~~~~~~~~
  ///     help: did you mean `duration`?
  package var rendered: String { Self.printable(text) }

  /// Foreign names and texts must not steer a terminal.
  private static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var printable = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { printable.append(isControl(scalar) ? "\u{FFFD}" : scalar) }
    return String(printable)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 32 && scalar != "\n" && scalar != "\t" || (127..<160).contains(scalar.value)
  }

  private var text: String {
    var text = site.map { "\($0.file):\($0.line):\($0.column): " } ?? ""
    text += "\(severity.rawValue)[\(code)]: \(message)\n"
    if let site { text += Self.excerpt(site) }
    for other in related {
      text += "\(other.site.file):\(other.site.line):\(other.site.column): note: \(other.message)\n"
      text += Self.excerpt(other.site)
    }
    if let help { text += "help: \(help)\n" }
    return text
  }

  private static func excerpt(_ site: Site) -> String {
    let (line, before, length) = site.excerpt
    let number = String(site.line)
    let margin = String(repeating: " ", count: max(0, 5 - number.count))
    let lead = String(line.prefix(before).map { $0 == "\t" ? "\t" : " " })
    let marks = "^" + String(repeating: "~", count: length - 1)
    return "\(margin)\(number) | \(line)\n      | \(lead)\(marks)\n"
  }
}
