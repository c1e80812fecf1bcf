import CampaignCore
import CampaignKit
import CampaignReporting
import HTTPTypes
import Hummingbird

/// Why a request was not done: a problem document (RFC 9457).
struct Refusal: Error {
  var status: HTTPResponse.Status
  var detail: String
  /// Of an error that `campaign help CODE` explains.
  var code: String?
  var help: String?
  /// Further members, e.g. the plan whose price is to be allowed.
  var more: [JSON.Member] = []
  var headers: HTTPFields = [:]

  init(_ status: HTTPResponse.Status, _ detail: String, code: String? = nil, help: String? = nil) {
    self.status = status
    self.detail = detail
    self.code = code
    self.help = help
  }

  static let unknown = Refusal(.notFound, "there is no such thing here")

  init(_ error: InvalidCampaign) { self.init(diagnostics: error.diagnostics) }

  init(_ error: BuildError) {
    switch error {
    case .invalid(let diagnostics): self.init(diagnostics: diagnostics)
    case .locked(let owner), .nested(let owner):
      self.init(.conflict, "a build holds the workspace: \(owner)", help: "wait for it, or cancel it")
    case .file(let error): self.init(.internalServerError, error.description)
    }
  }

  private init(diagnostics: [Diagnostic]) {
    let first = diagnostics.first
    self.init(
      .unprocessableContent, first?.message ?? "the campaign has a mistake", code: first?.code,
      help: first?.help)
  }

  var json: JSON {
    var members = [
      JSON.Member("type", .string("about:blank")), JSON.Member("title", .string(status.reasonPhrase)),
      JSON.Member("status", .int(status.code)), JSON.Member("detail", .string(detail)),
    ]
    if let code { members.append(JSON.Member("code", .string(code))) }
    if let help { members.append(JSON.Member("help", .string(help))) }
    return .object(members + more)
  }

  var response: Response {
    var fields = headers
    fields[.contentType] = "application/problem+json"
    fields[.cacheControl] = "no-store"
    return Response(
      status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(string: json.compact + "\n")))
  }
}
