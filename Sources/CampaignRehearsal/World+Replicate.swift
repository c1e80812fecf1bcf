import CampaignCore

/// Replicate's interface below `/v1`.
extension World {
  mutating func replicate(_ request: WebRequest, api: String, delivery: String) -> WebAnswer {
    let path = Array(request.parts.dropFirst())
    guard let token = request.headers["authorization"]?.split(separator: " ").last,
      request.headers["authorization"]?.hasPrefix("Bearer ") == true, token.hasPrefix("r8_rehearsal")
    else {
      let words =
        request.headers["authorization"] == nil
        ? "You did not pass an authentication token" : "Invalid or expired API token."
      return .problem(401, "Unauthenticated", words)
    }
    switch (request.method, path.first, path.count) {
    case ("GET", "account", 1):
      return WebAnswer(200, .members(["type": .string("user"), "username": .string("rehearsal")]))
    case ("GET", "webhooks", 3) where path[1] == "default" && path[2] == "secret":
      return WebAnswer(200, .members(["key": .string("whsec_cmVoZWFyc2Fs")]))
    case ("POST", "files", 1): return upload(request, api: api)
    case ("GET", "files", 2): return describe(file: path[1], api: api)
    case ("DELETE", "files", 2):
      files[path[1]] = nil
      return WebAnswer(204, text: "")
    case ("POST", "predictions", 1): return create(request, model: nil, api: api, delivery: delivery)
    case ("POST", "models", 4) where path[3] == "predictions":
      return create(request, model: "\(path[1])/\(path[2])", api: api, delivery: delivery)
    case ("GET", "models", 3): return describe(model: "\(path[1])/\(path[2])")
    case ("GET", "predictions", 1): return list(request, api: api, delivery: delivery)
    case ("GET", "predictions", 2): return poll(path[1], api: api, delivery: delivery)
    case ("POST", "predictions", 3) where path[2] == "cancel":
      return cancel(path[1], api: api, delivery: delivery)
    default: return .problem(404, "Not found", "The requested resource could not be found.")
    }
  }

  private func describe(model: String) -> WebAnswer {
    guard let schema = schemas[model] else {
      return .problem(404, "Not found", "The requested resource could not be found.")
    }
    let version: KeyValuePairs<String, JSON> = [
      "id": schema["version"] ?? .string("hidden"),
      "openapi_schema": .members(["components": .members(["schemas": .members(["Input": schema])])]),
    ]
    return WebAnswer(200, .members(["name": .string(model), "latest_version": .members(version)]))
  }

  // MARK: - Files

  private mutating func upload(_ request: WebRequest, api: String) -> WebAnswer {
    let fault = fault("file")
    if fault?.name == "reset" { return WebAnswer(wire: .reset) }
    if fault?.name == "file_413" { return .problem(413, "Too large", "The file is too large.") }
    guard let content = Multipart(request).part("content") else {
      return .problem(422, "Invalid", "content is required")
    }
    let id = newID()
    files[id] = File(
      id: id, sha256: SHA256.hex(content), size: content.count,
      isPicture: content.starts(with: [0xFF, 0xD8]) || content.starts(with: [0x89, 0x50]),
      expires: now + 86_400)
    if fault?.name == "sha_mismatch" { files[id]?.sha256 = String(repeating: "0", count: 64) }
    let moment = now
    if fault?.name == "expire_now" { files[id]?.expires = moment }
    return describe(file: id, api: api, status: 201)
  }

  private func describe(file id: String, api: String, status: Int = 200) -> WebAnswer {
    guard let file = files[id], file.expires >= now || status == 201 else {
      return .problem(404, "Not found", "The requested resource could not be found.")
    }
    return WebAnswer(
      status,
      .members([
        "id": .string(id), "checksums": .members(["sha256": .string(file.sha256)]), "size": .int(file.size),
        "created_at": .string(Self.timestamp(file.expires - 86_400)),
        "expires_at": .string(Self.timestamp(file.expires)),
        "urls": .members(["get": .string("\(api)/v1/files/\(id)")]),
      ]))
  }

