import CampaignCore

/// One paid request, as far as it has come: folded from its lines in the ledger.
package struct Attempt: Hashable, Sendable {
  /// What happens to it, in this order; the last four end it.
  package enum State: String, Hashable, Sendable {
    /// About to be sent, or sent with its fate unknown.
    case intent
    /// The provider has given it an id.
    case submitted
    /// Made, and waiting at the provider to be fetched.
    case succeeded
    /// Its bytes are here, not verified yet.
    case downloaded
    /// Verified, and a take.
    case bought
    /// Ended without a result; may have cost something all the same.
    case failed
    case canceled
    /// Certainly never sent.
    case unsent
  }

  /// 32 hexadecimal digits.
  package var id: String
  package var order: ContentHash
  /// What it was bought for first.
  package var target: String
  /// `clip`, `music` or `chat`.
  package var kind: String
  package var provider: String
  package var model: String
  /// The build that began it.
  package var run: String
  package var state = State.intent
  /// What the provider needs to find it again: one object a checkpoint, oldest first.
  package var checkpoints: [JSON] = []
  /// The most it can cost.
  package var reserved: Money
  /// What it did cost; nil while open.
  package var cost: Money?
  /// `billed`, `priced`, or empty.
  package var basis = ""
  package var seed: Int?
  /// What is sent to the provider process, as far as it is the same on every run: to fetch the job without its step.
  package var request: JSON?
  /// Seconds since 1970.
  package var began: Int64
  package var ended: Int64?
  /// The content of the take that it gave.
  package var take: ContentHash?
  /// Why it failed.
  package var problem: String?

  package init(
    id: String, order: ContentHash, target: String, kind: String, provider: String, model: String,
    run: String, reserved: Money, began: Int64
  ) {
    self.id = id
    self.order = order
    self.target = target
    self.kind = kind
    self.provider = provider
    self.model = model
    self.run = run
    self.reserved = reserved
    self.began = began
  }

  package var isOpen: Bool {
    switch state {
    case .intent, .submitted, .succeeded, .downloaded: true
    case .bought, .failed, .canceled, .unsent: false
    }
  }

  /// What counts against a cap: what it cost, or can cost.
  package var committed: Money { cost ?? (isOpen ? reserved : .zero) }

  /// The provider's own name for the job.
  package var jobID: String? { checkpoints.compactMap { $0["data"]?["id"]?.string }.last }
}

extension Attempt {
  /// The first line of an attempt.
  var line: JSON {
    .members([
      "t": .int(began), "attempt": .string(id), "order": .string(order.hex), "target": .string(target),
      "kind": .string(kind), "provider": .string(provider), "model": .string(model), "run": .string(run),
      "micros": .int(reserved.micros), "seed": seed.map { .int($0) } ?? .null,
      "request": request ?? .null,
    ])
  }

  init?(_ line: JSON) {
    guard let id = line["attempt"]?.string, let order = line["order"]?.hash else { return nil }
    self.init(
      id: id, order: order, target: line["target"]?.string ?? "", kind: line["kind"]?.string ?? "",
      provider: line["provider"]?.string ?? "", model: line["model"]?.string ?? "",
      run: line["run"]?.string ?? "", reserved: line["micros"]?.micros ?? .zero,
      began: line["t"]?.time ?? 0)
    seed = line["seed"]?.int
    if let request = line["request"], request != .null { self.request = request }
  }

  static let noAmount = "`micros` is no amount of money"

  /// Takes in a further line. Returns what is wrong with it, in words.
  mutating func read(_ line: JSON) -> String? {
    guard let state = line["state"]?.string.flatMap(State.init) else { return "its `state` is unknown" }
    self.state = state
    if let data = line["data"] {
      checkpoints.append(.members(["state": .string(state.rawValue), "data": data]))
    }
    guard !isOpen else {
      (cost, ended) = (nil, nil)
      return nil
    }
    cost = line["micros"]?.micros ?? reserved
    basis = line["basis"]?.string ?? ""
    ended = line["t"]?.time
    take = line["take"]?.hash
    problem = line["problem"]?.string
    return line["micros"]?.micros == nil ? Self.noAmount : nil
  }
}
