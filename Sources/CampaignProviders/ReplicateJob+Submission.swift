import CampaignCore

extension ReplicateJob {
  /// The free preparations: uploads, and the server's clock.
  func prepare() throws(Failure) -> Intent {
    var files: [String] = []
    var since: Timestamp?
    let native = request.native ?? .object([])
    for path in Intent.paths(in: native) {
      let (address, time) = try upload(path)
      files.append(address)
      since = since ?? time
    }
    let start: Timestamp
    if let since { start = since } else { start = try serverTime() }
    return Intent(native, of: request, files: files, since: start)
  }

  /// Without an upload the account is asked, which tells a bad key before any money is set aside.
  private func serverTime() throws(Failure) -> Timestamp {
    let get = HTTPRequest(client.base + "/account")
    let reply = try client.ask(.account, get, for: 120, interruption: .refused)
    guard case .answer(let answer) = reply, let time = answer["Date"].flatMap({ Timestamp(http: $0) }) else {
      throw Failure(.network, "\(client.service.title) does not say what time it is", cost: .zero)
    }
    return time
  }

  /// Uploads a file and checks that it arrived whole; every attempt has files of its own.
  private func upload(_ path: String) throws(Failure) -> (address: String, time: Timestamp?) {
    let content: [UInt8]
    do { content = try Files.read(path) } catch { throw Failure(error) }
    guard content.count <= 100 << 20 else {
      throw Failure(
        .request, "`\(path)` has \(content.count >> 20) MiB, an upload 100 at most",
        help: "use a smaller file")
    }
    let post = uploadRequest(Files.name(of: path), content)
    for _ in 1...3 {
      let reply = try client.ask(.upload, post, for: 300, interruption: .refused)
      guard case .answer(let answer) = reply, let json = parsed(answer.body) else { continue }
      let sum = json["checksums"]?["sha256"]?.string
      if let address = json["urls"]?["get"]?.string, sum == nil || sum == SHA256.hex(content) {
        return (address, answer["Date"].flatMap { Timestamp(http: $0) })
      }
      exchange.log("`\(path)` arrived damaged: uploading it again")
    }
    throw Failure(.network, "`\(path)` cannot be uploaded: it arrives damaged", cost: .zero)
  }

  private func uploadRequest(_ name: String, _ content: [UInt8]) -> HTTPRequest {
    let type = MediaType.of(content)
    let metadata = JSON.members(["campaign": .string(request.attempt)]).compact
    var form = Multipart(boundary: request.attempt)
    form.add("content", content, type: type, filename: name)
    form.add("metadata", Array(metadata.utf8), type: "application/json")
    var post = HTTPRequest(client.base + "/files", body: form.finish())
    post.headers = [form.contentType]
    post.time = 900
    return post
  }

  /// Asks campaign, then creates the job: the only function that pays.
  func submit(_ intent: Intent) throws(Failure) -> Stage {
    try exchange.keep(Checkpoint(.intent, intent.data))
    var backoff = Backoff()
    var why = ""
    for _ in 1...6 {
      if patience.isStopped { throw client.interrupted(.refused) }
      let outcome = client.perform(createRequest(intent))
      switch client.triage.action(.create, outcome) {
      case .accept(let answer):
        guard let prediction = Prediction(answer.body) else { return .unsure(intent) }
        return try kept(Submission(prediction, api: client))
      case .reconcile(let reason):
        exchange.log("create: \(reason); looking whether it was accepted")
        return .unsure(intent)
      case .throttled(let throttle):
        exchange.throttled(throttle)
        return .ready(intent)
      case .fail(let failure): throw failure.free
      case .again(let after, let reason):
        why = reason
        exchange.log("create: \(reason)")
        guard patience.waitAbout(after.map(Double.init) ?? backoff.next()) else {
          throw client.interrupted(.refused)
        }
      case .missing, .refresh, .authorize: preconditionFailure("a creation does not end so")
      }
    }
    throw Failure(.network, "\(client.service.title) cannot be reached: \(why)", cost: .zero)
  }

  private func createRequest(_ intent: Intent) -> HTTPRequest {
    var body = [JSON.Member("input", intent.input)]
    if let version = intent.version { body.insert(JSON.Member("version", .string(version)), at: 0) }
    let path = intent.version == nil ? "/models/\(intent.model)/predictions" : "/predictions"
    var post = HTTPRequest(client.base + path, body: Array(JSON.object(body).compact.utf8))
    post.headers = ["Content-Type: application/json"]
    if let seconds = request.cancelAfter { post.headers.append("Cancel-After: \(seconds)s") }
    // Short, and never ended by a signal: its answer is worth money.
    post.time = 30
    post.grace = 30 * max(1, patience.speed)
    return post
  }

  /// Hands in the job before anything else happens.
  func kept(_ submission: Submission) throws(Failure) -> Stage {
    try exchange.keep(Checkpoint(.submitted, submission.data))
    return .submitted(submission)
  }

  func parsed(_ body: [UInt8]) -> JSON? {
    do { return try JSON.parse(body, repairs: true) } catch { return nil }
  }
}