  // MARK: - Creating

  private mutating func create(_ request: WebRequest, model named: String?, api: String, delivery: String)
    -> WebAnswer
  {
    guard let body = request.json, case .object(let members) = body else {
      return .problem(400, "Bad request", "the body is no JSON object")
    }
    let allowed = ["input", "webhook", "webhook_events_filter"] + (named == nil ? ["version"] : [])
    if let odd = members.first(where: { !allowed.contains($0.name) }) {
      violations.append("a create has the property `\(odd.name)`")
      return invalid([
        .members([
          "type": .string("additional_property_not_allowed"), "field": .string(odd.name),
          "description": .string("Additional property \(odd.name) is not allowed"),
        ])
      ])
    }
    let version = body["version"]?.string
    guard
      let model = named ?? version.flatMap({ schemas.model(version: $0) ?? (schemas[$0] != nil ? $0 : nil) }),
      schemas[model] != nil, named == nil || schemas[model]?["version"] == nil
    else {
      return .problem(
        422, "Invalid version or not permitted",
        "The specified version does not exist (or perhaps you don't have permission to use it?)")
    }
    let input = body["input"] ?? .object([])
    let mistakes = schemas.mistakes(in: input, for: model) + deadFiles(in: input, api: api)
    guard mistakes.isEmpty else { return invalid(mistakes) }
    guard Self.isDuration(request.headers["cancel-after"]) else {
      return .problem(422, "Invalid header", "Cancel-After must be a duration")
    }
    guard Self.isPreference(request.headers["prefer"]) else {
      return .problem(422, "Invalid header", "Prefer must be wait or wait=1 to wait=60")
    }
    let fault = fault("create", model: model)
    if let refusal = refusal(fault) { return refusal }
    var job = newJob(model, version: version, input, request)
    apply(fault, to: &job)
    let inputs = Self.addresses(in: input)
    if !inputs.isEmpty, jobs.contains(where: { Self.addresses(in: $0.input) == inputs }) {
      violations.append("two creates have the same uploads: \(inputs)")
    }
    jobs.append(job)
    return reply(to: fault, job, api: api, delivery: delivery)
  }

  private func invalid(_ fields: [JSON]) -> WebAnswer {
    let detail = fields.map { "- \($0["field"]?.string ?? ""): \($0["description"]?.string ?? "")\n" }
      .joined()
    return .problem(422, "Input validation failed", detail, more: [.init("invalid_fields", .array(fields))])
  }

  /// Addresses of our own files that do not exist any more.
  private func deadFiles(in input: JSON, api: String) -> [JSON] {
    Self.addresses(in: input).compactMap { address in
      guard address.hasPrefix("\(api)/v1/files/") else { return nil }
      let id = String(address.split(separator: "/").last ?? "")
      guard let file = files[id], file.expires > now else {
        return .members([
          "type": .string("uri"), "field": .string("input"),
          "description": .string("file \(id) does not exist"),
        ])
      }
      return nil
    }
  }

  private static func isDuration(_ text: String?) -> Bool {
    guard let text else { return true }
    return text.count > 1 && "smh".contains(text.last!) && text.dropLast().allSatisfy(\.isNumber)
  }

  private static func isPreference(_ text: String?) -> Bool {
    guard let text, text != "wait" else { return true }
    return text.hasPrefix("wait=") && Int(text.dropFirst(5)).map { (1...60).contains($0) } == true
  }

  static func addresses(in input: JSON) -> [String] {
    guard case .object(let members) = input else { return [] }
    return members.compactMap(\.value.string).filter { $0.hasPrefix("http") || $0.hasPrefix("data:") }
  }

