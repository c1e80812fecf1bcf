import CampaignActions
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import HTTPTypes
import Hummingbird

/// What can be asked of one campaign, and done in it.
struct CampaignAPI: Sendable {
  let api: API
  let campaign: ServedCampaign

  func respond(to call: HTTPCall, _ path: [String]) async throws -> Response {
    switch (path.first, path.count) {
    case (nil, _): return try await read(call, overview)
    case ("explain", 1): return try await read(call, explain)
    case ("takes", 1): return try await read(call, takes)
    case ("log", 1): return try await read(call, log)
    case ("history", 3) where path[2] == "restore":
      guard call.request.method == .post else { throw API.notAllowed("POST") }
      return try await CampaignActions(api: api, campaign: campaign).respond(to: call, path)
    case ("history", 2): return try await read(call) { call in try timeline(call, path[1]) }
    case ("events", 1): return try await read(call, events)
    case ("files", 2...): return try await read(call) { call in try file(call, path) }
    case ("stills", 2...): return try await read(call) { call in try still(call, path) }
    case ("pictures", 2): return try await read(call) { call in try picture(call, path[1]) }
    case ("contents", 2): return try await read(call) { call in try content(call, path[1]) }
    case ("plan", 1), ("approve", 1), ("reject", 1), ("take", 1), ("cancel", 1), ("pools", 3):
      guard call.request.method == .post else { throw API.notAllowed("POST") }
      return try await CampaignActions(api: api, campaign: campaign).respond(to: call, path)
    default: throw Refusal.unknown
    }
  }

  private func read(_ call: HTTPCall, _ body: @escaping @Sendable (HTTPCall) throws -> Response) async throws
    -> Response
  {
    guard call.isRead else { throw API.notAllowed("GET, HEAD") }
    return try await api.off { try body(call) }
  }

  // MARK: - State

  @Sendable private func overview(_ call: HTTPCall) throws -> Response {
    try call.options("profile")
    return Reply.json(try campaign.overview(profile: try call.text("profile")), for: call.request)
  }

  @Sendable private func explain(_ call: HTTPCall) throws -> Response {
    try call.options("target", "profile")
    let project = try campaign.project(profile: try call.text("profile"))
    let wanted = try call.text("target", most: 1024)
    do throws(BuildError) {
      let target = if let wanted { wanted } else { try project.film() }
      return Reply.json(illustrated(try project.explain(target, Project.Request())), for: call.request)
    } catch { throw Refusal(error) }
  }

  /// With the address of a picture of what each changed input was before, if one is left.
  private func illustrated(_ explanation: Explanation) -> JSON {
    let document = explanation.json
    let inputs = zip(document["inputs"]?.array ?? [], explanation.inputs).map { json, input in
      let old = input.change == .changed || input.change == .removed ? input.oldContent : nil
      let isLeft = old.map { Stills.known(of: $0, root: campaign.root) != nil } ?? false
      let url = isLeft ? old.map { campaign.url($0.hex, as: "pictures") } : nil
      return json.with("oldUrl", .text(url))
    }
    return document.with("inputs", .array(inputs))
  }

  private func target(_ call: HTTPCall) throws(Refusal) -> String {
    guard let target = try call.text("target", most: 1024) else {
      throw Refusal(.badRequest, "`target` is missing")
    }
    return target
  }

  @Sendable private func takes(_ call: HTTPCall) throws -> Response {
    try call.options("target", "profile")
    let project = try campaign.project(profile: try call.text("profile"))
    let target = try target(call)
    do throws(BuildError) {
      let takes = try project.takes(target)
      let items = takes.shelf.takes.enumerated().map { item($1, number: $0 + 1, takes) }
      return Reply.json(.members(["target": .string(target), "takes": .array(items)]), for: call.request)
    } catch { throw Refusal(error) }
  }

  private func item(_ take: Take, number: Int, _ takes: Takes) -> JSON {
    .members([
      "number": .int(number), "hash": .string(take.content.hex),
      "url": .string(campaign.url(take.content.hex, as: "contents")), "etag": .string(take.content.hex),
      "price": take.price.json, "seed": .whole(take.seed), "provider": .string(take.provider),
      "model": .string(take.model), "date": .int(take.date),
      "current": .bool(take.content == takes.current && take.rejected == nil),
      "rejected": .text(take.rejected),
    ])
  }

