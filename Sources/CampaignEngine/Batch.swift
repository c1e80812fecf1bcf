import CampaignCore

/// What builds of several campaigns share that run at once: places in pools, the most that all of them may spend,
/// and signals.
package final class Batch: Sendable {
  private struct State {
    /// Places that are taken in each pool.
    var taken: [String: Int] = [:]
    /// What all of them have spent or reserved.
    var spent = Money.zero
    var mailboxes: [Mailbox] = []
    /// The first that came.
    var signal: Int32?
  }

  private let state = Guarded(State())

  package init() {}

  /// A build that begins after the signal hears of it, too.
  func join(_ mailbox: Mailbox) {
    let signal = state.withLock { state in
      state.mailboxes.append(mailbox)
      return state.signal
    }
    if let signal { mailbox.post(.signal(signal)) }
  }

  func leave(_ mailbox: Mailbox) {
    state.withLock { $0.mailboxes.removeAll { $0 === mailbox } }
    tellAll(.wake)
  }

  /// Hands a signal to every build, and to those that have not begun.
  package func signal(_ number: Int32) {
    state.withLock { $0.signal = $0.signal ?? number }
    tellAll(.signal(number))
  }

  var isStopped: Bool { state.withLock { $0.signal != nil } }

  /// Takes places, if they are free. A step that needs more than there are runs when no other does.
  func take(_ units: Int, of pool: String, width: Int) -> Bool {
    state.withLock { state in
      let taken = state.taken[pool] ?? 0
      guard taken == 0 || taken + units <= width else { return false }
      state.taken[pool] = taken + units
      return true
    }
  }

  func give(_ units: Int, of pool: String) {
    state.withLock { $0.taken[pool, default: 0] -= units }
    tellAll(.wake)
  }

  /// Lets a till decide with what all have spent at hand; `body` changes it.
  func spend<Result>(_ body: (inout Money) -> Result) -> Result { state.withLock { body(&$0.spent) } }

  private func tellAll(_ message: Mailbox.Message) {
    for mailbox in state.withLock({ $0.mailboxes }) { mailbox.post(message) }
  }
}
