import CampaignCore
import CampaignEngine

/// One line that a provider says. `man campaign-provider` describes them.
enum ProviderEvent: Hashable, Sendable {
  /// About to go a step further: waits until it is told that this is written down.
  case checkpoint(Attempt.State, data: JSON)
  /// The request was certainly not accepted; seconds to wait, a day at most.
  case throttled(seconds: Double, burst: Int?)
  /// From 0 to 1.
  case progress(String, fraction: Double?)
  case note(String)
  case done(Delivery)
  case failed(Failure)

  /// What was delivered.
  struct Delivery: Hashable, Sendable {
    /// What it cost, where the provider says so.
    var price: Money?
    /// By what it is billed, for our price table.
    var billed: JSON?
    var model: String?
    var version: String?
    var seed: Int?
  }

  struct Failure: Hashable, Sendable {
    var kind: FailureKind
    var message: String
    var help: String?
    /// What it cost all the same.
    var price: Money?
  }

  /// What went wrong, and so what may be done about it.
  enum FailureKind: String, Hashable, Sendable {
    case request, credential, billing, permission, model, moderation, resource, infrastructure, network
    case detached, lost, unknown, canceled, refused, failed, local
  }

  /// Nil: not a line of the protocol.
  ///
  /// - Parameter secrets: what the provider sees; it may repeat them in what it says, which is written down.
  init?(line: String, hiding secrets: Secrets) {
    guard let event = (try? JSON.parse(Array(line.utf8), repairs: true)).map(secrets.masked),
      let name = event["ev"]?.string
    else { return nil }
    switch name {
    case "checkpoint":
      guard let state = event["state"]?.string.flatMap(Attempt.State.init),
        [.intent, .submitted, .succeeded].contains(state)
      else { return nil }
      self = .checkpoint(state, data: event["data"] ?? .object([]))
    case "throttled":
      let seconds = event["seconds"]?.number ?? 1
      guard (0...86_400).contains(seconds) else { return nil }
      self = .throttled(seconds: seconds, burst: event["burst"]?.int)
    case "progress":
      let fraction = event["fraction"]?.number
      self = .progress(event["text"]?.string ?? "", fraction: fraction.map { min(1, max(0, $0)) })
    case "note": self = .note(event["text"]?.string ?? "")
    case "done": self = .done(Delivery(event))
    case "failed": self = .failed(Failure(event))
    default: return nil
    }
  }
}

extension ProviderEvent.Delivery {
  init(_ event: JSON) {
    price = (event["usd"]?.scalar).flatMap { Money(dollars: $0) }
    billed = event["billed"]
    model = event["model"]?.string
    version = event["version"]?.string ?? event["fingerprint"]?.string
    seed = event["seed"]?.int
  }

  /// As it is kept until the take is verified.
  func json(content: ContentHash) -> JSON {
    .members([
      "content": .string(content.hex), "micros": price.map { .int($0.micros) } ?? .null,
      "billed": billed ?? .null, "model": model.map { .string($0) } ?? .null,
      "version": version.map { .string($0) } ?? .null, "seed": seed.map { .int($0) } ?? .null,
    ])
  }

  init(kept data: JSON) {
    price = data["micros"]?.int.map { Money(micros: Int64($0)) }
    billed = data["billed"]
    model = data["model"]?.string
    version = data["version"]?.string
    seed = data["seed"]?.int
  }
}

extension ProviderEvent.Failure {
  /// What an attempt counts as that ends so, where the provider does not say it: a job that had succeeded, that was
  /// ended while it ran, or whose output is gone, is charged.
  func cost(of attempt: Attempt) -> Money {
    let hasSucceeded = attempt.state == .succeeded || attempt.state == .downloaded
    return price ?? (hasSucceeded || kind == .lost || kind == .canceled ? attempt.reserved : .zero)
  }

  init(_ event: JSON) {
    kind = event["class"]?.string.flatMap(ProviderEvent.FailureKind.init) ?? .failed
    message = event["message"]?.string ?? "the provider does not say why"
    help = event["help"]?.string
    price = (event["usd"]?.scalar).flatMap { Money(dollars: $0) }
  }
}
