import CPlatform
import CampaignCore
import Glibc

/// A small HTTP/1.1 server on loopback: a thread for each connection, and answers as bad as one likes.
final class Server: Sendable {
  let port: Int
  private let socket: Int32
  private let answer: @Sendable (WebRequest) -> WebAnswer
  /// What `silence` is divided by.
  private let speed: Double

  init(speed: Double, answer: @escaping @Sendable (WebRequest) -> WebAnswer) throws {
    self.answer = answer
    self.speed = speed
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.socket = socket
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(socket, pointer, length) == 0 && listen(socket, 128) == 0
          && getsockname(socket, pointer, &length) == 0
      }
    }
    guard isBound else { throw FileError("listen on", "loopback") }
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  func start() throws(FileError) {
    try startThread { [self] in
      while true {
        let connection = accept(socket, nil, nil)
        guard connection >= 0 else { continue }
        var on: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        do throws(FileError) { try startThread { [self] in serve(connection) } } catch { close(connection) }
      }
    }
  }

  private func serve(_ connection: Int32) {
    var pending: [UInt8] = []
    while let request = Self.read(connection, &pending) {
      let answer = answer(request)
      guard write(answer, to: connection, isHead: request.method == "HEAD") else { break }
      if request.headers["connection"]?.lowercased() == "close" { break }
    }
    close(connection)
  }

  // MARK: - Reading

  private static func read(_ connection: Int32, _ pending: inout [UInt8]) -> WebRequest? {
    let end = Array("\r\n\r\n".utf8)
    var head: Range<Int>?
    while head == nil {
      head = pending.firstRange(of: end)
      if head == nil, !more(connection, &pending) { return nil }
    }
    guard let head,
      var request = WebRequest(head: String(decoding: pending[..<head.lowerBound], as: UTF8.self))
    else { return nil }
    let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
    guard (0...1 << 30).contains(length) else { return nil }
    if request.headers["expect"] != nil { send(connection, Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
    while pending.count < head.upperBound + length { if !more(connection, &pending) { return nil } }
    request.body = Array(pending[head.upperBound..<head.upperBound + length])
    pending.removeFirst(head.upperBound + length)
    return request
  }

  private static func more(_ connection: Int32, _ pending: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 256 << 10)
    let count = recv(connection, &chunk, chunk.count, 0)
    guard count > 0 else { return false }
    pending += chunk[..<count]
    return true
  }

  // MARK: - Writing

  /// Returns false when the connection is over.
  private func write(_ answer: WebAnswer, to connection: Int32, isHead: Bool) -> Bool {
    var body = answer.body
    var length: Int? = body.count
    switch answer.wire {
    case .reset:
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
      return false
    case .silence(let seconds):
      _ = poll(nil, 0, Int32(seconds * 1000 / speed))
      return false
    case .slow(let seconds): _ = poll(nil, 0, Int32(seconds * 1000 / speed))
    case .cut(let count): body = Array(body.prefix(count))
    case .cutUnnoticed(let count): (body, length) = (Array(body.prefix(count)), nil)
    case .whole: break
    }
    var head = "HTTP/1.1 \(answer.status) \(answer.status < 400 ? "OK" : "Error")\r\n"
    for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
    if let length { head += "Content-Length: \(length)\r\n" } else { head += "Connection: close\r\n" }
    guard Self.send(connection, Array((head + "\r\n").utf8) + (isHead ? [] : body)) else { return false }
    switch answer.wire {
    case .whole, .slow: return true
    case .reset, .silence, .cut, .cutUnnoticed: return false
    }
  }

  @discardableResult
  private static func send(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.send(connection, buffer.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
