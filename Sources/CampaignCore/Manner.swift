/// How a step is run. Nothing of it shapes the result, so nothing of it belongs to a key.
package struct Manner: Hashable, Sendable {
  /// Places that it takes in its pool.
  package var units = 1
  /// Steps of a higher priority start first, however long the path behind the others.
  package var priority = 0
  /// It is stopped after so long; nil: never.
  package var timeout: Milliseconds?
  /// How often it is tried again at most.
  package var retries = 0
  /// Before the first further try; twice as long before each next one.
  package var retryDelay = Milliseconds(5_000)
  /// What is worth another try.
  package var retryOn = Set(Hitch.allCases)

  /// A kind of failure that may pass.
  package enum Hitch: String, CaseIterable, Sendable {
    /// The step ended badly.
    case failure
    /// It was stopped by its `timeout`.
    case timeout
    /// A provider or the network; or a command that ended with code 75, "try again later" in sysexits.h.
    case trouble
  }

  package init() {}

  /// How long to wait before try number `number` + 1, `number` counted from 1: doubled each time, at most five
  /// minutes, spread so that steps that failed together do not come back together.
  ///
  /// - Parameter chance: from 0 to 1.
  package func delay(beforeRetry number: Int, chance: Double) -> Milliseconds {
    let doubled = Double(retryDelay.count) * Double(1 << min(number - 1, 20))
    return Milliseconds(Int(min(doubled, 300_000) * (0.85 + 0.3 * chance)))
  }
}
