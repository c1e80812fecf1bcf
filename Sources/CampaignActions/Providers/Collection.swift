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
      let reception = Reception(
        attempt: attempt, spending: spending, flaw: { (path) throws(StepFailure) in try flaw(in: path) })
      if let take = try reception.resume() { return words(take) }
      guard attempt.kind != Order.Kind.chat.rawValue else {
        if reception.isThere { return words(try reception.receive(ProviderEvent.Delivery())) }
        // Nobody can ask after the answer to a question.
        try spending.end(
          attempt, .failed, cost: attempt.reserved, fault: .own, because: "its answer was lost")
        return nil
      }
      let output = spending.store.incoming(attempt.id)
      do { try Files.makeFolder(Files.folder(of: output)!) } catch { throw StepFailure(error) }
      let dialogue = Dialogue(
        attempt: attempt, spending: spending, root: root, log: "/dev/null", interrupt: interrupt,
        fetchesOnly: true)
      let request = attempt.line(
        "make", attempt.request ?? .object([]), output: try Job.absolute(output), deadline: 0)
      switch try dialogue.hold(request) {
      case .delivered(let delivery): return words(try reception.receive(delivery))
      case .failed(let failure):
        if failure.kind == .lost, reception.isThere {
          return words(try reception.receive(ProviderEvent.Delivery()))
        }
        return try close(failure)
      }
    } catch { return error.kind == .refused ? nil : "\(attempt.target): \(error.message)" }
  }

  /// What shows of a file without its step.
  private func flaw(in path: String) throws(StepFailure) -> String? {
    switch Order.Kind(rawValue: attempt.kind) {
    case .chat, nil: return nil
    case .clip, .music:
      let info = try MediaInfo.examine(path, in: root, log: "/dev/null", interrupt: interrupt)
      if info?.isCutShort == true { return "it is cut short" }
      let isThere = attempt.kind == Order.Kind.clip.rawValue ? info?.video != nil : info?.audio != nil
      return isThere ? nil : "it is not a readable media file"
    }
  }

  private func close(_ failure: ProviderEvent.Failure) throws(StepFailure) -> String? {
    switch failure.kind {
    case .detached, .network, .unknown, .refused, .local, .credential: return nil
    case .lost, .canceled, .request, .billing, .permission, .model, .moderation, .resource, .infrastructure,
      .failed:
      try spending.end(
        attempt, .failed, cost: failure.cost(of: spending.ledger[attempt.id] ?? attempt), fault: .own,
        because: failure.message)
    }
    return "\(attempt.target), as it was ordered before: \(failure.message)"
  }

  private func words(_ take: Take) -> String {
    "\(attempt.target), as it was ordered before, has come (\(take.price)) and is kept: go back to that order to use it"
  }
}
