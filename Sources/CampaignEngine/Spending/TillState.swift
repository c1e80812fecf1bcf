import CampaignCore

/// Whether a request may be sent now: limits, pace, canary and breaker. A value without clock, disk or thread.
struct TillState: Sendable {
  /// Who asks.
  struct Request: Hashable, Sendable {
    /// The attempt.
    var id: String
    var target: String
    var provider: String
    var model: String
    var price: Money
  }

  enum Decision: Hashable {
    case go
    /// Ask again when something has changed.
    case wait
    /// Or at this time, in nanoseconds since 1970.
    case waitUntil(Int64)
    case refuse(StepFailure)
  }

  /// How a sent request ended, as far as it tells of others.
  enum Outcome: Hashable, Sendable {
    case good
    /// Says something of this request alone, e.g. refused content.
    case ownFault
    /// Says something of the provider, e.g. no network.
    case providerFault
    /// No further request can succeed, e.g. a wrong key.
    case hopeless
  }

  private struct Line {
    /// Nanoseconds since 1970.
    var next: Int64 = 0
    var gap: Int64 = 0
    var failures = 0
    var closed: String?
  }

  /// The results of one model in this build; where there are many, the canary has to come home first.
  private struct Batch {
    var expected = 0
    var good = 0
    /// The target that goes first.
    var canary: String?
    var hasFailed = false
  }

  let limits: SpendingLimits
  /// What waiting times are divided by.
  let speed: Double
  private var spent: (run: Money, campaign: Money, month: Money)
  /// What this build has spent or reserved.
  var spentHere: Money { spent.run }
  /// What other builds have that share the limit of this one.
  var spentElsewhere = Money.zero
  /// What has been paid in this build, by the target that it was for: what attempts cost that ended in it.
  private(set) var paid: [String: Money] = [:]
  private var granted: [String: Money] = [:]
  private var lines: [String: Line] = [:]
  private var batches: [String: Batch] = [:]
  /// Attempts that are to be picked up first: what they made may expire.
  private var resuming: Set<String> = []
  private(set) var isStopped = false
  /// Nobody knows what was spent, and so how much is left of any limit.
  private let doubt: OddLine?

  init(limits: SpendingLimits, speed: Double, campaign: Money, month: Money, doubt: OddLine? = nil) {
    self.limits = limits
    self.doubt = doubt
    self.speed = speed
    spent = (.zero, campaign, month)
  }

  /// More than so many new results of one model wait for the first.
  static let canaryFrom = 3
  /// So many failures in a row close a provider.
  static let breakerAt = 3

  mutating func decide(_ request: Request, now: Int64) -> Decision {
    if isStopped { return .refuse(.interrupted) }
    if let refusal = refusal(of: request) { return .refuse(refusal) }
    if !resuming.isEmpty && !resuming.contains(request.id) { return .wait }
    let batch = batches[request.model] ?? Batch()
    if batch.expected > Self.canaryFrom, batch.good == 0, let canary = batch.canary, canary != request.target
    {
      guard batch.hasFailed else { return .wait }
      return .refuse(
        StepFailure(
          "was not bought: `\(canary)`, the first of \(batch.expected), failed",
          help: "mend what made it fail and build again", kind: .refused))
    }
    let line = lines[request.provider] ?? Line()
    if line.next > now { return .waitUntil(line.next) }
    grant(request, now: now)
    return .go
  }

  /// Limits and breaker forbid it, and no waiting helps.
  func refusal(of request: Request) -> StepFailure? {
    if let closed = lines[request.provider]?.closed {
      return StepFailure(closed, help: "nothing was lost: build again to go on", kind: .trouble)
    }
    guard granted[request.id] == nil else { return nil }
    if let doubt {
      return StepFailure(
        "is not bought while nobody knows what was spent: \(doubt.words)", help: OddLine.help, kind: .refused)
    }
    if limits.isFrozen {
      return StepFailure(
        "would have to be bought for up to \(request.price), and `--frozen` buys nothing",
        help: "build it where it may be bought, and commit Campaignfile.lock", kind: .refused)
    }
    guard
      let room = limits.room(
        run: spent.run + spentElsewhere, campaign: spent.campaign, month: spent.month),
      room.left < request.price
    else { return nil }
    return StepFailure(
      "costs up to \(request.price), and \(max(.zero, room.left)) is left of \(room.limit)",
      help: limits.run == .zero
        ? "its price was not known before: build again to be asked, or set `--max-cost` or a budget"
        : "raise the limit, or build less; nothing that was bought is lost", kind: .refused)
  }

  /// Reserves what a request can cost, unless that is done.
  mutating func grant(_ request: Request, now: Int64) {
    if let gap = lines[request.provider]?.gap { lines[request.provider]?.next = now + gap }
    guard granted[request.id] == nil else { return }
    granted[request.id] = request.price
    add(request.price)
    if batches[request.model]?.canary == nil {
      batches[request.model, default: Batch()].canary = request.target
    }
  }

  private mutating func add(_ amount: Money) {
    spent = (spent.run + amount, spent.campaign + amount, spent.month + amount)
  }

  /// An attempt has ended at this cost.
  mutating func pay(_ request: Request, cost: Money, _ outcome: Outcome, because: String = "") {
    paid[request.target] = (paid[request.target] ?? .zero) + cost
    settle(request, cost: cost, outcome, because: because)
  }

  /// Settles a granted request: `cost` takes the place of what was reserved.
  mutating func settle(_ request: Request, cost: Money, _ outcome: Outcome, because: String = "") {
    resuming.remove(request.id)
    if let reserved = granted.removeValue(forKey: request.id) {
      add(cost - reserved)
    }
    switch outcome {
    case .good:
      lines[request.provider]?.failures = 0
      batches[request.model, default: Batch()].good += 1
    case .ownFault: break
    case .providerFault:
      lines[request.provider, default: Line()].failures += 1
      if lines[request.provider]!.failures >= Self.breakerAt {
        close(request.provider, "`\(request.provider)` failed \(Self.breakerAt) times in a row")
      }
    case .hopeless: close(request.provider, "`\(request.provider)`: \(because)")
    }
  }

  private mutating func close(_ provider: String, _ words: String) {
    lines[provider, default: Line()].closed = words
  }

  /// A target will not get a result in this build: if it is the canary, nor will the others. Content that was refused
  /// says nothing of theirs: then another is the canary.
  mutating func giveUp(_ target: String, of model: String, wasRefused: Bool) {
    guard batches[model]?.canary == target else { return }
    if wasRefused { batches[model]?.canary = nil } else { batches[model]?.hasFailed = true }
  }

  /// The provider asked for patience: nothing is sent before, and one after the other if it takes no bursts.
  mutating func throttle(_ provider: String, seconds: Double, burst: Int?, now: Int64) {
    let wait = Int64(min(max(0, seconds), 86_400) * 1e9 / speed)
    lines[provider, default: Line()].next = max(lines[provider]?.next ?? 0, now + wait)
    if burst == 1 { lines[provider]?.gap = Int64(10e9 / speed) }
  }

  /// So many results of a model are to be bought, as far as is known.
  mutating func expect(_ count: Int, of model: String) {
    batches[model, default: Batch()].expected = max(count, batches[model]?.expected ?? 0)
  }

  mutating func awaitResumption(of id: String) { resuming.insert(id) }
  mutating func resumed(_ id: String) { resuming.remove(id) }
  mutating func stop() { isStopped = true }
}
