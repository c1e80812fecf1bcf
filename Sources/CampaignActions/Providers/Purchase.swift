import CampaignCore
import CampaignEngine
import Glibc

/// Brings the take of an order: from the store, from a job that an earlier build began, or by buying it.
///
/// Every step towards a purchase is on disk before it is taken (`Ledger`), so that whatever happens to this process a
/// later one knows what was sent, and fetches it instead of buying it again.
struct Purchase {
  let job: Job
  let order: Order
  let seeds: SeedPolicy
  /// What our table makes of what the provider says it billed by.
  let priced: (JSON) -> Money?
  /// Throws when the delivered file is not what was asked for.
  let verify: (String) throws(StepFailure) -> Void

  enum Result {
    case take(Take)
    /// The provider does not want to make this.
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
    let shelf = spending.store.shelf(order.key)
    if spending.ledger.open(order.key) == nil, !job.wantsNewTake, let current = job.take ?? shelf.current,
      let take = shelf[current]
    {
      return .take(take)
    }
    for number in 1... {
      let attempt = spending.ledger.open(order.key) ?? newAttempt(shelf)
      switch try carryOut(attempt) {
      case .take(let take): return .take(take)
      case .rejected(let failure): return .rejected(failure)
      case .brokeDown(let failure): if number == Self.mostAttempts { throw failure }
      }
    }
    preconditionFailure("the loop ends by returning")
  }

  private var spending: Spending { job.spending }

  private func newAttempt(_ shelf: Shelf) -> Attempt {
    var attempt = spending.newAttempt(
      order: order.key, target: job.outputs[0], kind: order.kind.rawValue, provider: order.provider,
      model: order.model, price: order.price)
    let seeds = spending.ledger.attempts.filter { $0.order == order.key }.compactMap(\.seed)
    attempt.seed = self.seeds.seed(after: seeds.last, of: order.key)
    return attempt
  }

  // MARK: - One attempt

  private func carryOut(_ attempt: Attempt) throws(StepFailure) -> Ending {
    if attempt.state == .downloaded, let ending = try finish(attempt) { return ending }
    if attempt.kind == Order.Kind.chat.rawValue, attempt.state == .intent, !attempt.checkpoints.isEmpty {
      // An answer that nobody waited for cannot be asked after.
      try spending.end(attempt, .failed, cost: attempt.reserved, fault: .own, because: "its answer was lost")
      return .brokeDown(.interrupted)
    }
    let incoming = spending.store.incoming(attempt.id)
    do { try Files.makeFolder(Files.folder(of: incoming)!) } catch { throw StepFailure(error) }
    var dialogue = try Dialogue(job: job, order: order, attempt: attempt, output: incoming)
    switch try dialogue.hold() {
    case .delivered(let delivery): return try receive(attempt, delivery, at: incoming)
    case .failed(let failure): return try giveUp(attempt, failure)
    }
  }

  /// The file is here: it is written down before anything is made of it.
  private func receive(_ attempt: Attempt, _ delivery: ProviderEvent.Delivery, at path: String)
    throws(StepFailure) -> Ending
  {
    let content: ContentHash
    do throws(FileError) {
      try Files.sync(path)
      content = try Files.hash(path)
    } catch {
      throw StepFailure("`\(order.provider)` delivered nothing: \(error)", kind: .trouble)
    }
    if spending.ledger[attempt.id] == nil { try spending.intend(attempt, data: .object([])) }
    try spending.advance(attempt, to: .downloaded, data: delivery.json(content: content))
    guard let ending = try finish(spending.ledger[attempt.id] ?? attempt) else {
      throw StepFailure("`\(path)` is gone")
    }
    return ending
  }

  /// Makes a take of a downloaded file; nil when it is not there any more, or not whole.
  private func finish(_ attempt: Attempt) throws(StepFailure) -> Ending? {
    let path = spending.store.incoming(attempt.id)
    guard let data = attempt.checkpoints.last?["data"], let hash = try? Files.hash(path),
      data["content"]?.string == hash.hex
    else { return nil }
    let delivery = ProviderEvent.Delivery(kept: data)
    let price = delivery.price ?? delivery.billed.flatMap(priced)
    let take = Take(
      content: hash, attempt: attempt.id, provider: attempt.provider, model: delivery.model ?? attempt.model,
      version: delivery.version, seed: delivery.seed ?? attempt.seed, price: price ?? attempt.reserved,
      basis: delivery.price != nil ? "billed" : price != nil ? "priced" : "assumed",
      date: Int64(time(nil)))
    var problem: StepFailure?
    do throws(StepFailure) { try verify(path) } catch { problem = error }
    try spending.finish(attempt, with: take, at: path, problem: problem?.message)
    if let problem {
      throw StepFailure(
        "what `\(order.model)` made is not what was asked for: \(problem.message)",
        help: "it is kept as a take; `campaign takes \(job.outputs[0])` shows it, `--force` buys another")
    }
    return .take(take)
  }

  // MARK: - Failing

  private func giveUp(_ attempt: Attempt, _ failure: ProviderEvent.Failure) throws(StepFailure) -> Ending {
    let said = StepFailure(failure.message, help: failure.help)
    let cost = failure.price ?? .zero
    switch failure.kind {
    case .moderation:
      try end(attempt, .failed, cost, .own, failure)
      return .rejected(said)
    case .infrastructure:
      try end(attempt, .failed, cost, .provider, failure)
      return .brokeDown(
        StepFailure(failure.message, help: failure.help ?? "build again later", kind: .trouble))
    case .request, .model, .permission, .resource, .failed:
      try end(attempt, .failed, cost, .own, failure)
    case .credential, .billing: try end(attempt, .failed, cost, .hopeless, failure)
    case .lost, .canceled:
      try end(
        attempt, failure.kind == .canceled ? .canceled : .failed, failure.price ?? attempt.reserved, .own,
        failure)
    case .refused: try end(attempt, .unsent, .zero, .own, failure)
    case .network, .detached:
      spending.leave(attempt, fault: failure.kind == .network ? .provider : .own, because: failure.message)
      throw job.interrupt.isRaised
        ? .interrupted : StepFailure(failure.message, help: failure.help, kind: .trouble)
    case .unknown:
      spending.leave(attempt, fault: .own, because: failure.message)
      throw StepFailure(
        failure.message,
        help: (failure.help.map { $0 + "; " } ?? "")
          + "when you know that nothing came of it: campaign cancel \(attempt.target)")
    case .local: spending.leave(attempt, fault: .own, because: failure.message)
    }
    throw said
  }

  private func end(
    _ attempt: Attempt, _ state: Attempt.State, _ cost: Money, _ fault: Spending.Fault,
    _ failure: ProviderEvent.Failure
  ) throws(StepFailure) {
    try spending.end(attempt, state, cost: cost, fault: fault, because: failure.message)
  }
}
