import CampaignCore
import CampaignEngine

/// A build of the past, read back from its log.
package struct Run: Sendable {
  /// One step that ran in it, or was to run.
  package struct Step: Sendable {
    package var target: String
    package var action: String
    package var pool: String
    package var why: [String]
    /// `made`, `restored`, `adopted`, `failed`, `skipped` or `stopped`; nil: it runs, or the build ended before it did.
    package var outcome: String?
    /// Seconds after the build began.
    package var start: Double?
    package var seconds = 0.0
    package var cost = Money.zero
    package var isChanged = false
    /// Why it failed.
    package var message: String?
    /// What kind of failure that was: `failed`, `refused`, `trouble` or `timeout`.
    package var kind: String?
    package var retries = 0
    /// The take that it made its target of.
    package var take: ContentHash?
  }

  package var name: RunName
  package var profile: String?
  package var targets: [String] = []
  package var forced: [String] = []
  package private(set) var steps: [Step] = []
  /// Where the latest step of each target stands among them.
  private var places: [String: Int] = [:]
  /// What it came to; nil when the build was cut short, or runs still.
  package var summary: JSON?
  /// It has not ended yet.
  package internal(set) var isRunning = false
  package var awaiting: [String] = []

  /// Seconds that it took, as far as its log goes.
  package var seconds = 0.0
  package var cost: Money {
    summary?["usd"]?.scalar.flatMap { Money(dollars: $0) } ?? steps.reduce(.zero) { $0 + $1.cost }
  }

  /// Reads the lines of an event log; what is not understood is passed over.
  init(name: RunName, log: String) {
    self.name = name
    for line in log.split(separator: "\n") {
      if let line = try? JSON.parse(Array(line.utf8)) { read(line) }
    }
  }

  private mutating func read(_ line: JSON) {
    if let time = line["t"]?.seconds { seconds = max(seconds, time) }
    switch line["ev"]?.string {
    case "run.context":
      profile = line["profile"]?.string
      targets = line["targets"]?.strings ?? []
      forced = line["forced"]?.strings ?? []
    case "step.started": start(line)
    case "step.retrying":
      if let index = index(of: line) { steps[index].retries += 1 }
    case "step.finished": finish(line)
    case "gate.waiting": awaiting.append(line["target"]?.string ?? "")
    case "run.finished": summary = line["summary"]
    default: break
    }
  }

  private func index(of line: JSON) -> Int? { line["target"]?.string.flatMap { places[$0] } }

  private mutating func add(_ step: Step) {
    places[step.target] = steps.count
    steps.append(step)
  }

  private mutating func start(_ line: JSON) {
    // A further try of the same step.
    if let index = index(of: line), steps[index].outcome == nil { return }
    add(
      Step(
        target: line["target"]?.string ?? "", action: line["action"]?.string ?? "",
        pool: line["pool"]?.string ?? "", why: line["why"]?.strings ?? [], start: line["t"]?.seconds))
  }

  private mutating func finish(_ line: JSON) {
    if index(of: line).map({ steps[$0].outcome != nil }) ?? true {
      add(
        Step(
          target: line["target"]?.string ?? "", action: line["action"]?.string ?? "", pool: "", why: []))
    }
    guard let index = index(of: line) else { return }
    steps[index].outcome = line["outcome"]?.string
    steps[index].seconds = line["seconds"]?.seconds ?? 0
    steps[index].cost = line["usd"]?.scalar.flatMap { Money(dollars: $0) } ?? .zero
    steps[index].isChanged = line["changed"]?.bool ?? false
    steps[index].message = line["message"]?.string
    steps[index].kind = line["kind"]?.string
    steps[index].take = line["take"]?.string.flatMap { ContentHash(hex: $0) }
  }

  /// How it ended, in a word or two.
  package var outcome: String {
    guard let summary else { return isRunning ? "running" : "cut short" }
    if summary["interrupted"]?.bool == true { return "interrupted" }
    let words = [
      ("failed", "failed"), ("refused", "at a limit"), ("troubled", "trouble"), ("awaiting", "waiting"),
    ]
    return words.first { summary[$0.0]?.int ?? 0 > 0 }?.1 ?? "done"
  }
}

extension JSON {
  fileprivate var strings: [String]? { array?.compactMap(\.string) }
}
