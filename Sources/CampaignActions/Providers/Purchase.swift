import CampaignCore
import CampaignEngine

/// Brings the take of an order: from the store, from a job that an earlier build began, or by buying it.
///
/// Every step towards a purchase is on disk before it is taken (`Ledger`), so that whatever happens to this process a
/// later one knows what was sent, and fetches it instead of buying it again.
struct Purchase {
  let job: Job
  let order: Order
  var seeds = SeedPolicy.next
  /// What our table makes of what the provider says it billed by.
  var priced: (JSON) -> Money? = { _ in nil }
  /// See `Reception`.
  var flaw: Reception.Flaw = { (_) throws(StepFailure) in nil }

  enum Result {
    case take(Take)
    /// The provider does not want to make this, or its answer is none.
    case rejected(StepFailure)
  }

  /// Attempts of one build at the same order, when the provider broke down under it.
  private static let mostAttempts = 3

  private enum Ending {
    case take(Take)
    case rejected(StepFailure)
    /// Another attempt may do better.
    case brokeDown(StepFailure)
  }

  func result() throws(StepFailure) -> Result {
    do throws(StepFailure) {
      let result = try take()
      if case .rejected = result { giveUp(wasRefused: true) }
      return result
    } catch {
      giveUp(wasRefused: false)
      throw error
    }
  }

  private func giveUp(wasRefused: Bool) {
    spending.giveUp(job.outputs[0], of: order.model, wasRefused: wasRefused)
  }

  private func take() throws(StepFailure) -> Result {
    let shelf: Shelf
    do { shelf = try spending.store.shelf(order.key) } catch { throw StepFailure(error) }
    if spending.ledger.open(order.key) == nil, !job.wantsNewTake,
      let take = (job.take ?? shelf.current).flatMap({ shelf[$0] })
    {
      return .take(take)
    }
    var attempts = 0
    while true {
      attempts += 1
      switch try carryOut(spending.ledger.open(order.key) ?? newAttempt()) {
      case .take(let take): return .take(take)
      case .rejected(let failure): return .rejected(failure)
      case .brokeDown(let failure): if attempts == Self.mostAttempts { throw failure }
      }
    }
  }

  private var spending: Spending { job.spending }

  private func newAttempt() -> Attempt {
    var attempt = spending.newAttempt(
      order: order.key, target: job.outputs[0], kind: order.kind.rawValue, provider: order.provider,
      model: order.model, price: order.price)
    let last = spending.ledger.attempts.last { $0.order == order.key }?.seed
    attempt.seed = seeds.seed(after: last, of: order.key)
    // A question is asked anew when its answer is lost.
    if order.kind != .chat { attempt.request = order.request(seed: attempt.seed) }
    return attempt
  }

  // MARK: - One attempt

  private func carryOut(_ attempt: Attempt) throws(StepFailure) -> Ending {
    let reception = Reception(attempt: attempt, spending: spending, priced: priced, flaw: flaw)
    if let take = try reception.resume() { return .take(take) }
    if attempt.kind == Order.Kind.chat.rawValue, spending.ledger[attempt.id] != nil {
      if reception.isThere { return .take(try reception.receive(ProviderEvent.Delivery())) }
      // An answer that nobody waited for cannot be asked after.
      try spending.end(attempt, .failed, cost: attempt.reserved, fault: .own, because: "its answer was lost")
      return try carryOut(newAttempt())
    }
    if spending.ledger[attempt.id] == nil { try spending.check(attempt) }
    let output = spending.store.incoming(attempt.id)
    do { try Files.makeFolder(Files.folder(of: output)!) } catch { throw StepFailure(error) }
    let dialogue = Dialogue(
      attempt: attempt, spending: spending, root: job.root, log: job.resolve(job.log),
      interrupt: job.interrupt, progress: job.progress)
    let request = attempt.line(
      "make", order.request(seed: attempt.seed), output: try job.absolute(output), deadline: order.deadline)
    switch try dialogue.hold(request) {
    case .delivered(let delivery): return .take(try reception.receive(delivery))
    case .failed(let failure):
      // It came before, and what went wrong since was ours.
      if failure.kind == .lost, reception.isThere {
        return .take(try reception.receive(ProviderEvent.Delivery()))
      }
      return try giveUp(attempt, failure)
    }
  }

  // MARK: - Failing

  private func giveUp(_ attempt: Attempt, _ failure: ProviderEvent.Failure) throws(StepFailure) -> Ending {
    let said = StepFailure(failure.message, help: failure.help)
    let state = spending.ledger[attempt.id]?.state
    let wasSubmitted = state != nil && state != .intent
    let charged = failure.cost(of: spending.ledger[attempt.id] ?? attempt)
    func end(_ state: Attempt.State, _ cost: Money, _ fault: Spending.Fault) throws(StepFailure) {
      try spending.end(attempt, state, cost: cost, fault: fault, because: failure.message)
    }
    switch failure.kind {
    case .moderation:
      try end(.failed, charged, .own)
      return .rejected(said)
    case .infrastructure:
      try end(.failed, charged, .provider)
      // Another is ordered unasked only where this one cost nothing.
      guard charged == .zero else { throw said }
      return .brokeDown(
        StepFailure(failure.message, help: failure.help ?? "build again later", kind: .trouble))
    case .failed where order.kind == .chat:
      try end(.failed, charged, .own)
      return .rejected(said)
    case .request, .model, .resource, .failed: try end(.failed, charged, .own)
    case .credential, .billing, .permission:
      // A job that was accepted before goes on without us.
      if wasSubmitted {
        spending.leave(attempt, fault: .hopeless, because: failure.message)
      } else {
        try end(.failed, charged, .hopeless)
      }
    case .lost: try end(.failed, charged, .own)
    case .canceled: try end(.canceled, charged, .own)
    case .refused where !wasSubmitted: try end(.unsent, .zero, .own)
    case .refused: spending.leave(attempt, fault: .own, because: failure.message)
    case .network, .detached:
      let fault: Spending.Fault = failure.kind == .network ? .provider : .own
      spending.leave(attempt, fault: fault, because: failure.message)
      if job.interrupt.isRaised { throw .interrupted }
      throw StepFailure(failure.message, help: failure.help, kind: .trouble)
    case .unknown:
      spending.leave(attempt, fault: .own, because: failure.message)
      throw StepFailure(
        failure.message,
        help: (failure.help.map { $0 + "; " } ?? "")
          + "if you know that nothing came of it: campaign cancel \(attempt.target)")
    case .local: spending.leave(attempt, fault: .own, because: failure.message)
    }
    throw said
  }
}
