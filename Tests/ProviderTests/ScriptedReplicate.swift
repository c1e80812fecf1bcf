import CampaignCore
import Testing

/// A small Replicate: everything goes well but for what a test scripts.
///
///     let replicate = try ScriptedReplicate(["POST /v1/models": [.accepted(then: .silence)]])
final class ScriptedReplicate: Sendable {
  enum Turn: Sendable {
    /// Instead of doing what was asked.
    case instead(ScriptedServer.Reply)
    /// A job is made of it, and then the answer is this one.
    case accepted(then: ScriptedServer.Reply)
  }

  private struct Job: Sendable {
    var id: String
    var model: String
    var input: JSON
    var polls = 0
  }

  private struct State: Sendable {
    var script: [String: [Turn]]
    var jobs: [Job] = []
    var files = 0
  }

  let server: ScriptedServer
  let delivery: ScriptedServer
  private let state: Guarded<State>

  /// What everything is delivered as: the smallest film.
  static let film: [UInt8] = Array("\0\0\0\u{c}ftypisom\0\0\0\u{8}moov\0\0\0\u{10}mdat12345678".utf8)
  static let etag = ["ETag: \"a\"", "Accept-Ranges: bytes"]

  /// - Parameters:
  ///   - script: replies by the start of the request's line; each is used once, in order.
  ///   - deliveries: what the other host sends, in order; the film when there is nothing (more).
  ///   - ending: members of a job that has ended, replacing those of a good end.
  init(
    _ script: [String: [Turn]] = [:], deliveries: [ScriptedServer.Reply] = [], ending: String = "{}"
  ) throws {
    let ending = try JSON.parse(ending)
    let state = Guarded(State(script: script))
    self.state = state
    let delivery = try ScriptedServer { request, before in
      deliveries.indices.contains(before) ? deliveries[before] : Self.deliver(request)
    }
    self.delivery = delivery
    let film = "http://localhost:\(delivery.port)/out.mp4"
    server = try ScriptedServer { request, _ in
      state.withLock { state in Self.reply(request, &state, film: film, ending: ending) }
    }
  }

  /// How many jobs were accepted: what there is to pay.
  var jobs: Int { state.withLock { $0.jobs.count } }

  // MARK: - Answers

  private static func deliver(_ request: ScriptedServer.Request) -> ScriptedServer.Reply {
    guard let range = request.headers["range"], let start = Int(range.dropFirst(6).prefix { $0 != "-" })
    else {
      return .bytes(200, film, headers: etag)
    }
    let headers = ["Content-Range: bytes \(start)-\(film.count - 1)/\(film.count)"] + etag
    return .bytes(206, Array(film[start...]), headers: headers)
  }

  private static func reply(
    _ request: ScriptedServer.Request, _ state: inout State, film: String, ending: JSON
  ) -> ScriptedServer.Reply {
    guard request.isAuthorized else { return .json(401, #"{"title":"Unauthenticated","detail":"no token"}"#) }
    let line = request.method + " " + request.path
    let host = request.headers["host"] ?? ""
    let key = state.script.keys.filter { line.hasPrefix($0) && state.script[$0]?.isEmpty == false }
      .max { $0.utf8.count < $1.utf8.count }
    switch key.flatMap({ state.script[$0]?.removeFirst() }) {
    case .instead(let reply): return reply
    case .accepted(let reply):
      _ = answer(line, request, &state, host: host, film: film, ending: ending)
      return reply
    case nil: return answer(line, request, &state, host: host, film: film, ending: ending)
    }
  }

  private static func answer(
    _ line: String, _ request: ScriptedServer.Request, _ state: inout State, host: String, film: String,
    ending: JSON
  ) -> ScriptedServer.Reply {
    let url = "http://\(host)/v1"
    if line == "POST /v1/files" {
      state.files += 1
      return .json(201, #"{"id":"f\#(state.files)","urls":{"get":"\#(url)/files/f\#(state.files)"}}"#)
    }
    if line.hasPrefix("POST"), line.hasSuffix("/predictions") {
      let body = (try? JSON.parse(request.body)) ?? .null
      let parts = request.path.split(separator: "/")
      let model = parts.count > 3 ? "\(parts[2])/\(parts[3])" : "meta/musicgen"
      state.jobs.append(Job(id: "job\(state.jobs.count)", model: model, input: body["input"] ?? .null))
      return .json(201, describe(state.jobs[state.jobs.count - 1], url, film, ending))
    }
    if line.hasPrefix("GET /v1/predictions?") {
      return .json(
        200,
        #"{"next":null,"results":[\#(state.jobs.map { describe($0, url, film, ending) }.joined(separator: ","))]}"#
      )
    }
    let id = request.path.split(separator: "/").dropFirst(2).first.map(String.init)
    if let index = state.jobs.firstIndex(where: { $0.id == id }) {
      state.jobs[index].polls += 1
      return .json(200, describe(state.jobs[index], url, film, ending))
    }
    return line == "GET /v1/account"
      ? .json(200, #"{"username":"tester"}"#) : .json(404, #"{"detail":"not found"}"#)
  }

  private static func describe(_ job: Job, _ url: String, _ film: String, _ ending: JSON) -> String {
    let status = job.polls > 2 ? "succeeded" : job.polls > 0 ? "processing" : "starting"
    let urls = #"{"get":"\#(url)/predictions/\#(job.id)","cancel":"\#(url)/predictions/\#(job.id)/cancel"}"#
    let head = """
      {"id":"\(job.id)","model":"\(job.model)","version":"hidden","status":"\(status)","input":\(job.input.compact),\
      "created_at":"2026-11-23T11:00:05Z","urls":\(urls)
      """
    guard status == "succeeded" else { return head + "}" }
    let good: KeyValuePairs = [
      "output": "\"\(film)\"", "completed_at": #""2026-11-23T11:01:05Z""#, "logs": #""Using seed: 41""#,
      "metrics": #"{"predict_time":60.5,"video_output_duration_seconds":6.0,"resolution_target":"1080p"}"#,
    ]
    var text = head
    for (name, value) in good { text += ",\"\(name)\":\(ending[name]?.compact ?? value)" }
    if let status = ending["status"] {
      text = text.replacing("\"status\":\"succeeded\"", with: "\"status\":\(status.compact)")
    }
    for name in ["error", "data_removed", "deadline"] {
      if let value = ending[name] { text += ",\"\(name)\":\(value.compact)" }
    }
    return text + "}"
  }
}
