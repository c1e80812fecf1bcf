import CampaignCore
import CampaignEngine

/// Fetches what was bought for a step that is no more, or wants something else by now: it is a take all the same.
///
/// What may or may not have been sent is looked for, and closed when it was not.
struct Collection {
  let attempt: Attempt
  let spending: Spending
  let root: String
  let interrupt: Interrupt

  /// Returns a line for the user; nil when the job is not done yet.
  func carryOut() -> String? {
    do throws(StepFailure) {
      guard attempt.kind != Order.Kind.chat.rawValue else {
        // Nobody can ask after the answer to a question.
        try spending.end(
          attempt, .failed, cost: attempt.reserved, fault: .own, because: "its answer was lost")
        return nil
      }
      let reception = Reception(attempt: attempt, spending: spending)
      if let take = try reception.resume() { return words(take) }
      let dialogue = Dialogue(
        attempt: attempt, spending: spending, root: root, log: "/dev/null", interrupt: interrupt)
      switch try dialogue.hold(try request()) {
      case .delivered(let delivery): return words(try reception.receive(delivery))
      case .failed(let failure): return try close(failure)
      }
    } catch { return "\(attempt.target): \(error.message)" }
  }

  /// The same as the one that began it, but for the input, which a job that was submitted needs no more.
  private func request() throws(StepFailure) -> JSON {
    let output = spending.store.incoming(attempt.id)
    do { try Files.makeFolder(Files.folder(of: output)!) } catch { throw StepFailure(error) }
    return .members([
      "v": .int(1), "do": .string("make"), "kind": .string(attempt.kind),
      "provider": .string(attempt.provider), "model": .string(attempt.model), "attempt": .string(attempt.id),
      "output": .string(try Job.absolute(output)), "input": .object([]), "deadline": .int(0),
      "cancelAfter": .int(0), "checkpoints": .array(attempt.checkpoints),
    ])
  }

  private func close(_ failure: ProviderEvent.Failure) throws(StepFailure) -> String? {
    switch failure.kind {
    case .request where attempt.state == .intent:
      // It was looked for and is not there; and without its input it could not be sent.
      try spending.end(attempt, .unsent, cost: .zero, fault: .own, because: failure.message)
      return nil
    case .detached, .network, .unknown, .refused, .local, .credential: return nil
    case .lost, .canceled:
      try spending.end(
        attempt, .failed, cost: failure.price ?? attempt.reserved, fault: .own, because: failure.message)
    case .request, .billing, .permission, .model, .moderation, .resource, .infrastructure, .failed:
      try spending.end(
        attempt, .failed, cost: failure.price ?? .zero, fault: .own, because: failure.message)
    }
    return "\(attempt.target), as it was ordered before: \(failure.message)"
  }

  private func words(_ take: Take) -> String {
    "\(attempt.target), as it was ordered before, has come (\(take.price)) and is kept: go back to that order to use it"
  }
}
