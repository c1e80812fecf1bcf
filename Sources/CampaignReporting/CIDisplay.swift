import CampaignCore
import CampaignEngine

/// The lines of `PlainDisplay` with what a CI service makes of them: the log of each step folded away, failures as
/// annotations at their rules.
package struct CIDisplay: Sendable {
  private var plain: PlainDisplay
  private let service: CIService
  private let readLog: @Sendable (String) -> String?
  /// When the build began, in seconds since 1970.
  private let start: Int64
  private let prefix: String
  private var failures = 0

  package init(
    service: CIService, plain: PlainDisplay, start: Int64, prefix: String,
    readLog: @escaping @Sendable (String) -> String?
  ) {
    self.service = service
    self.plain = plain
    self.start = start
    self.prefix = prefix
    self.readLog = readLog
  }

  package mutating func text(for event: Event) -> String {
    let lines = plain.text(for: event)
    guard case .stepFinished(let step, let result) = event.kind else { return lines }
    return lines + group(step, result, at: event) + annotation(step, result)
  }

  package mutating func reminder(at time: Int64) -> String { plain.reminder(at: time) }

  /// What the step printed, unless nothing.
  private func group(_ step: StepLabel, _ result: StepResult, at event: Event) -> String {
    guard let log = result.log.flatMap(readLog), !log.isEmpty else { return "" }
    let time = start + event.time / 1_000_000_000
    let lines = log.split(separator: "\n", omittingEmptySubsequences: false).map { Self.harmless($0) + "\n" }
    return service.open(step.target, title: "log of \(step.target)", time: time) + lines.joined()
      + service.close(step.target, time: time)
  }

  /// No line of a program is a command for the service.
  private static func harmless(_ line: Substring) -> String {
    let clean = Wording.clean(line)
    return clean.hasPrefix("::") || clean.hasPrefix("section_") ? " " + clean : clean
  }

  private mutating func annotation(_ step: StepLabel, _ result: StepResult) -> String {
    guard service == .github, case .failed(let failure) = result.outcome else { return "" }
    failures += 1
    guard failures <= GitHubAnnotation.limit else { return "" }
    let message = failure.help.map { "\(failure.message)\n\($0)" } ?? failure.message
    return GitHubAnnotation(
      title: "\(step.target) failed", message: Wording.clean(message), site: step.site, prefix: prefix
    ).line
  }
}
