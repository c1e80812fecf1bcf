import CampaignCore
import Glibc

/// One question to a model behind an OpenAI-compatible interface, with pictures, and one answer in JSON.
struct ChatCall {
  let request: ProviderRequest
  let exchange: Exchange
  let pause: Pause
  private let endpoint: ChatEndpoint
  private let http: HTTP
  private let key: String?

  init(_ name: String, _ request: ProviderRequest, _ exchange: Exchange, _ pause: Pause)
    throws(ProviderFailure)
  {
    self.request = request
    self.exchange = exchange
    self.pause = pause
    endpoint = try ChatEndpoint(name)
    http = HTTP(pause: pause, allowsPlain: endpoint.base.scheme == "http")
    key = endpoint.service.keyName.isEmpty ? nil : try Keys().key(endpoint.service.keyName)
  }

  func run() throws(ProviderFailure) {
    switch request.verb {
    case "check": try check()
    case "cancel": throw ProviderFailure(.request, "a question cannot be canceled")
    default: try ask()
    }
  }

  /// How the model is told that it has to answer in JSON, from the strictest form down.
  private enum Form: CaseIterable { case schema, object, words }

  private func ask() throws(ProviderFailure) {
    let messages = try messages()
    try exchange.checkpoint("intent", .members(["model": .string(request.model)]))
    for form in Form.allCases {
      let answer = try send(body(messages, form))
      if form != .words, answer.status == 400 || answer.status == 422,
        ErrorBody(answer).says("response_format", "json_schema", "json_object", "structured")
      {
        exchange.log("\(request.model) does not take this form of answer: \(ErrorBody(answer).message)")
        continue
      }
      guard answer.isSuccess, let json = answer.json, json["error"] == nil || json["choices"] != nil else {
        throw failure(answer)
      }
      return try deliver(json)
    }
  }

  private func failure(_ answer: HTTPAnswer) -> ProviderFailure {
    var answer = answer
    // Some report an error with status 200, and its own code within.
    if answer.isSuccess { answer.status = answer.json?["error"]?["code"]?.int ?? 500 }
    return FailureTable.failure(answer, endpoint.service, model: request.model)
  }

  // MARK: - The question

  private func messages() throws(ProviderFailure) -> JSON {
    var parts: [JSON] = []
    for part in request.input["parts"]?.array ?? [] {
      if let text = part["text"]?.string {
        parts.append(.members(["type": .string("text"), "text": .string(text)]))
      } else if let path = part["image"]?.string {
        let bytes: [UInt8]
        do { bytes = try Files.read(path) } catch { throw ProviderFailure(error) }
        let url = "data:image/jpeg;base64," + Base64.encoded(bytes)
        parts.append(
          .members(["type": .string("image_url"), "image_url": .members(["url": .string(url)])]))
      }
    }
    let system = request.input["system"]?.string ?? ""
    return .array([
      .members(["role": .string("system"), "content": .string(system)]),
      .members(["role": .string("user"), "content": .array(parts)]),
    ])
  }

  private func body(_ messages: JSON, _ form: Form) -> JSON {
    var members: [JSON.Member] = [.init("model", .string(request.model)), .init("messages", messages)]
    if let temperature = request.input["temperature"] { members.append(.init("temperature", temperature)) }
    if endpoint.name == "xai", request.model.hasPrefix("grok-4.3") {
      members.append(.init("reasoning_effort", .string("none")))
    }
    let schema = request.input["schema"] ?? .object([])
    switch form {
    case .schema:
      let format: KeyValuePairs<String, JSON> = [
        "type": .string("json_schema"),
        "json_schema": .members([
          "name": request.input["name"] ?? .string("answer"), "strict": .bool(true), "schema": schema,
        ]),
      ]
      members.append(.init("response_format", .members(format)))
    case .object:
      members.append(.init("response_format", .members(["type": .string("json_object")])))
    case .words: break
    }
    guard form != .schema, case .array(let list) = messages, let user = list.last,
      case .array(let parts)? = user["content"]
    else { return .object(members) }
    let hint = JSON.members([
      "type": .string("text"),
      "text": .string(
        "Answer with one JSON value and nothing else. It has to fit this schema: " + schema.compact),
    ])
    members[1].value = .array([
      list[0], .members(["role": .string("user"), "content": .array(parts + [hint])]),
    ])
    return .object(members)
  }

