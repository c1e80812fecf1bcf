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
      let words = try ask()
      try spending.end(attempt, .canceled, cost: attempt.reserved, fault: .own, because: "canceled by hand")
      return "\(name): canceled\(words); up to \(attempt.reserved) may be charged"
    } catch { return "\(name): \(error.message)" }
  }

  private func ask() throws(StepFailure) -> String {
    var command = Command(ProviderProgram.arguments(attempt.provider))
    command.folder = root
    command.seesSecrets = true
    let provider: Conversation
    do { provider = try Conversation(command, log: "/dev/null", interrupt: Interrupt()) } catch {
      throw StepFailure(error)
    }
    let request: KeyValuePairs<String, JSON> = [
      "v": .int(1), "do": .string("cancel"), "kind": .string(attempt.kind),
      "provider": .string(attempt.provider), "model": .string(attempt.model), "attempt": .string(attempt.id),
      "deadline": .int(60), "checkpoints": .array(attempt.checkpoints),
    ]
    provider.say(JSON.members(request).compact)
    var words = ""
    var failure: StepFailure? = StepFailure("the provider said nothing")
    while let line = provider.hear() {
      switch ProviderEvent(line: line) {
      case .done: failure = nil
      case .failed(let said): failure = StepFailure(said.message, help: said.help)
      case .note(let said): words = " (\(said))"
      case .checkpoint, .throttled, .progress, nil: break
      }
    }
    _ = provider.end()
    if let failure { throw failure }
    return words
  }
}
