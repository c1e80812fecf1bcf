import CampaignCore
import CampaignEngine
import Glibc

/// Makes a take of a file that a provider has delivered.
///
/// What is delivered stays delivered until it is a take: trouble of ours leaves it where it is, and the next build
/// goes on with it.
struct Reception {
  let attempt: Attempt
  let spending: Spending
  /// What our table makes of what the provider says it billed by.
  var priced: (JSON) -> Money? = { _ in nil }
  /// What in a file shows that it is not what was asked for; nil: nothing. Throws when nobody could look, which says
  /// nothing of the file.
  typealias Flaw = (_ path: String) throws(StepFailure) -> String?
  var flaw: Flaw = { (_) throws(StepFailure) in nil }

  /// Where the provider writes: what is there is whole.
  private var path: String { spending.store.incoming(attempt.id) }
  var isThere: Bool { Files.exists(path) }

  /// The file is here: that is written down before anything is made of it.
  func receive(_ delivery: ProviderEvent.Delivery) throws(StepFailure) -> Take {
    let content: ContentHash
    do throws(FileError) {
      try Files.sync(path)
      content = try Files.hash(path)
    } catch {
      throw StepFailure("`\(attempt.provider)` delivered nothing: \(error)", kind: .trouble)
    }
    // A provider that is done without a checkpoint did not ask; what it made may have cost something all the same.
    if spending.ledger[attempt.id] == nil { try spending.admit(attempt) }
    try spending.advance(attempt, to: .downloaded, data: delivery.json(content: content))
    return try accept(content, delivery)
  }

  /// Goes on where a crash or trouble cut `receive` short; nil when the file is not there, or not whole.
  func resume() throws(StepFailure) -> Take? {
    guard attempt.state == .downloaded, isThere, let data = attempt.checkpoints.last?["data"] else {
      return nil
    }
    let content = try keeping { () throws(StepFailure) in
      do throws(FileError) { return try Files.hash(path) } catch { throw StepFailure(error) }
    }
    guard data["content"]?.string == content.hex else { return nil }
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
    let flaw = try keeping { () throws(StepFailure) in
      let flaw = try self.flaw(path)
      try spending.finish(attempt, with: take, at: path, problem: flaw)
      return flaw
    }
    guard let flaw else { return take }
    throw StepFailure(
      "what `\(attempt.model)` made is not what was asked for: \(flaw)",
      help: "it is kept: `campaign takes \(attempt.target)` shows it, `campaign build` buys another")
  }

  /// Leaves the attempt as it is when `body` fails.
  private func keeping<Result>(_ body: () throws(StepFailure) -> Result) throws(StepFailure) -> Result {
    do throws(StepFailure) { return try body() } catch {
      spending.leave(attempt, fault: .own, because: error.message)
      throw StepFailure(
        "what `\(attempt.model)` delivered is here, and could not be looked at: \(error.message)",
        help: (error.help.map { $0 + "\n" } ?? "") + "`campaign build` goes on with it, and pays nothing",
        kind: error.kind)
    }
  }
}
