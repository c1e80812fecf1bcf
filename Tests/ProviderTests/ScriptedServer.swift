import CampaignCore
import Glibc
import Testing

/// A server on this machine whose every answer a test writes itself, byte by byte if need be.
final class ScriptedServer: Sendable {
  struct Request: Sendable {
    var method: String
    var path: String
    var headers: [String: String]
    var body: [UInt8]
    var isAuthorized: Bool { headers["authorization"] != nil }
  }

  enum Reply: Sendable {
    case json(Int, String, headers: [String] = [])
    case bytes(Int, [UInt8], headers: [String] = [])
    /// Says how long it is and ends after `upTo` bytes.
    case cut([UInt8], upTo: Int, headers: [String] = [])
    /// Ends the connection without a word.
    case silence
  }

  let port: UInt16
  private let socket: Int32
  private let log = Guarded<[Request]>([])
  private let isOver = Guarded(false)

  var url: String { "http://127.0.0.1:\(port)" }
  /// All that was asked, in order, as `GET /path`.
  var requests: [Request] { log.withLock { $0 } }
  func count(_ line: String) -> Int { requests.count { "\($0.method) \($0.path)" == line } }

  /// `reply` is asked with each request and how many of the same line came before.
  init(_ reply: @escaping @Sendable (Request, Int) -> Reply) throws {
    let listener = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 64) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    try #require(bound)
    socket = listener
    port = UInt16(bigEndian: address.sin_port)
    try startThread { [log, isOver] in
      while true {
        let connection = accept(listener, nil, nil)
        if isOver.withLock({ $0 }) { break }
        guard connection >= 0 else { continue }
        Self.serve(connection, log, reply)
        close(connection)
      }
      close(listener)
    }
  }

  deinit {
    isOver.withLock { $0 = true }
    shutdown(socket, Int32(SHUT_RDWR))
  }

  private static func serve(
    _ connection: Int32, _ log: Guarded<[Request]>, _ reply: (Request, Int) -> Reply
  ) {
    guard let request = read(connection) else { return }
    let before = log.withLock { log in
      log.append(request)
      return log.count { $0.method == request.method && $0.path == request.path } - 1
    }
    var bytes: [UInt8] = []
    switch reply(request, before) {
    case .json(let status, let text, let headers):
      bytes = head(status, text.utf8.count, ["Content-Type: application/json"] + headers) + Array(text.utf8)
    case .bytes(let status, let body, let headers): bytes = head(status, body.count, headers) + body
    case .cut(let body, let end, let headers): bytes = head(200, body.count, headers) + body.prefix(end)
    case .silence: return
    }
    _ = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  private static func head(_ status: Int, _ length: Int, _ headers: [String]) -> [UInt8] {
    let lines =
      ["HTTP/1.1 \(status) OK", "Content-Length: \(length)", "Date: Mon, 23 Nov 2026 11:00:00 GMT"]
      + ["Connection: close"] + headers
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }

  private static func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    var head: [String] = []
    var length = Int.max
    while true {
      if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)), head.isEmpty {
        head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n").map(
          String.init)
        let said = head.first { $0.lowercased().hasPrefix("content-length:") }
        length = end.upperBound + (said.flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0)
      }
      if bytes.count >= length { break }
      let count = recv(connection, &chunk, chunk.count, 0)
      guard count > 0 else { return nil }
      bytes += chunk[..<count]
    }
    let line = head[0].split(separator: " ").map(String.init)
    var headers: [String: String] = [:]
    for header in head.dropFirst() {
      let parts = header.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
    }
    let body = bytes.firstRange(of: Array("\r\n\r\n".utf8)).map { Array(bytes[$0.upperBound...]) } ?? []
    return Request(method: line[0], path: line[1], headers: headers, body: body)
  }
}
