import CampaignCore

/// All that is wrong, as a terminal shows it; `Diagnostic.rendered` stays the plain truth.
package struct Diagnostics: Sendable {
  private let all: [Diagnostic]
  private static let limit = 20

  package init(_ all: [Diagnostic]) { self.all = all }

  /// At most 20 of them, each after an empty line but the first.
  package func text(_ style: Style) -> String {
    let shown = all.prefix(Self.limit).map { Self.text($0, style) }
    let more = all.dropFirst(Self.limit).reduce(0) { $0 + $1.count }
    return (shown + (more > 0 ? ["and \(more) more\n"] : [])).joined(separator: "\n")
  }

  package var json: JSON { .array(all.map(Self.json)) }

  private static func text(_ diagnostic: Diagnostic, _ style: Style) -> String {
    let plain = diagnostic.rendered
    guard style.isColored else { return plain }
    let severity = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]:"
    let tone: Style.Tone = diagnostic.severity == .error ? .bad : .warning
    let lines = plain.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
      index, line in
      if index == 0 {
        return String(line).replacing(severity, with: style(severity, tone), maxReplacements: 1)
      }
      if line.hasPrefix("      | ") { return style(String(line), tone) }
      if line.hasPrefix("help: ") { return style("help:", .active) + line.dropFirst(5) }
      return String(line)
    }
    return lines.joined(separator: "\n")
  }

  private static func json(_ diagnostic: Diagnostic) -> JSON {
    var members = [
      JSON.Member("severity", .string(diagnostic.severity.rawValue)),
      JSON.Member("code", .string(diagnostic.code)),
      JSON.Member("message", .string(diagnostic.message)),
    ]
    if let site = diagnostic.site {
      members.append(JSON.Member("file", .string(site.file)))
      members.append(JSON.Member("line", .int(site.line)))
      members.append(JSON.Member("column", .int(site.column)))
    }
    if let help = diagnostic.help { members.append(JSON.Member("help", .string(help))) }
    return .object(members)
  }
}
