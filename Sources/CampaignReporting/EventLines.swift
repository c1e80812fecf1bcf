import CampaignCore
import CampaignEngine

/// Events as JSON lines, for programs: `{"v":1,"t":0.412,"run":"…","ev":"step.started","target":"…",…}`.
///
/// Within a version, members and events are added, never changed or removed. A member without a value is left out.
package struct EventLines: Sendable {
  private static let version = 1
  /// The run of each campaign; under nil that of a build of one.
  private var runs: [String?: String] = [:]

  package init() {}

  /// One line with its end. `t` is in seconds since the build began.
  package mutating func line(for event: Event) -> [UInt8] {
    if case .runStarted(let name, _) = event.kind { runs[event.campaign] = name }
    var line = JSONLine()
    line.put("v", Self.version)
    line.put("t", decimal: Double(event.time) / 1e9)
    line.put("run", runs[event.campaign] ?? "")
    line.put("ev", event.kind.name)
    line.put("campaign", event.campaign)
    Self.write(event.kind, to: &line)
    return line.bytes
  }

  private static func write(_ kind: Event.Kind, to line: inout JSONLine) {
    switch kind {
    case .runStarted(_, let targets): line.put("targets", targets)
    case .waiting(let owner): line.put("owner", owner)
    case .reading(let files, let bytes):
      line.put("files", files)
      line.put("bytes", Int(bytes))
    case .planned(let forecast): line.put("forecast", forecast.json)
    case .grew(let file, let count):
      line.put("file", file)
      line.put("count", count)
    case .stepStarted(let step, let reasons):
      line.put("target", step.target)
      line.put("action", step.action)
      line.put("pool", step.pool)
      line.put("why", reasons.map(\.description))
      line.put("usualSeconds", decimal: step.usual)
    case .stepProgress(let step, let fraction, let detail):
      line.put("target", step.target)
      line.put("fraction", decimal: fraction)
      line.put("detail", detail)
    case .stepRetrying(let step, let failure, let number, let seconds):
      line.put("target", step.target)
      line.put("message", failure.message)
      line.put("kind", "\(failure.kind)")
      line.put("retry", number)
      line.put("delay", decimal: seconds)
    case .stepFinished(let step, let result): write(step, result, to: &line)
    case .awaiting(let target, let steps):
      line.put("target", target)
      line.put("steps", steps)
    case .notice(let words): line.put("message", words)
    case .interrupted(let signal, let isFinal):
      line.put("signal", Wording.signal(signal))
      line.put("final", isFinal)
    case .runFinished(let summary): line.put("summary", summary.json)
    }
  }

  private static func write(_ step: StepLabel, _ result: StepResult, to line: inout JSONLine) {
    line.put("target", step.target)
    line.put("action", step.action)
    line.put("outcome", result.verb)
    line.put("seconds", decimal: result.seconds)
    line.put("usd", result.cost.json)
    line.put("changed", result.isChanged)
    line.put("notes", result.notes)
    switch result.outcome {
    case .failed(let failure):
      line.put("message", failure.message)
      line.put("help", failure.help)
      line.put("kind", "\(failure.kind)")
    case .skipped(let target): line.put("because", target)
    case .made, .restored, .adopted, .interrupted: break
    }
    line.put("log", result.log)
    line.put("take", result.take?.hex)
  }
}

extension Event.Kind {
  fileprivate var name: String {
    switch self {
    case .runStarted: "run.started"
    case .waiting: "run.waiting"
    case .reading: "run.reading"
    case .planned: "plan"
    case .grew: "plan.grew"
    case .stepStarted: "step.started"
    case .stepProgress: "step.progress"
    case .stepRetrying: "step.retrying"
    case .stepFinished: "step.finished"
    case .awaiting: "gate.waiting"
    case .notice: "notice"
    case .interrupted: "run.interrupted"
    case .runFinished: "run.finished"
    }
  }
}

extension Event.Forecast {
  package var json: JSON {
    .members([
      "toMake": .int(toMake), "toRestore": .int(toRestore), "toAdopt": .int(toAdopt),
      "undecided": .int(undecided), "current": .int(current), "usd": cost.json,
      "usdAtMost": most.json, "usdAwaited": awaitedCost.json,
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
