import CampaignCore
import CampaignEngine

/// Ends a request that is in flight: at the provider, if it was sent, and in the ledger.
package struct Cancellation {
  private let attempt: Attempt
  private let spending: Spending
  private let root: String

  package init(attempt: Attempt, spending: Spending, root: String) {
    self.attempt = attempt
    self.spending = spending
    self.root = root
  }

  /// Returns what came of it, for the user.
  package func carryOut() -> String {
    let name = "\(attempt.target)  \(attempt.provider) \(attempt.jobID ?? "without an id")"
    do throws(StepFailure) {
      guard attempt.jobID != nil else {
        try spending.end(
          attempt, .failed, cost: attempt.reserved, fault: .own, because: "its fate is unknown")
        return "\(name): given up; \(attempt.reserved) may have been charged"
      }
      guard attempt.state == .submitted else {
        return "\(name): is made already; `campaign build` fetches it"
      }
      try ask()
      try spending.end(attempt, .canceled, cost: attempt.reserved, fault: .own, because: "canceled by hand")
      return "\(name): canceled; up to \(attempt.reserved) may be charged"
    } catch { return "\(name): \(error.message)" }
  }

  private func ask() throws(StepFailure) {
    let dialogue = Dialogue(
      attempt: attempt, spending: spending, root: root, log: "/dev/null", interrupt: Interrupt())
    if case .failed(let failure) = try dialogue.hold(
      attempt.line("cancel", .object([]), output: "", deadline: 60))
    {
      throw StepFailure(failure.message, help: failure.help)
    }
  }
}
