import CampaignCore
import CampaignReporting

/// A build that was asked for here, as far as it has come.
struct BuildJob: Sendable {
  enum State: String, CaseIterable, Sendable {
    case queued, running, done, failed, waiting, refused, trouble, canceled

    var isOver: Bool { self != .queued && self != .running }

    /// What the exit code of `campaign build` means.
    init(exit: Int) {
      switch exit {
      case 0: self = .done
      case 4: self = .waiting
      case 5: self = .refused
      case 6: self = .trouble
      case 129, 130, 143: self = .canceled
      default: self = .failed
      }
    }
  }

  let id: Int
  var order: BuildOrder
  /// The build that this one is a further try of.
  var retryOf: Int?
  var state = State.queued
  var run: String?
  var exit: Int?
  /// Seconds since 1970, as all times here.
  var created: Int64
  var started: Int64?
  var ended: Int64?
  var error: String?
  var summary: JSON?
  /// How the webhook went: `pending`, `delivered` or `failed`; nil: there is none.
  var callback: String?
  var live = LiveState()

  init(id: Int, order: BuildOrder, created: Int64) {
    self.id = id
    self.order = order
    self.created = created
    callback = order.callback.map { _ in "pending" }
  }

  var spent: Money { summary?["usd"]?.scalar.flatMap { Money(dollars: $0) } ?? live.spent }

  private var progress: JSON {
    let total = state == .done ? live.done : live.total
    let fraction = state == .done ? 1 : total > 0 ? Double(live.done) / Double(total) : 0
    return .members([
      "done": .int(live.done), "total": .int(total), "fraction": .decimal(fraction, places: 3),
    ])
  }

  /// What callers see. `place` is the `-C` of its campaign, if it needs one.
  func json(place: String) -> JSON {
    .members([
      "id": .int(id), "campaign": .string(order.campaign), "state": .string(state.rawValue),
      "profile": .text(order.profile), "run": .text(run), "exit": .whole(exit), "created": .int(created),
      "started": .whole(started), "ended": .whole(ended), "progress": progress, "spent": spent.json,
      "maxCost": order.maxCost?.json ?? .null, "error": .text(error), "summary": summary ?? .null,
      "command": .string(order.command(place)),
      "callback": .text(callback),
    ])
  }

  // MARK: - As it goes on

  /// Takes in an event of its build.
  mutating func hear(_ event: JSON) {
    live.read(event)
    switch event["ev"]?.string {
    case "run.started": run = event["run"]?.string
    case "run.finished": summary = event["summary"]
    case "step.finished":
      if event["outcome"]?.string == "failed", error == nil, let message = event["message"]?.string {
        error = "\(event["target"]?.string ?? ""): \(message)"
      }
    default: break
    }
  }

  /// - Parameter words: what it printed, which says why nothing ran at all.
  mutating func end(exit: Int, words: String, at time: Int64) {
    self.exit = exit
    ended = time
    state = State(exit: exit)
    if ![.done, .waiting, .canceled].contains(state) && error == nil {
      error = String(Wording.clean(words).suffix(2000))
    }
  }

  // MARK: - On disk

  var line: String {
    JSON.members([
      "id": .int(id), "order": order.json, "retryOf": .whole(retryOf), "state": .string(state.rawValue),
      "run": .text(run), "exit": .whole(exit), "created": .int(created), "started": .whole(started),
      "ended": .whole(ended), "error": .text(error), "summary": summary ?? .null, "callback": .text(callback),
      "done": .int(live.done), "total": .int(live.total),
    ]).compact
  }

  init?(_ line: JSON) {
    guard let id = line["id"]?.int, let order = line["order"],
      let state = State(rawValue: line["state"]?.string ?? "")
    else { return nil }
    self.init(id: id, order: BuildOrder(order), created: line["created"]?.time ?? 0)
    self.state = state
    retryOf = line["retryOf"]?.int
    run = line["run"]?.string
    exit = line["exit"]?.int
    started = line["started"]?.time
    ended = line["ended"]?.time
    error = line["error"]?.string
    if let summary = line["summary"], summary != .null { self.summary = summary }
    callback = line["callback"]?.string
    live = LiveState(done: line["done"]?.int ?? 0, total: line["total"]?.int ?? 0)
  }
}
