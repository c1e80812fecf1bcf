import CampaignCore

/// The one place through which every paid request goes: it lets one pass, makes it wait, or refuses it.
///
/// Called by the threads that perform steps; `TillState` decides.
package final class Till: Sendable {
  private let state: Guarded<TillState>

  init(_ state: TillState) { self.state = Guarded(state) }

  /// Returns when the request may be sent, its price reserved. Throws when it must not be.
  func pass(_ request: TillState.Request) throws(StepFailure) {
    let refusal: StepFailure? = state.wait { state in
      switch state.decide(request, now: FileHash.now()) {
      case .go: .done(nil)
      case .refuse(let failure): .done(failure)
      case .wait: .untilChange
      case .waitUntil(let time): .untilTime(time)
      }
    }
    if let refusal { throw refusal }
  }

  func change(_ body: (inout TillState) -> Void) { state.withLock(body) }
}