  /// A question costs little and takes seconds: it is sent again after trouble, but not often.
  private func send(_ body: JSON) throws(ProviderFailure) -> HTTPAnswer {
    var call = HTTPRequest(method: "POST", address: WebAddress(endpoint.base.text + "/chat/completions")!)
    call.bearer = key
    call.headers = ["Content-Type: application/json"]
    call.body = Array(body.compact.utf8)
    call.timeout = min(600, max(60, request.deadline))
    var last = ""
    for attempt in 0..<5 {
      if attempt > 0 { pause.wait(seconds: min(30, Double(1 << attempt))) }
      do throws(HTTPProblem) {
        let answer = try http.send(call)
        if answer.status == 429, ErrorBody(answer).code != "insufficient_quota" {
          last = ErrorBody(answer).message
          pause.wait(seconds: ErrorBody(answer).retryAfter ?? 2)
          continue
        }
        guard answer.status >= 500 else { return answer }
        last = "HTTP \(answer.status)"
      } catch {
        switch error {
        case .stopped: throw ProviderFailure(.detached, "interrupted")
        case .notSent(let words), .ambiguous(let words), .incomplete(let words): last = words
        }
      }
    }
    throw ProviderFailure(
      .network, "\(endpoint.service.name) cannot be reached: \(last)", help: "build again later")
  }

  // MARK: - The answer

  private func deliver(_ json: JSON) throws(ProviderFailure) {
    let choice = json["choices"]?.array?.first
    if let refusal = choice?["message"]?["refusal"]?.string, !refusal.isEmpty {
      throw ProviderFailure(.failed, "the model refuses to answer: \(refusal)")
    }
    if choice?["finish_reason"]?.string == "length" {
      throw ProviderFailure(.failed, "the model's answer was cut off", help: "ask with fewer photos")
    }
    let text = choice?["message"]?["content"]?.string ?? ""
    guard let answer = Self.value(in: text) else {
      exchange.log("the model said: \(text.prefix(2000))")
      throw ProviderFailure(.failed, "the model's answer is no JSON")
    }
    do throws(FileError) {
      try Files.write(answer.compact, to: request.output)
      try Files.sync(request.output)
    } catch { throw ProviderFailure(error) }
    let usage = ChatUsage(json["usage"] ?? .object([]), prices: request.input["prices"])
    exchange.done([
      "usd": usage.dollars.map { .string($0) } ?? .null,
      "billed": .members(["in": .int(usage.tokensIn), "out": .int(usage.tokensOut)]),
      "model": json["model"] ?? .null, "fingerprint": json["system_fingerprint"] ?? .null,
      "id": json["id"] ?? .null,
    ])
  }

  /// The JSON value in an answer, with or without a fence around it.
  static func value(in text: String) -> JSON? {
    if let value = try? JSON.parse(Array(text.utf8)) { return value }
    guard let start = text.firstIndex(where: { $0 == "{" || $0 == "[" }),
      let end = text.lastIndex(where: { $0 == "}" || $0 == "]" }), start < end
    else { return nil }
    return try? JSON.parse(Array(text[start...end].utf8))
  }

  private func check() throws(ProviderFailure) {
    var call = HTTPRequest(address: WebAddress(endpoint.base.text + "/models")!)
    call.bearer = key
    let answer: HTTPAnswer
    do throws(HTTPProblem) { answer = try http.send(call) } catch {
      throw ProviderFailure(.network, "\(endpoint.service.name) cannot be reached")
    }
    guard answer.isSuccess else { throw failure(answer) }
    let names = (answer.json?["data"]?.array ?? []).compactMap { $0["id"]?.string }
    if !request.model.isEmpty, !names.isEmpty, !names.contains(request.model) {
      exchange.note("\(endpoint.service.name) does not list `\(request.model)`")
    }
    exchange.done([:])
  }
}
