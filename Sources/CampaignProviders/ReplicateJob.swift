import CampaignCore
import Glibc

/// One paid job at Replicate, from wherever an earlier process has left it to a file on disk.
///
///     intent -> submitted -> succeeded -> delivered
///
/// A create is never repeated blindly: when its fate is unknown, the list of jobs is searched for it.
struct ReplicateJob {
  let request: ProviderRequest
  let exchange: Exchange
  let api: Replicate
  let pause: Pause

  init(_ request: ProviderRequest, _ exchange: Exchange, _ pause: Pause) throws(ProviderFailure) {
    self.request = request
    self.exchange = exchange
    self.pause = pause
    api = try Replicate(pause: pause)
  }

  func run() throws(ProviderFailure) {
    switch request.verb {
    case "check": try check()
    case "cancel": try cancel()
    default: try make()
    }
  }

  private func make() throws(ProviderFailure) {
    let before = request.checkpoints
    if let last = before.last(where: { $0.state == "succeeded" || $0.state == "downloaded" }),
      let id = last.data["id"]?.string
    {
      return try deliver(id: id, output: last.data["output"]?.string, data: last.data)
    }
    let id: String
    if let submitted = before.last(where: { $0.state == "submitted" })?.data["id"]?.string {
      id = submitted
    } else if let intent = before.last(where: { $0.state == "intent" })?.data, intent["t0"] != nil {
      let found = try reconcile(intent)
      id = if let found { found } else { try create() }
    } else {
      id = try create()
    }
    let prediction = try wait(for: id)
    let data = Self.succeeded(prediction)
    try exchange.checkpoint("succeeded", data)
    try deliver(id: id, output: prediction.output, data: data)
  }

  private static func succeeded(_ prediction: Prediction) -> JSON {
    .members([
      "id": .string(prediction.id), "output": prediction.output.map { .string($0) } ?? .null,
      "model": .string(prediction.model), "version": prediction.json["version"] ?? .null,
      "billed": prediction.billed, "seed": prediction.seed.map { .int($0) } ?? .null,
    ])
  }

  // MARK: - Creating

  /// How often a create whose job is provably absent may be sent again.
  private static let mostCreates = 4

  private func create() throws(ProviderFailure) -> String {
    guard let native = request.native else {
      throw ProviderFailure(
        .request, "nobody knows the inputs of `\(request.model)`",
        help: "describe them in a block `model \(request.model)` of the Campaignfile")
    }
    let uploads = try Uploads(native, api: api, attempt: request.attempt)
    let intent = try uploads.intent(model: request.model, seed: native["seed"])
    for round in 0..<Self.mostCreates {
      try exchange.checkpoint("intent", intent)
      if let id = try send(uploads.input, intent) { return id }
      exchange.log("the create of round \(round + 1) was not accepted: asking again")
    }
    throw ProviderFailure(.network, "Replicate does not take the job", help: "build again later")
  }

  /// Sends the create. Returns the id; nil when it was certainly not accepted and may be sent again.
  private func send(_ input: JSON, _ intent: JSON) throws(ProviderFailure) -> String? {
    var call: HTTPRequest
    var body: [JSON.Member] = [.init("input", input)]
    if let version = request.version {
      call = api.request("/predictions", method: "POST")
      body.insert(.init("version", .string(version)), at: 0)
    } else {
      call = api.request("/models/\(request.model)/predictions", method: "POST")
    }
    call.headers = ["Content-Type: application/json", "Cancel-After: \(max(60, request.cancelAfter))s"]
    call.body = Array(JSON.object(body).compact.utf8)
    call.canBeStopped = false
    call.timeout = 30
    let answer: HTTPAnswer
    do throws(HTTPProblem) { answer = try api.http.send(call) } catch {
      guard case .notSent(let words) = error else { return try settle(intent) }
      exchange.throttled(seconds: 5, burst: nil)
      exchange.log("not sent: \(words)")
      return nil
    }
    if answer.status == 429 {
      let body = ErrorBody(answer)
      exchange.throttled(seconds: body.retryAfter ?? 5, burst: body.says("burst of 1") ? 1 : nil)
      return try throttledOut()
    }
    if answer.status >= 500 || answer.status == 409 || answer.isSuccess && Prediction(answer) == nil {
      return try settle(intent)
    }
    guard answer.isSuccess, let prediction = Prediction(answer) else {
      throw FailureTable.failure(answer, Replicate.service, model: request.model)
    }
    try note(prediction)
    return prediction.id
  }