  /// What is answered before anything is accepted.
  private mutating func refusal(_ fault: Fault?) -> WebAnswer? {
    switch fault?.name {
    case "status":
      let body = fault?.arguments["body"]
      let status = fault?.arguments["code"]?.int ?? 500
      if let text = body?.string { return WebAnswer(status, text: text, type: "text/html") }
      return WebAnswer(status, body ?? .members(["detail": .string("scripted")]))
    case "reset_before_accept": return WebAnswer(wire: .reset)
    case "throttle":
      let seconds = fault?.arguments["retry_after"]?.int ?? 9
      let words =
        "Request was throttled. Your rate limit for creating predictions is reduced to 6 requests per minute with a "
        + "burst of 1 requests while you have less than $5.0 in credit. Your rate limit resets in ~\(seconds)s."
      var answer = WebAnswer(
        429, .members(["detail": .string(words), "status": .int(429), "retry_after": .int(seconds)]))
      if fault?.arguments["in_body_only"]?.bool != true {
        answer.headers.append(("Retry-After", "\(seconds)"))
      }
      return answer
    default: return nil
    }
  }

  private mutating func newJob(_ model: String, version: String?, _ input: JSON, _ request: WebRequest) -> Job
  {
    var job = Job(
      id: newID(), model: model, version: version, input: input, created: now, starts: now + 2,
      ends: now + 20,
      listed: now, price: Bill.price(of: input, schemas[model] ?? .null),
      seed: input["seed"]?.int ?? Int.random(in: 0..<1_000_000))
    let hasHugeInline = Self.addresses(in: input).contains {
      $0.hasPrefix("data:") && $0.utf8.count > 6 << 20
    }
    if hasHugeInline { job.ending = .failed(Fault.words["pa"]!) }
    if let limit = request.headers["cancel-after"].flatMap({ Double($0.dropLast()) }) {
      let factors: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
      let factor = request.headers["cancel-after"]?.last.flatMap { factors[$0] } ?? 1
      if job.created + limit * factor < job.ends {
        job.ends = job.created + limit * factor
        job.ending = .canceled
      }
    }
    return job
  }

  private func apply(_ fault: Fault?, to job: inout Job) {
    switch fault?.name {
    case "list_lag": job.listed = now + (fault?.arguments["seconds"]?.number ?? 10)
    case "final":
      let error = fault?.arguments["error"]?.string ?? "pa"
      switch error {
      case "canceled": job.ending = .canceled
      case "aborted": job.ending = .aborted
      default: job.ending = .failed(Fault.words[error] ?? error)
      }
    case "stick": job.ends = now + 1_000_000
    case "unknown_status": job.oddStatus = fault?.arguments["status"]?.string ?? "queued2"
    case "output_shape": job.outputShape = fault?.arguments["shape"]?.string ?? "list"
    default: break
    }
    job.hidesInput = fault?.arguments["hides_input"]?.bool == true
    if let lag = fault?.arguments["list_lag"]?.number { job.listed = now + lag }
  }

  private func reply(to fault: Fault?, _ job: Job, api: String, delivery: String) -> WebAnswer {
    switch fault?.name {
    case "accept_then_reset": return WebAnswer(wire: .reset)
    case "accept_then_hang": return WebAnswer(wire: .silence(fault?.arguments["seconds"]?.number ?? 30))
    case "accept_then_5xx": return WebAnswer(502, text: "<html>Bad gateway</html>", type: "text/html")
    case "accept_then_garbage_json": return WebAnswer(201, text: "{\"id\": \"", type: "application/json")
    default:
      var answer = WebAnswer(201, describe(job, api: api, delivery: delivery))
      answer.headers += [("ratelimit-remaining", "599"), ("ratelimit-reset", "1")]
      return answer
    }
  }

  // MARK: - Looking

