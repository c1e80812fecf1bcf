import CampaignCore

/// One paid job of Replicate from photos to file, wherever an earlier run left it.
///
///     new --upload--> ready --intent kept, POST--> submitted --poll--> succeeded --download--> done
///                       ^          |  no answer        ^
///                       |          v                   |
///                       +------- unsure ---------------+
///                     provably absent      found in the list
///
/// Only `create` pays. It is reached from `ready` alone, and `ready` only when no job of this attempt can
/// exist.
package final class ReplicateJob {
  enum Stage {
    case new
    case ready(Intent)
    case unsure(Intent)
    case submitted(Submission)
    case succeeded(Outcome)
  }

  /// A job that exists.
  struct Submission {
    var id: String
    var get: String
    var cancel: String
    var web: String?
    var createdAt: Timestamp?
  }

  /// A job that has ended well.
  struct Outcome {
    var submission: Submission
    /// Nil when the job has to be asked for it again.
    var output: String?
    var delivery: Delivery
  }

  let request: ProviderRequest
  let client: ServiceClient
  var exchange: Exchange { client.exchange }
  var patience: Patience { client.patience }

  init(_ request: ProviderRequest, client: ServiceClient) {
    self.request = request
    self.client = client
  }

  /// Makes the clip or the music.
  func make() throws(Failure) -> Delivery {
    guard request.native != nil else {
      throw Failure(
        .request, "the model `\(request.model)` is not in the table of models",
        help: "describe it in the Campaignfile with a block `model \(request.model)`", cost: .zero)
    }
    guard request.version != nil || isModelName else {
      throw Failure(
        .model, "`\(request.model)` is no model of Replicate: they are called OWNER/NAME", cost: .zero)
    }
    var stage = try resumed()
    var absences = 0
    while true {
      switch stage {
      case .new: stage = .ready(try prepare())
      case .ready(let intent): stage = try submit(intent)
      case .unsure(let intent):
        stage = try reconcile(intent)
        guard case .ready = stage else { continue }
        absences += 1
        guard absences < 3 else {
          throw Failure(
            .network, "\(client.service.title) does not answer, and did not accept the job", cost: .zero)
        }
      case .submitted(let submission): stage = .succeeded(try follow(submission))
      case .succeeded(let outcome):
        try deliver(outcome)
        return outcome.delivery
      }
    }
  }

  /// A model's name becomes a part of an address.
  private var isModelName: Bool {
    let parts = request.model.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { part in
        !part.isEmpty && part.first != "."
          && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
      }
  }

  /// Where the last run of this attempt left it.
  func resumed() throws(Failure) -> Stage {
    let submission = request.checkpoints.last { $0.state == .submitted }.flatMap {
      Submission($0.data, api: client)
    }
    switch request.checkpoints.last?.state {
    case nil: return .new
    case .intent:
      guard let intent = request.checkpoints.last.flatMap({ Intent($0.data, request: request) }) else {
        break
      }
      return .unsure(intent)
    case .submitted: if let submission { return .submitted(submission) }
    case .succeeded:
      guard let data = request.checkpoints.last?.data,
        let submission = submission ?? Submission(data, api: client)
      else { break }
      return .succeeded(Outcome(data, submission: submission))
    }
    throw Failure(
      .unknown, "the journal of this attempt cannot be read",
      help: "see \(client.service.title)'s list of jobs")
  }
}

extension ReplicateJob.Submission {
  init(_ prediction: Prediction, api: ServiceClient) {
    self.init(
      id: prediction.id, get: "", cancel: "", web: prediction.page, createdAt: prediction.createdAt)
    setAddresses(prediction.json["urls"]?["get"]?.string, prediction.json["urls"]?["cancel"]?.string, api)
  }

  init?(_ data: JSON, api: ServiceClient) {
    guard let id = data["id"]?.string else { return nil }
    let createdAt = data["created_at"]?.string.flatMap { Timestamp(iso: $0) }
    self.init(id: id, get: "", cancel: "", web: data["web"]?.string, createdAt: createdAt)
    setAddresses(data["get"]?.string, data["cancel"]?.string, api)
  }

  /// The addresses that the service names, unless they lead away from it.
  private mutating func setAddresses(_ get: String?, _ cancel: String?, _ api: ServiceClient) {
    let own = "\(api.base)/predictions/\(id)"
    let origin = WebAddress(api.base)
    self.get = get.flatMap { WebAddress($0) == origin ? $0 : nil } ?? own
    self.cancel = cancel.flatMap { WebAddress($0) == origin ? $0 : nil } ?? own + "/cancel"
  }

  var data: JSON {
    var members = [
      JSON.Member("id", .string(id)), JSON.Member("get", .string(get)),
      JSON.Member("cancel", .string(cancel)),
    ]
    if let web { members.append(JSON.Member("web", .string(web))) }
    if let createdAt { members.append(JSON.Member("created_at", .string(createdAt.iso))) }
    return .object(members)
  }
}

extension ReplicateJob.Outcome {
  /// What a job says that has succeeded.
  init(_ prediction: Prediction, submission: ReplicateJob.Submission) {
    self.init(submission: submission, output: prediction.output, delivery: Delivery())
    delivery.id = prediction.id
    delivery.model = prediction.model
    delivery.version = prediction.version
    delivery.seed = prediction.seed
    delivery.billed = Prediction.billed(prediction.json["metrics"])
  }

  /// What the checkpoint `succeeded` says.
  init(_ data: JSON, submission: ReplicateJob.Submission) {
    self.init(submission: submission, output: data["output"]?.string, delivery: Delivery())
    delivery.id = submission.id
    delivery.model = data["model"]?.string
    delivery.version = data["version"]?.string
    delivery.seed = data["seed"]
    delivery.billed = Prediction.billed(data["metrics"])
  }

  /// The checkpoint: all of the job that campaign may still need when Replicate has forgotten it, after an
  /// hour.
  func data(of prediction: Prediction, now: Timestamp?) -> JSON {
    // An inline output is too large for a journal: the job is asked for it again.
    let link = output.flatMap { $0.hasPrefix("data:") ? nil : JSON.string($0) } ?? .null
    let ended = prediction.completedAt ?? now
    var members = [JSON.Member("id", .string(submission.id)), JSON.Member("output", link)]
    if let ended { members.append(JSON.Member("expires", .decimal(ended.seconds + 3600, places: 0))) }
    let rest =
      [
        ("get", .string(submission.get)), ("metrics", prediction.json["metrics"]), ("seed", delivery.seed),
        ("model", delivery.model.map { .string($0) }), ("version", delivery.version.map { .string($0) }),
      ] as [(String, JSON?)]
    for case (let name, let value?) in rest { members.append(JSON.Member(name, value)) }
    return .object(members)
  }
}
