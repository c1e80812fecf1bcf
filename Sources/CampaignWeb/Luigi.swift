import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import HTTPTypes
import Hummingbird

/// The five addresses of the service before this one, with its paths, members and words, so that its front end can go on.
///
/// Where it was wrong, this is right: totals count everything, progress is of the whole plan, canceling cancels.
struct Luigi: Sendable {
  let api: API
  private var builds: Builds { api.builds }

  /// Its errors have a form of their own.
  func respond(to call: HTTPCall, _ path: [String]) async -> Response {
    do { return try await answer(call, path) } catch {
      let refusal = error as? Refusal ?? Refusal(.internalServerError, "\(error)")
      let words = refusal.detail + (refusal.help.map { ": \($0)" } ?? "")
      return Reply.json(
        .members(["detail": .string(words)]), status: refusal.status, headers: refusal.headers)
    }
  }

  private func answer(_ call: HTTPCall, _ path: [String]) async throws -> Response {
    if path.isEmpty {
      guard call.isRead else { throw API.notAllowed("GET, HEAD") }
      return try await list(call)
    }
    if path == ["from-image-pairs"] {
      guard call.request.method == .post else { throw API.notAllowed("POST") }
      return try await start(call)
    }
    guard let id = Int(path[0]), try builds.job(id).retryOf == nil else { throw Refusal.unknown }
    switch (path.dropFirst().first, path.count) {
    case (nil, _):
      guard call.isRead else { throw API.notAllowed("GET, HEAD") }
      return try await api.off { Reply.json(try status(of: id)) }
    case ("cancel", 2), ("retry", 2):
      guard call.request.method == .post else { throw API.notAllowed("POST") }
      return try await api.off { try path[1] == "cancel" ? cancel(id) : retry(id) }
    default: throw Refusal.unknown
    }
  }

  // MARK: - Start

  private func start(_ call: HTTPCall) async throws -> Response {
    let form = try await call.form([], isLenient: true)
    let name = try form.needed("campaignId")
    var settings: [(name: String, value: String)] = []
    if let seconds = try form.number("clipDuration", in: 0.001...60) {
      settings.append(("duration", "\(Int((seconds * 1000).rounded()))ms"))
    }
    if let count = try form.integer("numPairs", in: 1...500) { settings.append(("count", String(count))) }
    let job = try await api.off { [settings] in
      var order = BuildOrder(campaign: try find(name))
      order.settings = settings
      return try builds.submit(try BuildAPI(api: api).priced(order, mayUseBudget: true))
    }
    return Reply.json(
      .members([
        "jobId": .int(job.id), "status": .string("pipeline_started"),
        "message": .string("campaign `\(job.order.campaign)` is built as job \(job.id)"),
        "luigiDashboard": .string(dashboard(job)),
      ]))
  }

  /// By id, or by the name in its Campaignfile.
  private func find(_ name: String) throws -> String {
    let all = api.campaigns.all()
    if let found = all.first(where: { $0.id == name }) { return found.id }
    let named = all.first { (try? $0.project())?.campaign.name == name }
    guard let named else { throw Refusal(.notFound, "there is no campaign `\(name)`") }
    return named.id
  }

  private func dashboard(_ job: BuildJob) -> String {
    "/?campaign=" + ServedCampaign.escaped(job.order.campaign)
  }

  // MARK: - Status

  /// A job keeps its number when it is tried again: it stands for its last try.
  private func latest(_ id: Int) throws(Refusal) -> BuildJob {
    if let retry = builds.all.first(where: { $0.retryOf == id }) { return retry }
    return try builds.job(id)
  }

  private func list(_ call: HTTPCall) async throws -> Response {
    try call.options("limit", "offset")
    let limit = try call.integer("limit", in: 1...100, or: 20)
    let offset = try call.integer("offset", in: 0...1_000_000_000, or: 0)
    return try await api.off {
      let jobs = builds.all.filter { $0.retryOf == nil }
      return Reply.json(
        .members([
          "jobs": .array(try jobs.dropFirst(offset).prefix(limit).map { try status(of: $0.id) }),
          "total": .int(jobs.count), "limit": .int(limit), "offset": .int(offset),
        ]))
    }
  }

  private func status(of id: Int) throws -> JSON {
    let job = try latest(id)
    let tasks = try LuigiTasks(job, api.campaigns.find(job.order.campaign))
    let progress = tasks.total > 0 ? Double(tasks.completed) / Double(tasks.total) : job.state.isOver ? 1 : 0
    return .members([
      "job_id": .int(id), "status": .string(Self.word(job.state)), "tasks": .array(tasks.tasks.map(\.json)),
      "progress": .decimal(job.state == .done ? 100 : progress * 100, places: 1),
      "completed_tasks": .int(tasks.completed), "total_tasks": .int(tasks.total),
      "luigiDashboard": .string(dashboard(job)),
    ])
  }

  private static func word(_ state: BuildJob.State) -> String {
    switch state {
    case .queued, .waiting: "pending"
    case .running: "running"
    case .done: "completed"
    case .failed, .refused, .trouble, .canceled: "failed"
    }
  }

  // MARK: - Cancel and retry

  private func cancel(_ id: Int) throws -> Response {
    let job = try latest(id)
    let campaign = try api.campaigns.find(job.order.campaign)
    let open = try LuigiTasks(job, campaign).tasks.count { ["pending", "running"].contains($0.status) }
    _ = try builds.cancel(job.id)
    return Reply.json(
      .members(["success": .bool(true), "job_id": .int(id), "cancelled_tasks": .int(open)]))
  }

  private func retry(_ id: Int) throws -> Response {
    let job = try latest(id)
    guard job.state.isOver, job.state != .done else {
      throw Refusal(.badRequest, "job \(id) is \(Self.word(job.state)): there is nothing to retry")
    }
    let tasks = try LuigiTasks(job, api.campaigns.find(job.order.campaign))
    _ = try builds.retry(job.id)
    let count = tasks.total - tasks.completed
    return Reply.json(
      .members([
        "success": .bool(true), "job_id": .int(id),
        "message": .string("\(Wording.count(count, "task")) of job \(id) will be tried again"),
        "reset_tasks": .int(count),
      ]))
  }
}
