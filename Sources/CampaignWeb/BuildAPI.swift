import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import HTTPTypes
import Hummingbird
import NIOCore

/// Builds: asked for, listed, followed, stopped and tried again.
struct BuildAPI: Sendable {
  let api: API
  private var builds: Builds { api.builds }

  init(api: API) { self.api = api }

  func respond(to call: HTTPCall, _ path: [String]) async throws -> Response {
    guard let text = path.first else {
      if call.request.method == .post { return try await start(call) }
      guard call.isRead else { throw API.notAllowed("GET, HEAD, POST") }
      return try list(call)
    }
    try call.options()
    guard let id = Int(text) else { throw Refusal.unknown }
    let job = try builds.job(id)
    switch (path.dropFirst().first, path.count) {
    case (nil, _):
      guard call.isRead else { throw API.notAllowed("GET, HEAD") }
      return Reply.json(builds.json(job), for: call.request)
    case ("events", 2):
      guard call.isRead else { throw API.notAllowed("GET, HEAD") }
      return try await events(job)
    case ("artifacts", 2):
      guard call.isRead else { throw API.notAllowed("GET, HEAD") }
      return try await api.off { try artifacts(of: job, call.request) }
    case ("cancel", 2), ("retry", 2):
      guard call.request.method == .post else { throw API.notAllowed("POST") }
      if path[1] == "cancel" { return Reply.json(builds.json(try builds.cancel(id))) }
      return Reply.json(builds.json(try builds.retry(id)), status: .accepted)
    default: throw Refusal.unknown
    }
  }

  // MARK: - Start

  private func start(_ call: HTTPCall) async throws -> Response {
    try call.options()
    let order = try BuildOrder(try await call.form(BuildOrder.members))
    let job = try await api.off { try builds.submit(try priced(order)) }
    let location = HTTPField.Name("Location")!
    return Reply.json(builds.json(job), status: .accepted, headers: [location: "/api/v1/builds/\(job.id)"])
  }

  /// The order with its limit. Throws with the plan when it may cost something and nobody said how much it may.
  func priced(_ order: BuildOrder, mayUseBudget: Bool = false) throws -> BuildOrder {
    let campaign = try api.campaigns.find(order.campaign)
    let project = try campaign.project(profile: order.profile, settings: order.settings)
    let plan: Plan
    do throws(BuildError) { plan = try project.plan(order.request) } catch { throw Refusal(error) }
    guard project.mayBuy, !order.isFrozen, !order.buysNothing, order.maxCost == nil else { return order }
    let most = plan.forecast.most
    var order = order
    if most == .zero {
      // What nobody foresaw is not allowed either.
      order.maxCost = .zero
      return order
    }
    if mayUseBudget && project.hasBudget { return order }
    var refusal = Refusal(
      .conflict, "this build may cost up to \(most), and nothing says how much it may",
      help: "`maxCost` allows it to spend, `freeOnly` builds what is free")
    refusal.more = [JSON.Member("plan", plan.json)]
    throw refusal
  }

  // MARK: - Read

  private func list(_ call: HTTPCall) throws(Refusal) -> Response {
    try call.options("campaign", "state", "limit", "offset")
    let limit = try call.integer("limit", in: 1...100, or: 20)
    let offset = try call.integer("offset", in: 0...1_000_000_000, or: 0)
    let campaign = try call.text("campaign")
    let word = try call.text("state")
    let state = word.flatMap(BuildJob.State.init)
    if word != nil && state == nil {
      let words = BuildJob.State.allCases.map(\.rawValue).joined(separator: ", ")
      throw Refusal(.badRequest, "`state` takes \(words)")
    }
    let matching = builds.all.filter { job in
      (campaign == nil || job.order.campaign == campaign) && (state == nil || job.state == state)
    }
    return Reply.json(
      .members([
        "builds": .array(matching.dropFirst(offset).prefix(limit).map(builds.json)),
        "total": .int(matching.count),
        "limit": .int(limit), "offset": .int(offset),
      ]), for: call.request)
  }

  private func artifacts(of job: BuildJob, _ request: Request) throws -> Response {
    let campaign = try api.campaigns.find(job.order.campaign)
    let project = try campaign.project(profile: job.order.profile, settings: job.order.settings)
    let plan: Plan
    do throws(BuildError) { plan = try project.plan(job.order.request) } catch { throw Refusal(error) }
    campaign.learn(plan, project)
    let items = plan.entries.filter { $0.verdict == .current || $0.verdict == .kept }.flatMap(\.outputs)
      .compactMap { item($0, campaign) }
    return Reply.json(.members(["artifacts": .array(items)]), for: request)
  }

  private func item(_ path: String, _ campaign: ServedCampaign) -> JSON? {
    guard let file = try? campaign.inside(campaign.root + "/" + path), let stamp = FileStamp.of(file),
      let hash = campaign.tags.hash(of: file)
    else { return nil }
    return .members([
      "target": .string(path),
      "file": .members([
        "path": .string(path), "url": .string(campaign.url(path)),
        "still": .string(campaign.url(path, as: "stills")),
      ]), "bytes": .int(stamp.size), "etag": .string(hash.hex),
    ])
  }

  // MARK: - Follow

  /// The lines of its log as they come, and its state whenever that changes, until it is over.
  private func events(_ job: BuildJob) async throws -> Response {
    let campaign = try await api.off { [api] in try api.campaigns.find(job.order.campaign) }
    let (builds, pool) = (builds, api.pool)
    let body = ResponseBody { writer in
      var follower = BuildFollower(job.id, runs: StateFolder(root: campaign.root).runs)
      while true {
        let (copy, looks) = (follower, builds)
        let (next, message, isOver) = try await pool.runIfActive {
          var follower = copy
          let (message, isOver) = try follower.look(looks)
          return (follower, message, isOver)
        }
        follower = next
        if let message { try await writer.write(message) }
        if isOver { break }
        try await Task.sleep(for: .milliseconds(200))
      }
      try await writer.finish(nil)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
  }
}

/// What is new of one build since the last look.
private struct BuildFollower: Sendable {
  private let id: Int
  private let runs: String
  private var reader: RunReader?
  private var told = ""
  private var looks = 0

  init(_ id: Int, runs: String) {
    self.id = id
    self.runs = runs
  }

  mutating func look(_ builds: Builds) throws(Refusal) -> (ByteBuffer?, isOver: Bool) {
    let job = try builds.job(id)
    if reader == nil, let run = job.run { reader = RunReader(folder: runs, run: run) }
    var text = ""
    for line in reader?.advance(staysInRun: true) ?? [] {
      text += ServerSentEvents.message(line.event, line.text, id: line.id)
    }
    let state = builds.json(job).compact
    if state != told { text += ServerSentEvents.message("build", state, id: nil) }
    told = state
    looks += 1
    if text.isEmpty && looks % 75 == 0 { return (ServerSentEvents.ping, false) }
    return (text.isEmpty ? nil : ByteBuffer(string: text), job.state.isOver)
  }
}
