/// A place in a file: 1-based line and column, the column counted in characters.
package struct Site: Hashable, Sendable {
  package var file: String
  package var line: Int
  package var column: Int
  /// Characters to underline; at least 1.
  package var length: Int
  /// The text of that line, for the caret; empty when unknown.
  package var text: String

  package init(file: String, line: Int, column: Int, length: Int = 1, text: String = "") {
    self.file = file
    self.line = line
    self.column = column
    self.length = max(1, length)
    self.text = text
  }
}

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
    self.message = message
    self.site = site
    self.related = related
    self.help = help
  }

  /// The whole message as a terminal shows it, without colour, ending with a newline.
  ///
  ///     Campaignfile:14:5: error[E0204]: unknown parameter `durration`
  ///        14 |     durration = 6s
  ///           |     ^~~~~~~~~
  ///     help: did you mean `duration`?
  package var rendered: String {
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
    guard !site.text.isEmpty else { return "" }
    let number = String(site.line)
    let margin = String(repeating: " ", count: max(0, 5 - number.count))
    let lead = String(site.text.prefix(site.column - 1).map { $0 == "\t" ? "\t" : " " })
    let marks = "^" + String(repeating: "~", count: site.length - 1)
    return "\(margin)\(number) | \(site.text)\n      | \(lead)\(marks)\n"
  }
}
