import CampaignCore
import CampaignEngine

/// Events as JSON lines, for programs: `{"v":1,"t":0.412,"run":"…","ev":"step.started","target":"…",…}`.
///
/// Within a version, members and events are added, never changed or removed.
package struct EventLines: Sendable {
  private static let version = 1
  /// The run of each campaign; under nil that of a build of one.
  private var runs: [String?: String] = [:]

  package init() {}

  /// One line. `t` is in seconds since the build began.
  package mutating func text(for event: Event) -> String {
    if case .runStarted(let name, _) = event.kind { runs[event.campaign] = name }
    let (name, members) = Self.content(event.kind)
    let head: [JSON.Member] = [
      .init("v", .int(Self.version)), .init("t", .decimal(Double(event.time) / 1e9, places: 3)),
      .init("run", .string(runs[event.campaign] ?? "")), .init("ev", .string(name)),
    ]
    let campaign = event.campaign.map { [JSON.Member("campaign", .string($0))] } ?? []
    return JSON.object(head + campaign + members.map { JSON.Member($0.key, $0.value) }).compact + "\n"
  }

  private static func content(_ kind: Event.Kind) -> (String, KeyValuePairs<String, JSON>) {
    switch kind {
    case .runStarted(_, let targets): ("run.started", ["targets": .strings(targets)])
    case .waiting(let owner): ("run.waiting", ["owner": .string(owner)])
    case .reading(let files, let bytes): ("run.reading", ["files": .int(files), "bytes": .int(bytes)])
    case .planned(let forecast): ("plan", ["forecast": forecast.json])
    case .grew(let file, let count): ("plan.grew", ["file": .string(file), "count": .int(count)])
    case .stepStarted(let step, let reasons):
      (
        "step.started",
        [
          "target": .string(step.target), "action": .string(step.action), "pool": .string(step.pool),
          "why": .strings(reasons.map(\.description)), "usualSeconds": .seconds(step.usual),
        ]
      )
    case .stepProgress(let step, let fraction, let detail):
      (
        "step.progress",
        [
          "target": .string(step.target), "fraction": .decimal(fraction, places: 3),
          "detail": .string(detail),
        ]
      )
    case .stepRetrying(let step, let failure, let number, let seconds):
      (
        "step.retrying",
        [
          "target": .string(step.target), "message": .string(failure.message),
          "kind": .string("\(failure.kind)"),
          "retry": .int(number), "delay": .seconds(seconds),
        ]
      )
    case .stepFinished(let step, let result): ("step.finished", finished(step, result))
    case .awaiting(let target, let steps):
      ("gate.waiting", ["target": .string(target), "steps": .strings(steps)])
    case .notice(let words): ("notice", ["message": .string(words)])
    case .interrupted(let signal, let isFinal):
      ("run.interrupted", ["signal": .string(Wording.signal(signal)), "final": .bool(isFinal)])
    case .runFinished(let summary): ("run.finished", ["summary": summary.json])
    }
  }

  private static func finished(_ step: StepLabel, _ result: StepResult) -> KeyValuePairs<String, JSON> {
    var (message, help, cause, kind) = (JSON.null, JSON.null, JSON.null, JSON.null)
    switch result.outcome {
    case .failed(let failure):
      (message, help) = (.string(failure.message), failure.help.map { .string($0) } ?? .null)
      kind = .string("\(failure.kind)")
    case .skipped(let target): cause = .string(target)
    case .made, .restored, .adopted, .interrupted: break
    }
    return [
      "target": .string(step.target), "action": .string(step.action), "outcome": .string(result.verb),
      "seconds": .decimal(result.seconds, places: 3), "usd": result.cost.json,
      "changed": .bool(result.isChanged), "notes": .strings(result.notes), "message": message, "help": help,
      "kind": kind,
      "because": cause, "log": result.log.map { .string($0) } ?? .null,
      "take": result.take.map { .string($0.hex) } ?? .null,
    ]
  }
}

extension Event.Forecast {
  package var json: JSON {
    .members([
      "toMake": .int(toMake), "toRestore": .int(toRestore), "toAdopt": .int(toAdopt),
      "undecided": .int(undecided), "current": .int(current), "usd": cost.json,
      "usdAtMost": (cost + undecidedCost).json,
      "inFlight": .int(inFlight),
      "usdInFlight": inFlightCost.json, "seconds": .seconds(seconds),
    ])
  }
}

extension JSON {
  package static func strings(_ strings: [String]) -> JSON { .array(strings.map { .string($0) }) }

  /// Null when unknown.
  package static func seconds(_ seconds: Double?) -> JSON { seconds.map { .decimal($0, places: 3) } ?? .null }
}