  /// At most the last MiB.
  @Sendable private func log(_ call: HTTPCall) throws -> Response {
    try call.options("target")
    let project = try campaign.project()
    let target = try target(call)
    let makes =
      (try? project.plan(Project.Request()))?.entries.contains { $0.outputs.contains(target) } ?? false
    guard makes else { throw Refusal(.notFound, "no rule makes `\(target)`") }
    guard let log = (try? project.archive.log(target)) ?? nil else {
      throw Refusal(.notFound, "`\(target)` has no log: it has not run yet")
    }
    return Reply.text(String(decoding: Array(log.utf8.suffix(1 << 20)), as: UTF8.self))
  }

  private func timeline(_ call: HTTPCall, _ name: String) throws -> Response {
    try call.options()
    let run = try campaign.run(named: name)
    // What runs is read again and again, and nothing is to be restored of it.
    guard !run.isRunning else { return Reply.json(run.timeline(), for: call.request) }
    let restoration = try? campaign.project(profile: run.profile).restoration(to: run, in: campaign.archive)
    return Reply.json(run.timeline(restoration), for: call.request)
  }

  @Sendable private func events(_ call: HTTPCall) throws -> Response {
    try call.options("after")
    let known = HTTPField.Name("Last-Event-ID").flatMap { call.request.headers[$0] }
    return ServerSentEvents.response(campaign.wire.listen(after: try known ?? call.text("after")))
  }

  // MARK: - Files

  private func file(_ call: HTTPCall, _ path: [String]) throws -> Response {
    try call.options("v")
    let name = path.dropFirst().joined(separator: "/")
    return try ServedFile(try campaign.locate(name), name: name, tags: campaign.tags)
      .response(to: call.request, pool: api.pool)
  }

  private func still(_ call: HTTPCall, _ path: [String]) throws -> Response {
    try call.options("width", "at", "v")
    let width = try call.integer("width", in: 1...Stills.widths.max()!, or: 320)
    guard Stills.widths.contains(width) else {
      throw Refusal(.badRequest, "`width` takes \(Stills.widths.map(String.init).joined(separator: ", "))")
    }
    guard let moment = Still.Moment(rawValue: try call.text("at") ?? "middle") else {
      throw Refusal(
        .badRequest, "`at` takes \(Still.Moment.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let file = try campaign.locate(path.dropFirst().joined(separator: "/"))
    guard let hash = campaign.tags.hash(of: file) else { throw Refusal.unknown }
    let picture = try Stills.picture(of: file, at: moment, hash: hash, width: width, root: campaign.root)
    return try ServedFile(picture, name: picture, tags: campaign.tags).response(
      to: call.request, pool: api.pool)
  }

  /// What a file looked like that has other content now.
  private func picture(_ call: HTTPCall, _ digits: String) throws -> Response {
    try call.options()
    guard let hash = ContentHash(hex: digits), hash.hex == digits,
      let picture = Stills.known(of: hash, root: campaign.root)
    else { throw Refusal.unknown }
    return try ServedFile(picture, name: picture, tags: campaign.tags).response(
      to: call.request, pool: api.pool)
  }

  /// Only what is a take of something: other contents of the store are nobody's business.
  private func content(_ call: HTTPCall, _ digits: String) throws -> Response {
    try call.options("v")
    guard digits.wholeMatch(of: /[0-9a-f]{32}/) != nil, let hash = ContentHash(hex: digits) else {
      throw Refusal.unknown
    }
    let project = try campaign.project()
    let found: (path: String, target: String)?
    do throws(BuildError) { found = try project.takeFile(hash) } catch { throw Refusal(error) }
    guard let (path, target) = found else { throw Refusal.unknown }
    return try ServedFile(try campaign.inside(path), name: target, tags: campaign.tags)
      .response(to: call.request, pool: api.pool)
  }
}
