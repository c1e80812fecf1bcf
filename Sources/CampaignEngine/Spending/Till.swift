import CampaignCore

/// The one place through which every paid request goes: it lets one pass, makes it wait, or refuses it.
///
/// Called by the threads that perform steps; `TillState` decides.
package final class Till: Sendable {
  private let state: Guarded<TillState>
  /// Other builds that share the limit of this one.
  private let batch: Batch?

  init(_ state: TillState, batch: Batch? = nil) {
    self.state = Guarded(state)
    self.batch = batch
  }

  /// Returns when the request may be sent, its price reserved. Throws when it must not be.
  func pass(_ request: TillState.Request) throws(StepFailure) {
    let refusal: StepFailure? = state.wait { state in
      switch sharing(&state, { $0.decide(request, now: FileHash.now()) }) {
      case .go: .done(nil)
      case .refuse(let failure): .done(failure)
      case .wait: .untilChange
      case .waitUntil(let time): .untilTime(time)
      }
    }
    if let refusal { throw refusal }
  }

  /// See `TillState.paid`.
  var paid: [String: Money] { state.withLock { $0.paid } }

  /// Why the request must not be sent, whenever that is; nil: it may be, as far as is known.
  func refusal(of request: TillState.Request) -> StepFailure? {
    state.withLock { state in sharing(&state) { $0.refusal(of: request) } }
  }

  func change(_ body: (inout TillState) -> Void) { state.withLock { sharing(&$0, body) } }

  /// Lets a till act while no other of its batch does, with what the others have spent at hand.
  private func sharing<Result>(_ state: inout TillState, _ body: (inout TillState) -> Result) -> Result {
    guard let batch else { return body(&state) }
    return batch.spend { all in
      let others = all - state.spentHere
      state.spentElsewhere = others
      defer { all = others + state.spentHere }
      return body(&state)
    }
  }
}
