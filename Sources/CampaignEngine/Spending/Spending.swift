import CampaignCore
import Glibc

/// All that has to do with money in a workspace: the ledger, the till, and the store of takes.
package struct Spending: Sendable {
  package let ledger: Ledger
  package let store: Store
  private let till: Till
  /// The name of the build.
  package let run: String
  /// What providers' waiting times are divided by: 1 but in rehearsals.
  package let speed: Double

  package init(
    _ state: StateFolder, limits: SpendingLimits = SpendingLimits(), run: String = "", speed: Double = 1,
    batch: Batch? = nil
  ) throws(FileError) {
    ledger = try Ledger(path: state.journal)
    store = Store(folder: state.store)
    till = Till(
      TillState(
        limits: limits, speed: speed, campaign: ledger.committed(),
        month: ledger.committed(since: Day.today.monthStart), doubt: ledger.oddLines.first), batch: batch)
    self.run = run
    self.speed = speed
  }

  // MARK: - One attempt

  /// A new attempt; nothing is written yet.
  package func newAttempt(
    order: ContentHash, target: String, kind: String, provider: String, model: String, price: Money
  ) -> Attempt {
    let id = ContentHash(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max)).hex
    return Attempt(
      id: id, order: order, target: target, kind: kind, provider: provider, model: model, run: run,
      reserved: price, began: Int64(time(nil)))
  }

  /// Throws when a new attempt could not be paid anyway: then its provider is not even asked.
  package func check(_ attempt: Attempt) throws(StepFailure) {
    if let refusal = till.refusal(of: request(attempt)) { throw refusal }
  }

  /// Writes down what was sent, or made, without leave: from then on it counts like any other.
  package func admit(_ attempt: Attempt) throws(StepFailure) {
    till.change { $0.grant(request(attempt), now: FileHash.now()) }
    try recording { () throws(FileError) in
      if ledger[attempt.id] == nil { try ledger.begin(attempt) }
    }
  }

  /// Waits until the request may be sent and writes down that it will be. The money is reserved from then on.
  package func intend(_ attempt: Attempt, data: JSON) throws(StepFailure) {
    try till.pass(request(attempt))
    try recording { () throws(FileError) in
      if ledger[attempt.id] == nil { try ledger.begin(attempt) }
      try ledger.advance(attempt.id, to: .intent, data: data)
    }
  }

  /// Writes down how far the attempt has come.
  package func advance(_ attempt: Attempt, to state: Attempt.State, data: JSON) throws(StepFailure) {
    try recording { () throws(FileError) in try ledger.advance(attempt.id, to: state, data: data) }
  }

  /// Ends an attempt with a take: its bytes, the shelf and the ledger, in this order. One with a problem is kept, too.
  package func finish(_ attempt: Attempt, with take: Take, at path: String, problem: String? = nil)
    throws(StepFailure)
  {
    try recording { () throws(FileError) in
      try store.keep(path, hash: take.content)
      try store.shelve(take, of: attempt.order)
      if let problem { try store.reject(take.content, of: attempt.order, reason: problem) }
      try ledger.end(attempt.id, .bought, cost: take.price, basis: take.basis, take: take.content)
    }
    till.change {
      $0.pay(request(attempt), cost: take.price, problem == nil ? .good : .ownFault)
    }
    Files.remove(path)
  }

  package enum Fault: Sendable {
    /// Says something of this request alone, e.g. refused content.
    case own
    /// Says something of the provider, e.g. no network.
    case provider
    /// No further request can succeed, e.g. a wrong key.
    case hopeless
  }

  /// Ends an attempt without a take.
  package func end(
    _ attempt: Attempt, _ state: Attempt.State, cost: Money, fault: Fault, because problem: String
  ) throws(StepFailure) {
    // It may have cost something although nobody was asked.
    if ledger[attempt.id] == nil, cost > .zero { try admit(attempt) }
    if ledger[attempt.id] != nil {
      try recording { () throws(FileError) in
        try ledger.end(
          attempt.id, state, cost: cost, basis: cost == .zero ? "" : "assumed", problem: problem)
      }
    }
    for ending in ["", ".part"] { Files.remove(store.incoming(attempt.id) + ending) }
    till.change { $0.pay(request(attempt), cost: cost, Self.outcome(fault), because: problem) }
  }

  /// Leaves an attempt running at the provider: its price stays reserved.
  package func leave(_ attempt: Attempt, fault: Fault, because problem: String) {
    till.change {
      $0.settle(request(attempt), cost: attempt.reserved, Self.outcome(fault), because: problem)
    }
  }

  private static func outcome(_ fault: Fault) -> TillState.Outcome {
    switch fault {
    case .own: .ownFault
    case .provider: .providerFault
    case .hopeless: .hopeless
    }
  }

  /// What this build has paid for a target; nil: for all.
  package func paid(for target: String? = nil) -> Money {
    let paid = till.paid
    return target.map { paid[$0] ?? .zero } ?? paid.values.reduce(.zero, +)
  }

  /// A target will have no take of a model in this build.
  package func giveUp(_ target: String, of model: String, wasRefused: Bool) {
    till.change { $0.giveUp(target, of: model, wasRefused: wasRefused) }
  }

  // MARK: - The pace

  /// The provider asked for patience.
  package func throttle(_ attempt: Attempt, seconds: Double, burst: Int?) {
    till.change { $0.throttle(attempt.provider, seconds: seconds, burst: burst, now: FileHash.now()) }
  }

  /// The provider has said how an attempt of an earlier build stands: new ones need not wait for it any more.
  package func resumed(_ attempt: Attempt) { till.change { $0.resumed(attempt.id) } }

  func awaitResumption(of attempt: Attempt) { till.change { $0.awaitResumption(of: attempt.id) } }
  func expect(_ count: Int, of model: String) { till.change { $0.expect(count, of: model) } }
  func stop() { till.change { $0.stop() } }

  private func request(_ attempt: Attempt) -> TillState.Request {
    TillState.Request(
      id: attempt.id, target: attempt.target, provider: attempt.provider, model: attempt.model,
      price: attempt.reserved)
  }

  private func recording(_ body: () throws(FileError) -> Void) throws(StepFailure) {
    do throws(FileError) { try body() } catch {
      throw StepFailure(
        error.description, help: "make room or mend permissions, and build again: nothing is lost")
    }
  }
}
