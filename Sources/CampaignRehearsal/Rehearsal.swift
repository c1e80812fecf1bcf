import CampaignCore
import Glibc

/// The two servers of the fake provider, and the world behind them.
final class Rehearsal: Sendable {
  private let world: Guarded<World>
  private let media = Media()
  private let addresses = Guarded((api: "", delivery: ""))
  let api: String
  let delivery: String

  init(speed: Double, script: [Fault]) throws {
    var world = World(speed: speed)
    world.faults = script
    let guarded = Guarded(world)
    self.world = guarded
    let (media, addresses) = (media, addresses)
    let front = try Server(speed: speed) { request in
      let (api, delivery) = addresses.withLock { $0 }
      return guarded.withLock { $0.answer(request, api: api, delivery: delivery, media: media) }
    }
    let back = try Server(speed: speed) { request in
      let api = addresses.withLock { $0.api }
      return guarded.withLock { $0.deliver(request, media: media, api: api) }
    }
    api = "http://127.0.0.1:\(front.port)"
    delivery = "http://127.0.0.1:\(back.port)"
    let both = (api: api, delivery: delivery)
    addresses.withLock { $0 = both }
    try front.start()
    try back.start()
  }

  /// What happened, for people.
  var summary: String { world.withLock { $0.summary } }

  func end() { media.remove() }
}

extension World {
  /// Everything but deliveries.
  mutating func answer(_ request: WebRequest, api: String, delivery: String, media: Media) -> WebAnswer {
    if request.path.hasPrefix("/_") { return control(request) }
    requests.append(.members(["method": .string(request.method), "path": .string(request.path)]))
    var answer: WebAnswer
    switch request.parts.first {
    case "elsewhere":
      if request.headers["authorization"] != nil { violations.append("a key followed a redirect") }
      guard let job = job(request.parts.last ?? "") else { return WebAnswer(404, text: "gone") }
      answer = WebAnswer(200, text: "", type: "video/mp4")
      answer.body = media.bytes(of: job, schemas[job.model] ?? .null, pictures: [])
    case "v1" where request.path == "/v1/chat/completions": answer = chat(request)
    case "v1" where request.path == "/v1/models":
      answer = WebAnswer(200, .members(["data": .array([.members(["id": .string("grok-4.3")])])]))
    case "v1": answer = replicate(request, api: api, delivery: delivery)
    default: answer = .problem(404, "Not found", "The requested resource could not be found.")
    }
    answer.headers.append(("Date", Self.timestamp(now, "%a, %d %b %Y %H:%M:%S GMT")))
    return answer
  }

  // MARK: - Control

  private mutating func control(_ request: WebRequest) -> WebAnswer {
    switch request.path {
    case "/_script":
      faults += (request.json?.array ?? []).compactMap(Fault.init)
      return WebAnswer(200, .int(faults.count))
    case "/_clock":
      advance(request.json?["advance"]?.number ?? 0)
      return WebAnswer(200, .decimal(now, places: 3))
    case "/_ledger": return WebAnswer(200, ledger)
    case "/_requests": return WebAnswer(200, .array(requests))
    case "/_violations": return WebAnswer(200, .array(violations.map { .string($0) }))
    case "/_summary": return WebAnswer(200, text: summary)
    case "/_reset":
      (jobs, chats, requests, violations, faults) = ([], [], [], [], [])
      return WebAnswer(200, .null)
    default:
      return WebAnswer(
        404, text: "there is _script, _clock, _ledger, _requests, _violations, _summary, _reset")
    }
  }

  private var ledger: JSON {
    .members([
      "jobs": .array(
        jobs.map { job in
          let pictures = Self.addresses(in: job.input).map { address in
            files[String(address.split(separator: "/").last ?? "")]?.sha256 ?? ""
          }
          return .members([
            "id": .string(job.id), "model": .string(job.model), "t": .decimal(job.created, places: 3),
            "files": .array(pictures.map { .string($0) }), "prompt": job.input["prompt"] ?? .null,
            "seed": job.input["seed"] ?? .null, "micros": .int(job.price.micros),
            "status": .string(job.status(at: now)),
          ])
        }),
      "chats": .array(chats), "micros": .int(bill.micros),
    ])
  }

  fileprivate var summary: String {
    let failed = jobs.filter { $0.ending != .succeeded }.count
    return
      "\(jobs.count) jobs (\(failed) of them not made), \(chats.count) questions, \(requests.count) requests\n"
      + "the bill would have been \(bill)\n"
      + (violations.isEmpty ? "no rule was broken\n" : violations.map { "broken: \($0)\n" }.joined())
  }
}