  /// A throttled create is no attempt: as long as the deadline allows, it is sent again.
  private func throttledOut() throws(ProviderFailure) -> String? {
    guard pause.elapsed < request.deadline else {
      throw ProviderFailure(.network, "Replicate takes no more jobs for now", help: "build again later")
    }
    return nil
  }

  private func note(_ prediction: Prediction) throws(ProviderFailure) {
    try exchange.checkpoint(
      "submitted",
      .members([
        "id": .string(prediction.id), "get": prediction.json["urls"]?["get"] ?? .null,
        "web": prediction.webPage.map { .string($0) } ?? .null,
        "created_at": prediction.json["created_at"] ?? .null,
      ]))
  }

  // MARK: - Finding it again

  /// After a create whose fate is unknown: looks for the job a few times, for lists lag behind.
  private func settle(_ intent: JSON) throws(ProviderFailure) -> String? {
    for delay in [0.0, 5, 15, 40] {
      if delay > 0 { pause.wait(seconds: delay) }
      if pause.isStopped { throw ProviderFailure(.detached, "interrupted") }
      if let id = try find(intent) { return id }
    }
    return nil
  }

  /// The same for an earlier process's create. Inputs are purged after an hour: then nothing can be found.
  private func reconcile(_ intent: JSON) throws(ProviderFailure) -> String? {
    if let id = try find(intent) { return id }
    let age = try api.serverTime() - (intent["t0"]?.int ?? 0)
    guard age < 55 * 60 else {
      throw ProviderFailure(
        .unknown,
        "a create was sent \(age / 60) minutes ago and its answer was lost: Replicate can no longer tell whether it ran",
        help: "look at https://replicate.com/predictions")
    }
    return try settle(intent)
  }

  private func find(_ intent: JSON) throws(ProviderFailure) -> String? {
    let search = JobSearch(intent: intent, api: api)
    guard let prediction = try search.run() else { return nil }
    exchange.note("found the job \(prediction.id), whose answer was lost")
    try note(prediction)
    return prediction.id
  }

  // MARK: - Waiting

  private func wait(for id: String) throws(ProviderFailure) -> Prediction {
    var interval = 1.0
    var missing = 0
    while true {
      let answer = try api.ask(api.request("/predictions/\(id)"), attempts: 12)
      if answer.status == 404 {
        missing += 1
        guard missing < 4 else {
          throw ProviderFailure(.unknown, "Replicate does not know the job \(id) any more")
        }
        pause.wait(seconds: 20)
        continue
      }
      guard answer.isSuccess else {
        throw FailureTable.failure(answer, Replicate.service, model: request.model)
      }
      guard let prediction = Prediction(answer) else {
        pause.wait(seconds: interval)
        continue
      }
      if let ended = try ended(prediction) { return ended }
      try report(prediction)
      pause.wait(seconds: interval)
      interval = min(10, interval * 1.5)
    }
  }

  /// The prediction when it has succeeded, nil while it runs.
  private func ended(_ prediction: Prediction) throws(ProviderFailure) -> Prediction? {
    switch prediction.state {
    case .succeeded: return prediction
    case .failed: throw FailureTable.failure(ofJob: prediction.error, status: "failed")
    case .aborted:
      throw ProviderFailure(.infrastructure, "the job \(prediction.id) was not begun in time (aborted, free)")
    case .canceled:
      throw ProviderFailure(
        .canceled, "the job \(prediction.id) was canceled: by hand, or because it ran too long",
        help: "it may have been charged for the time that it ran; build again to buy another")
    case .unknown(let word):
      exchange.log("unknown status `\(word)`: waiting on")
      return nil
    case .running: return nil
    }
  }