  private mutating func poll(_ id: String, api: String, delivery: String) -> WebAnswer {
    guard let job = job(id) else {
      return .problem(404, "Not found", "The requested resource could not be found.")
    }
    switch fault("poll", model: job.model)?.name {
    case "poll_5xx": return WebAnswer(503, text: "busy")
    case "poll_404": return .problem(404, "Not found", "The requested resource could not be found.")
    case "poll_html": return WebAnswer(200, text: "<html>hello</html>", type: "text/html")
    case "reset": return WebAnswer(wire: .reset)
    default: return WebAnswer(200, describe(job, api: api, delivery: delivery))
    }
  }

  private static let pageSize = 100

  private mutating func list(_ request: WebRequest, api: String, delivery: String) -> WebAnswer {
    switch fault("list")?.name {
    case "status": return WebAnswer(503, text: "busy")
    case "reset": return WebAnswer(wire: .reset)
    default: break
    }
    let after = request.query["created_after"].flatMap(Self.seconds) ?? 0
    let all = jobs.reversed().filter { $0.created >= after && $0.listed <= now }
    let skip = min(max(0, request.query["cursor"].flatMap { Int($0) } ?? 0), all.count)
    let page = all.dropFirst(skip).prefix(Self.pageSize)
    let next =
      "\(api)/v1/predictions?created_after=\(request.query["created_after"] ?? "")&cursor=\(skip + Self.pageSize)"
    return WebAnswer(
      200,
      .members([
        "previous": .null, "next": all.count > skip + Self.pageSize ? .string(next) : .null,
        "results": .array(page.map { describe($0, api: api, delivery: delivery) }),
      ]))
  }

  private mutating func cancel(_ id: String, api: String, delivery: String) -> WebAnswer {
    guard let index = jobs.firstIndex(where: { $0.id == id }) else {
      return .problem(404, "Not found", "The requested resource could not be found.")
    }
    if now < jobs[index].ends {
      jobs[index].ending = now < jobs[index].starts ? .aborted : .canceled
      jobs[index].ends = now
    }
    return WebAnswer(200, describe(jobs[index], api: api, delivery: delivery))
  }

  private func describe(_ job: Job, api: String, delivery: String) -> JSON {
    let status = job.status(at: now)
    let isOver = now >= job.ends
    let isPurged = job.isPurged(at: now)
    var error = JSON.null
    if isOver, case .failed(let words) = job.ending { error = .string(words) }
    let percent = Int(min(100, max(0, (now - job.starts) / max(1, job.ends - job.starts) * 100)))
    let logs = "Using seed: \(job.seed)\n \(percent)%|███       | \(percent)/100 [00:01<00:01]\n"
    return .members([
      "id": .string(job.id), "model": .string(job.model), "version": .string(job.version ?? "hidden"),
      "status": .string(status), "input": isPurged || job.hidesInput ? .object([]) : job.input,
      "output": isPurged || status != "succeeded" ? .null : Media.output(of: job, delivery: delivery),
      "error": error, "logs": isPurged ? .null : .string(logs), "data_removed": .bool(isPurged),
      "source": .string("api"), "created_at": .string(Self.timestamp(job.created)),
      "started_at": now < job.starts ? .null : .string(Self.timestamp(job.starts)),
      "completed_at": isOver ? .string(Self.timestamp(job.ends)) : .null,
      "metrics": isOver ? Bill.metrics(of: job, schemas[job.model] ?? .null) : .object([]),
      "urls": .members([
        "get": .string("\(api)/v1/predictions/\(job.id)"),
        "cancel": .string("\(api)/v1/predictions/\(job.id)/cancel"),
        "web": .string("\(api)/p/\(job.id)"),
      ]),
    ])
  }
}

extension Fault {
  /// What the real models say.
  static let words = [
    "nsfw_e005":
      "The input or output was flagged as sensitive. Please try again with different inputs. (E005)",
    "pa": "Prediction interrupted; please retry (code: PA)",
    "director_e9828": "Director: unexpected error handling prediction (E9828)",
    "oom": "CUDA out of memory (E1001)",
    "input_url": "Input validation error: the image could not be fetched",
  ]
}
