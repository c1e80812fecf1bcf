import CampaignEngine

/// Steps that others do, and that keep us waiting: said soon, and then only now and then.
struct RemoteVigil: Sendable {
  private struct Wait: Sendable {
    var step: StepLabel
    var started: Int64
    var detail = ""
    var isTold = false
  }

  private var waits: [StepID: Wait] = [:]
  private var lastTold: Int64?

  private static let second: Int64 = 1_000_000_000

  mutating func record(_ event: Event) {
    switch event.kind {
    case .stepStarted(let step, _):
      if step.pool != "cpu" && step.action != "shell" {
        waits[step.id] = Wait(step: step, started: event.time)
      }
    case .stepProgress(let step, _, let detail): waits[step.id]?.detail = detail
    case .stepRetrying(let step, _, _, _), .stepFinished(let step, _): waits[step.id] = nil
    default: break
    }
  }

  /// What is to be said now: of a step that is new to it after four seconds, of all others once a minute.
  mutating func words(at time: Int64) -> String? {
    let late = waits.values.filter { time - $0.started >= 4 * Self.second }
    let pause = late.contains { !$0.isTold } ? 15 : 60
    guard !late.isEmpty, lastTold.map({ time - $0 >= Int64(pause) * Self.second }) ?? true else { return nil }
    lastTold = time
    for wait in late { waits[wait.step.id]?.isTold = true }
    let list = late.sorted { $0.started < $1.started }.map { wait in
      "\(wait.step.target) at \(wait.step.pool)" + (wait.detail.isEmpty ? "" : " (\(wait.detail))")
    }
    return "for \(Wording.list(list))"
  }
}
