import CampaignCore

/// A line that GitHub shows at its place in the code: `::error file=Campaignfile,line=14,col=5,title=E0204::…`.
package struct GitHubAnnotation: Sendable {
  package var title: String
  package var message: String
  package var site: Site?
  /// From the repository's folder to the workspace, with a slash at its end, or empty.
  package var prefix: String

  package init(title: String, message: String, site: Site?, prefix: String) {
    self.title = title
    self.message = message
    self.site = site
    self.prefix = prefix
  }

  package var line: String {
    var properties: [String] = []
    if let site {
      properties = [
        "file=\(Self.property(prefix + site.file))", "line=\(site.line)", "col=\(site.column)",
        "endColumn=\(site.column + site.length)",
      ]
    }
    properties.append("title=\(Self.property(title))")
    return "::error \(properties.joined(separator: ","))::\(Self.data(message))\n"
  }

  /// Hides a text in the rest of the log.
  package static func mask(_ secret: String) -> String { "::add-mask::\(data(secret))\n" }

  /// GitHub keeps ten of a step; the last says how many there are.
  package static let limit = 9

  package static func lines(_ annotations: [GitHubAnnotation]) -> String {
    let shown = annotations.prefix(limit).map(\.line).joined()
    let rest = annotations.count - limit
    return rest > 0 ? shown + "::error title=campaign::and \(rest) more, see the log\n" : shown
  }

  private static func data(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  private static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}
