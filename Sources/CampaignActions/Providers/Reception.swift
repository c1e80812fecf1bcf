import CampaignCore
import CampaignEngine
import Glibc

/// Makes a take of a file that a provider has delivered.
struct Reception {
  let attempt: Attempt
  let spending: Spending
  /// What our table makes of what the provider says it billed by.
  var priced: (JSON) -> Money? = { _ in nil }
  /// Throws when the file is not what was asked for.
  var verify: (String) throws(StepFailure) -> Void = { (_) throws(StepFailure) in }

  /// Where the provider writes.
  private var path: String { spending.store.incoming(attempt.id) }

  /// The file is here: that is written down before anything is made of it.
  func receive(_ delivery: ProviderEvent.Delivery) throws(StepFailure) -> Take {
    let content: ContentHash
    do throws(FileError) {
      try Files.sync(path)
      content = try Files.hash(path)
    } catch {
      throw StepFailure("`\(attempt.provider)` delivered nothing: \(error)", kind: .trouble)
    }
    // A provider that sent no checkpoint has bought nothing without leave: it asks now, for the ledger's sake.
    if spending.ledger[attempt.id] == nil { try spending.intend(attempt, data: .object([])) }
    try spending.advance(attempt, to: .downloaded, data: delivery.json(content: content))
    return try accept(content, delivery)
  }

  /// Goes on where a crash cut `receive` short; nil when the file is not there, or not whole.
  func resume() throws(StepFailure) -> Take? {
    guard attempt.state == .downloaded, let data = attempt.checkpoints.last?["data"],
      let content = try? Files.hash(path), data["content"]?.string == content.hex
    else { return nil }
    return try accept(content, ProviderEvent.Delivery(kept: data))
  }

  private func accept(_ content: ContentHash, _ delivery: ProviderEvent.Delivery) throws(StepFailure) -> Take
  {
    let price = delivery.price ?? delivery.billed.flatMap(priced)
    let take = Take(
      content: content, attempt: attempt.id, provider: attempt.provider,
      model: delivery.model ?? attempt.model, version: delivery.version,
      seed: delivery.seed ?? attempt.seed, price: price ?? attempt.reserved,
      basis: delivery.price != nil ? "billed" : price != nil ? "priced" : "assumed", date: Int64(time(nil)))
    var problem: StepFailure?
    do throws(StepFailure) { try verify(path) } catch { problem = error }
    try spending.finish(attempt, with: take, at: path, problem: problem?.message)
    guard let problem else { return take }
    throw StepFailure(
      "what `\(attempt.model)` made is not what was asked for: \(problem.message)",
      help: "it is kept: `campaign takes \(attempt.target)` shows it, `campaign build` buys another")
  }
}