  private func report(_ prediction: Prediction) throws(ProviderFailure) {
    let seconds = Int(pause.elapsed)
    exchange.progress("\(prediction.status) \(seconds)s, job \(prediction.id)", fraction: prediction.fraction)
    if pause.isStopped {
      throw ProviderFailure(.detached, "interrupted; job \(prediction.id) goes on")
    }
    guard pause.elapsed < request.deadline else {
      throw ProviderFailure(
        .detached, "job \(prediction.id) is not done after \(seconds) s; it goes on",
        help: "build again to pick it up" + (prediction.webPage.map { ", or look at \($0)" } ?? ""))
    }
  }

  // MARK: - Delivering

  private func deliver(id: String, output: String?, data: JSON) throws(ProviderFailure) {
    var output = output
    var (wrong, sums) = (0, Set<String>())
    while true {
      if let address = output {
        do throws(Download.Problem) {
          try fetch(address)
          return done(id, data)
        } catch {
          switch error {
          case .stopped:
            throw ProviderFailure(.detached, "interrupted; the result of job \(id) waits at Replicate")
          case .local(let words): throw ProviderFailure(.local, words)
          case .network(let words):
            throw ProviderFailure(
              .network, "the result of job \(id) cannot be fetched: \(words)",
              help: "build again within the hour: Replicate deletes it then")
          case .wrong(let words):
            wrong += 1
            let sum = (try? Files.hash(request.output + ".part"))?.hex ?? ""
            guard sums.insert(sum).inserted || sum.isEmpty, wrong < 3 else {
              throw ProviderFailure(.failed, "what job \(id) delivers is broken: \(words)")
            }
          case .gone: wrong += 1
          }
          guard wrong < 4 else { throw ProviderFailure(.network, "the result of job \(id) does not come") }
        }
      }
      output = try freshOutput(id)
    }
  }

  /// Asks for the address once more: the last one may have expired.
  private func freshOutput(_ id: String) throws(ProviderFailure) -> String {
    let answer = try api.ask(api.request("/predictions/\(id)"))
    guard answer.isSuccess, let prediction = Prediction(answer) else {
      throw FailureTable.failure(answer, Replicate.service, model: request.model)
    }
    guard let output = prediction.output, !prediction.isPurged else {
      throw ProviderFailure(
        .lost,
        "the result of job \(id) was paid for, and Replicate has deleted it: it keeps results for an hour",
        help: "`campaign build` buys another")
    }
    return output
  }

  private func fetch(_ address: String) throws(Download.Problem) {
    if address.hasPrefix("data:") {
      guard let comma = address.firstIndex(of: ","),
        let bytes = Base64.decoded(address[address.index(after: comma)...])
      else { throw .wrong("it is no data") }
      do { try Files.write(bytes, to: request.output) } catch { throw .local(error.description) }
      return
    }
    guard let url = WebAddress(address) else { throw .wrong("`\(address.prefix(80))` is no web address") }
    let base = api.base
    let download = Download(http: api.http, pause: pause, token: api.token) { address in
      address.hasSameOrigin(as: base) || address.host == "replicate.delivery"
        || address.host.hasSuffix(".replicate.delivery")
    }
    try download.fetch(url, kind: request.kind, to: request.output)
  }

  private func done(_ id: String, _ data: JSON) {
    exchange.done([
      "id": .string(id), "model": data["model"] ?? .null, "version": data["version"] ?? .null,
      "billed": data["billed"] ?? .null, "seed": data["seed"] ?? .null,
    ])
  }

  // MARK: - Other verbs

  private func cancel() throws(ProviderFailure) {
    guard let id = request.checkpoints.compactMap({ $0.data["id"]?.string }).last else {
      throw ProviderFailure(.request, "there is no job to cancel")
    }
    var call = api.request("/predictions/\(id)/cancel", method: "POST")
    call.body = []
    let answer = try api.ask(call)
    guard answer.isSuccess else {
      throw FailureTable.failure(answer, Replicate.service, model: request.model)
    }
    exchange.done(["id": .string(id)])
  }

  private func check() throws(ProviderFailure) {
    let answer = try api.ask(api.request("/account"), attempts: 3)
    guard answer.isSuccess else {
      throw FailureTable.failure(answer, Replicate.service, model: "account")
    }
    exchange.note("account `\(answer.json?["username"]?.string ?? "?")`")
    exchange.done([:])
  }
}
