import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting

/// What a build is doing, folded from the lines of its log.
struct LiveState: Sendable {
  struct Row: Sendable {
    var target: String
    var action: String
    var pool: String
    var fraction: Double?
    var detail: String?
    /// Seconds since the build began.
    var start: Double
    var usual: Double?
    var retries = 0
    var message: String?
  }

  private(set) var run: String?
  private(set) var isOver = true
  private(set) var rows: [Row] = []
  private(set) var done = 0
  private(set) var total = 0
  private(set) var spent = Money.zero
  /// Seconds since the build began, as its log has it.
  private(set) var seconds = 0.0

  init(run: String? = nil) {
    self.run = run
    isOver = run == nil
  }

  /// Of a build that has ended.
  init(done: Int, total: Int) {
    self.init()
    (self.done, self.total) = (done, total)
  }

  mutating func read(_ line: JSON) {
    if let time = line["t"]?.seconds { seconds = max(seconds, time) }
    let target = line["target"]?.string ?? ""
    switch line["ev"]?.string {
    case "plan": foresee(line["forecast"])
    case "step.started":
      rows.removeAll { $0.target == target }
      rows.append(
        Row(
          target: target, action: line["action"]?.string ?? "", pool: line["pool"]?.string ?? "",
          start: line["t"]?.seconds ?? 0, usual: line["usualSeconds"]?.seconds))
    case "step.progress":
      change(target) {
        $0.fraction = line["fraction"]?.double
        $0.detail = line["detail"]?.string
      }
    case "step.retrying":
      change(target) {
        $0.retries += 1
        $0.message = line["message"]?.string
      }
    case "step.finished":
      rows.removeAll { $0.target == target }
      done += 1
      total = max(total, done)
      spent = spent + (line["usd"]?.scalar.flatMap { Money(dollars: $0) } ?? .zero)
    case "run.finished":
      isOver = true
      rows = []
    default: break
    }
  }

  private mutating func change(_ target: String, _ body: (inout Row) -> Void) {
    if let index = rows.firstIndex(where: { $0.target == target }) { body(&rows[index]) }
  }

  /// A forecast counts what is still to do.
  private mutating func foresee(_ forecast: JSON?) {
    let left = ["toMake", "toRestore", "undecided"].reduce(0) { $0 + (forecast?[$1]?.count ?? 0) }
    total = done + max(left, rows.count)
  }
}
