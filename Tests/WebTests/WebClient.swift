import CampaignCore
import Glibc
import Testing

/// One answer of a server.
struct Answer: Sendable {
  var status: Int
  /// By name in lower case.
  var headers: [String: String]
  var body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }
  var json: JSON { (try? JSON.parse(body)) ?? .null }
}

/// A connection to a server on this machine, byte by byte, so that it can be as rude as a test needs.
final class WebConnection {
  private let socket: Int32
  private var pending: [UInt8] = []

  /// Nobody waits longer for an answer.
  private static let patience = 20

  init(port: Int) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var time = timeval(tv_sec: Self.patience, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(result == 0, "cannot connect to port \(port)")
  }

  deinit { close(socket) }

  /// Sends bytes as they are. Returns false when the server does not take them any more.
  @discardableResult
  func send(_ text: String) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }

  /// Reads more. Returns false at the end.
  private func fill() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let count = recv(socket, &chunk, chunk.count, 0)
    if count > 0 { pending += chunk[..<count] }
    isAtEnd = count == 0
    return count > 0
  }

  /// The server has closed the connection, once all that it sent is read.
  var isClosed: Bool {
    while fill() {}
    return errno != EAGAIN
  }

  /// The server has closed the connection by now.
  private(set) var isAtEnd = false

  func line() -> String? {
    while true {
      if let end = pending.firstIndex(of: 10) {
        defer { pending.removeFirst(end + 1) }
        return String(decoding: pending[..<end], as: UTF8.self).replacing("\r", with: "")
      }
      guard fill() else { return nil }
    }
  }

  private func bytes(_ count: Int) -> [UInt8] {
    while pending.count < count, fill() {}
    defer { pending.removeFirst(min(count, pending.count)) }
    return Array(pending.prefix(count))
  }

  /// Status and headers.
  func head() throws -> Answer {
    let status = try #require(line(), "no answer").split(separator: " ")
    var answer = Answer(status: Int(status[1]) ?? 0, headers: [:], body: [])
    while let line = line(), !line.isEmpty {
      let parts = line.split(separator: ":", maxSplits: 1)
      answer.headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
    }
    return answer
  }

  func answer(hasBody: Bool = true) throws -> Answer {
    var answer = try head()
    guard hasBody && answer.status != 304 && answer.status != 204 else { return answer }
    if answer.headers["transfer-encoding"] == "chunked" {
      while let size = line().flatMap({ Int($0, radix: 16) }) {
        answer.body += bytes(size)
        _ = line()
        if size == 0 { break }
      }
    } else {
      answer.body = bytes(Int(answer.headers["content-length"] ?? "") ?? 0)
    }
    return answer
  }

  /// The next event of an event stream, by its members: `id`, `event`, `data`.
  func event() -> [String: String]? {
    var members: [String: String] = [:]
    while let line = line() {
      if line.isEmpty && members["event"] != nil { return members }
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, ["id", "event", "data"].contains(parts[0]) else { continue }
      members[String(parts[0])] = String(parts[1].drop { $0 == " " })
    }
    return nil
  }
}
