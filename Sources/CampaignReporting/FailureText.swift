import CampaignCore
import CampaignEngine

/// A failed step in full: message, what to do, where its log is and how that ends.
struct FailureText: Sendable {
  var failure: StepFailure
  var log: String?
  /// Where the rule of the step stands.
  var site: Site?
  /// Reads a step's log; nil when there is none.
  var readLog: @Sendable (_ path: String) -> String?

  /// Lines below the message, each indented by `margin`.
  func details(margin: String) -> [String] {
    var lines = failure.help.map { Self.labelled("help: ", $0) } ?? []
    if let site = failure.site ?? site { lines.append("rule: \(site.file):\(site.line)") }
    if let log {
      let tail = self.tail(of: log)
      lines.append("log:  \(Wording.clean(log))" + (tail.isEmpty ? "" : ", which ends:"))
      lines += tail.map { "  | " + $0 }
    }
    return lines.map { margin + $0 }
  }

  /// The last lines of the log; none where the help quotes them already.
  private func tail(of log: String) -> [String] {
    let lines = readLog(log)?.split(separator: "\n").suffix(8).map { Wording.clean($0) } ?? []
    if let last = lines.last, failure.help?.contains(last) == true { return [] }
    return lines
  }

  private static func labelled(_ label: String, _ text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Wording.clean($0) }
    let margin = String(repeating: " ", count: label.count)
    return lines.enumerated().map { ($0.offset == 0 ? label : margin) + $0.element }
  }
}
