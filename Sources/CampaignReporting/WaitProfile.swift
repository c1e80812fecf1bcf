import CampaignEngine

/// Where the time of a build went: how long each pool was busy, and the step that took longest.
///
///     waited 6m12s on replicate, 9.0s on this machine; longest build/clips/hook.mp4, 1m41s
package struct WaitProfile: Sendable {
  private struct Busy: Sendable {
    var running = 0
    /// When it became so, in nanoseconds.
    var since: Int64 = 0
    var total: Int64 = 0
  }

  private var pools: [String: Busy] = [:]
  private var starts: [StepID: Int64] = [:]
  private var longest: (target: String, time: Int64)?

  package init() {}

  package mutating func record(_ event: Event) {
    switch event.kind {
    case .stepStarted(let step, _):
      starts[step.id] = event.time
      var pool = pools[step.pool] ?? Busy()
      if pool.running == 0 { pool.since = event.time }
      pool.running += 1
      pools[step.pool] = pool
    case .stepRetrying(let step, _, _, _), .stepFinished(let step, _): end(step, at: event.time)
    default: break
    }
  }

  private mutating func end(_ step: StepLabel, at time: Int64) {
    guard let start = starts.removeValue(forKey: step.id) else { return }
    pools[step.pool]!.running -= 1
    if pools[step.pool]!.running == 0 { pools[step.pool]!.total += time - pools[step.pool]!.since }
    if time - start > longest?.time ?? 0 { longest = (step.target, time - start) }
  }

  /// Seconds in which something of each pool ran, longest first.
  package var seconds: [(pool: String, seconds: Double)] {
    pools.map { ($0.key, Double($0.value.total) / 1e9) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }

  /// One line; nil for builds that nobody had to wait for.
  package var text: String? {
    let waits = seconds.filter { $0.seconds >= 0.5 }
    guard waits.reduce(0, { $0 + $1.seconds }) >= 5 else { return nil }
    let list = waits.map { pool, seconds in
      "\(Wording.duration(seconds)) on \(pool == "cpu" ? "this machine" : pool)"
    }
    let end = longest.map { "; longest \($0.target), \(Wording.duration(Double($0.time) / 1e9))" } ?? ""
    return "waited " + list.joined(separator: ", ") + end
  }
}
