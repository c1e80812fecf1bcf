import CampaignCore
import Glibc
import HTTPTypes
import Hummingbird

/// Decides who may ask for what: by host, origin and token.
struct Gatekeeper: Sendable {
  private let hosts: Set<String>
  /// Of the token; what is compared is hashed, so that time tells nothing of it.
  private let digest: [UInt8]

  init(token: String, host: String, allowedHosts: [String]) {
    digest = Array(SHA256.hex(Array(token.utf8)).utf8)
    hosts = Set(
      (["localhost", "127.0.0.1", "::1", host] + allowedHosts).map { $0.lowercased() })
  }

  /// A new token of 256 bits, for people to copy.
  static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<4).map { _ in
      let digits = String(generator.next(), radix: 16)
      return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }.joined()
  }

  /// Everything needs the token but the page itself, which holds nothing of a campaign: any user of this machine can
  /// connect, and others where the server listens elsewhere.
  func check(_ call: HTTPCall) throws(Refusal) {
    let head = call.request.head
    try checkHost(head)
    if !call.isRead { try checkOrigin(head) }
    guard call.path.first == "api", call.path != ["api", "v1", "openapi.json"] else { return }
    if isTokenGiven(head) { return }
    if call.isRead && isSessionGiven(head) { return }
    var refusal = Refusal(
      .unauthorized, "this needs the token of the server",
      help: "`campaign serve` prints it; send it as `Authorization: Bearer TOKEN`")
    refusal.headers[.wwwAuthenticate] = "Bearer"
    throw refusal
  }

  /// Whether who asks has the token, or the cookie that it gives.
  func knows(_ request: HTTPRequest) -> Bool {
    Self.name(request.authority ?? "").map(hosts.contains) == true
      && (isTokenGiven(request) || isSessionGiven(request))
  }

  /// A page elsewhere may have its name point here (DNS rebinding); then the name is not one of ours.
  private func checkHost(_ request: HTTPRequest) throws(Refusal) {
    // The first is the authority.
    guard HTTPField.Name("Host").map({ request.headerFields[values: $0].isEmpty }) == true,
      let name = Self.name(request.authority ?? "")
    else { throw Refusal(.badRequest, "a request has one header `Host`, a name and perhaps a port") }
    guard hosts.contains(name) else {
      throw Refusal(
        .forbidden, "`\(name)` is no name of this server", help: "`campaign serve --allow-host` adds one")
    }
  }

  /// `host:8377` without its port, `[::1]:8377` without brackets. Nil: neither.
  private static func name(_ authority: String) -> String? {
    let isAddress = authority.hasPrefix("[")
    let name = authority.dropFirst(isAddress ? 1 : 0).prefix { $0 != (isAddress ? "]" : ":") }
    var rest = authority[name.endIndex...]
    if isAddress {
      guard name.contains(":"), rest.popFirst() == "]" else { return nil }
    }
    let port = rest.dropFirst()
    guard rest.isEmpty || rest.hasPrefix(":"), port.utf8.allSatisfy({ (48...57).contains($0) }),
      port.isEmpty || UInt16(port) != nil
    else { return nil }
    return name.lowercased()
  }

  /// Programs send no origin; browsers always do with what could write.
  private func checkOrigin(_ request: HTTPRequest) throws(Refusal) {
    let site = HTTPField.Name("Sec-Fetch-Site").flatMap { request.headerFields[$0] }
    let isForeign = site.map { $0 != "same-origin" && $0 != "none" } ?? false
    let origin = request.headerFields[.origin]
    let own = request.authority.map { ["http://\($0)", "https://\($0)"] } ?? []
    guard !isForeign, origin.map({ own.contains($0) }) ?? true else {
      throw Refusal(.forbidden, "a page of another origin may not change anything here")
    }
  }

  private func isTokenGiven(_ request: HTTPRequest) -> Bool {
    guard let field = request.headerFields[.authorization], field.lowercased().hasPrefix("bearer ") else {
      return false
    }
    return Self.isEqual(Array(SHA256.hex(Array(field.dropFirst(7).utf8)).utf8), digest)
  }

  private func isSessionGiven(_ request: HTTPRequest) -> Bool {
    let cookies = (request.headerFields[.cookie] ?? "").split(separator: ";").map { $0.drop { $0 == " " } }
    let name = Self.cookie(for: request) + "="
    return cookies.contains { cookie in
      cookie.hasPrefix(name) && Self.isEqual(Array(cookie.dropFirst(name.count).utf8), session)
    }
  }

  /// What the cookie holds: it reads, and the token cannot be told from it.
  private var session: [UInt8] { Array(SHA256.hex(Array("session".utf8) + digest).utf8) }

  /// What a read with the token gives a browser: pictures, films and event streams cannot send one.
  func cookie(for call: HTTPCall) -> String? {
    guard call.isRead, isTokenGiven(call.request.head) else { return nil }
    return Self.cookie(for: call.request.head) + "=" + String(decoding: session, as: UTF8.self)
      + "; Path=/; HttpOnly; SameSite=Strict"
  }

  /// Browsers do not tell the ports of a machine apart: each server's cookie has a name of its own.
  private static func cookie(for request: HTTPRequest) -> String {
    let port = request.authority?.split(separator: ":").last { $0.allSatisfy(\.isNumber) }
    return "campaign-session" + (port.map { "-\($0)" } ?? "")
  }

  /// Takes the same time wherever they differ.
  private static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  // MARK: - Headers

  /// What every answer says to browsers, unless it says something stricter itself.
  static func harden(_ response: inout Response) {
    let name = HTTPField.Name.self
    func put(_ field: HTTPField.Name?, _ value: String) {
      if let field, response.headers[field] == nil { response.headers[field] = value }
    }
    put(
      name.contentSecurityPolicy,
      "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'")
    put(name.xContentTypeOptions, "nosniff")
    put(name.init("X-Frame-Options"), "DENY")
    put(name.init("Referrer-Policy"), "no-referrer")
    put(name.init("Cross-Origin-Resource-Policy"), "same-origin")
    put(name.init("Cross-Origin-Opener-Policy"), "same-origin")
    put(name.cacheControl, "no-store")
  }
}
