import CampaignCore

/// One question to a chat service of the OpenAI kind, with photos, answered by one JSON value.
final class ChatCall {
  private let request: ProviderRequest
  private let client: ServiceClient
  private var exchange: Exchange { client.exchange }

  init(_ request: ProviderRequest, client: ServiceClient) {
    self.request = request
    self.client = client
  }

  /// Asks, and gives way to what the service does not take, at most once for each thing.
  func make() throws(Failure) -> Delivery {
    let images = try images()
    var body = ChatBody(service: client.service, model: request.model, input: request.input)
    while true {
      try exchange.keep(Checkpoint(.intent, .members(["model": .string(request.model)])))
      switch try ask(body.json(images: images)) {
      case .answer(let answer): return try finish(answer)
      case .objection(let failure):
        guard body.giveWay(to: failure.message) else { throw failure }
        exchange.log("chat: \(failure.message); asking in a plainer way")
      }
    }
  }

  /// The models of the service, which cost nothing and prove the key.
  func check() throws(Failure) -> Delivery {
    let reply = try client.ask(
      .account, HTTPRequest(client.base + "/models"), for: 60, interruption: .canceled)
    guard case .answer = reply else {
      throw Failure(.network, "\(client.service.title)'s answer cannot be read")
    }
    exchange.note(
      "\(client.service.title) answers" + (client.service.keyName == nil ? "" : " and knows the key"))
    return Delivery()
  }

  private enum Reply {
    case answer(ChatAnswer)
    /// The service does not take the request as it is.
    case objection(Failure)
  }

  /// Up to six tries: an answer that got lost costs a few tokens, not a clip.
  private func ask(_ body: JSON) throws(Failure) -> Reply {
    var post = HTTPRequest(client.base + "/chat/completions", body: Array(body.compact.utf8))
    post.headers = ["Content-Type: application/json"]
    post.time = request.deadline
    post.stall = nil
    post.grace = 30
    var backoff = Backoff()
    var why = ""
    for _ in 1...6 {
      let outcome = client.perform(post)
      var pause = backoff.next()
      switch action(outcome) {
      case .accept(let answer):
        if let answer = ChatAnswer(answer.body) { return .answer(answer) }
        why = "its answer is no object"
      case .fail(let failure):
        if case .answered(let answer) = outcome, [200, 400, 422].contains(answer.status),
          failure.kind == .request
        {
          return .objection(failure)
        }
        throw failure
      case .again(let after, let reason):
        why = reason
        pause = after.map(Double.init) ?? pause
        exchange.log("chat: \(reason)")
      case .throttled, .reconcile, .missing, .refresh, .authorize:
        preconditionFailure("a chat does not end so")
      }
      guard client.patience.waitAbout(pause) else {
        throw Failure(.detached, "interrupted while waiting for an answer", help: "build again to ask again")
      }
    }
    throw Failure(.network, "\(client.service.title) does not answer: \(why)", help: "build again to go on")
  }

  /// An error inside a 200 counts like its own status.
  private func action(_ outcome: HTTPOutcome) -> Triage.Action {
    let action = client.triage.action(.chat, outcome)
    guard case .accept(let answer) = action, ChatAnswer(answer.body)?.error != nil else { return action }
    let body = ErrorBody(answer.body)
    var inner = answer
    inner.status = body.status.flatMap { $0 >= 400 ? $0 : nil } ?? 502
    return client.triage.action(.chat, .answered(inner))
  }

  private func finish(_ answer: ChatAnswer) throws(Failure) -> Delivery {
    var delivery = Delivery()
    delivery.cost = answer.cost(prices: request.input["prices"])
    delivery.model = answer.model
    delivery.id = answer.id
    delivery.fingerprint = answer.fingerprint
    if let tokensIn = answer.tokensIn, let tokensOut = answer.tokensOut {
      delivery.billed = [JSON.Member("in", .int(tokensIn)), JSON.Member("out", .int(tokensOut))]
    }
    do throws(Failure) { try write(answer.value()) } catch {
      // A bad answer is paid for like a good one.
      throw Failure(error.kind, error.message, help: error.help, cost: delivery.cost)
    }
    return delivery
  }

  private func write(_ text: String) throws(Failure) {
    let part = request.output + ".part"
    do {
      try Files.write(text, to: part)
      try Files.sync(part)
      try Files.rename(part, to: request.output)
    } catch { throw Failure(error) }
  }

  /// Each photo once, as a data URL.
  private func images() throws(Failure) -> [String: String] {
    var images: [String: String] = [:]
    for part in request.input["parts"]?.array ?? [] {
      guard let path = part["image"]?.string, images[path] == nil else { continue }
      let bytes: [UInt8]
      do { bytes = try Files.read(path) } catch { throw Failure(error) }
      guard bytes.count <= 20 << 20 else {
        throw Failure(.request, "`\(path)` has \(bytes.count >> 20) MiB, a photo in a chat 20 at most")
      }
      images[path] = "data:\(MediaType.of(bytes));base64,\(Base64.encoded(bytes))"
    }
    return images
  }
}
