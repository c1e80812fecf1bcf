import CWebPage
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

/// From a call to its answer: all addresses that there are.
struct API: Sendable {
  let campaigns: Campaigns
  let builds: Builds
  /// Threads that may block: files, plans and pictures are read on them, never on those that serve connections.
  let pool: NIOThreadPool

  func respond(to call: HTTPCall) async throws -> Response {
    if call.path.starts(with: ["api", "v1"]) {
      return try await version1(call, Array(call.path.dropFirst(2)))
    }
    if call.path.starts(with: ["api", "v3", "luigi", "jobs"]) {
      return await Luigi(api: self).respond(to: call, Array(call.path.dropFirst(4)))
    }
    return try page("/" + call.path.joined(separator: "/"), call)
  }

  /// Runs what may block on a thread for that.
  func off<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await pool.runIfActive(body)
  }

  // MARK: - The page

  func page(_ path: String, _ call: HTTPCall) throws(Refusal) -> Response {
    guard call.isRead else { throw Self.notAllowed("GET, HEAD") }
    for index in 0..<campaign_page_count() {
      let file = campaign_page_file_at(index)
      guard String(cString: file.path) == path else { continue }
      let bytes = UnsafeRawBufferPointer(start: file.bytes, count: file.size)
      var hasher = ContentHasher()
      hasher.append(raw: bytes)
      let headers: HTTPFields = [
        .contentType: String(cString: file.type), .eTag: "\"\(hasher.finish().hex)\"",
        .cacheControl: "no-cache",
      ]
      if Conditions.isUnchanged(call.request, tag: headers[.eTag]!) {
        return Response(status: .notModified, headers: headers)
      }
      return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
    throw .unknown
  }

  static func notAllowed(_ methods: String) -> Refusal {
    var refusal = Refusal(.methodNotAllowed, "this address takes \(methods)")
    refusal.headers[.allow] = methods
    return refusal
  }

  // MARK: - Version 1

  private func version1(_ call: HTTPCall, _ path: [String]) async throws -> Response {
    switch (path.first, path.count) {
    case ("openapi.json", 1): return try page("/api/v1/openapi.json", call)
    case ("campaigns", 1):
      guard call.isRead else { throw Self.notAllowed("GET, HEAD") }
      return try await list(call)
    case ("campaigns", 2...):
      let campaign = try await off { try campaigns.find(path[1]) }
      return try await CampaignAPI(api: self, campaign: campaign).respond(to: call, Array(path.dropFirst(2)))
    case ("builds", _): return try await BuildAPI(api: self).respond(to: call, Array(path.dropFirst()))
    default: throw Refusal.unknown
    }
  }

  private func list(_ call: HTTPCall) async throws -> Response {
    try call.options()
    let items = try await off {
      try campaigns.all().map { campaign -> JSON in
        let overview = try campaign.overview(profile: nil)
        return .object(
          ["id", "name", "folder", "state", "reason"].map { JSON.Member($0, overview[$0] ?? .null) })
      }
    }
    return Reply.json(.members(["campaigns": .array(items)]), for: call.request)
  }
}
