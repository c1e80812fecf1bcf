import CampaignActions
import CampaignCore
import Glibc

extension FuzzTarget {
  /// Our programs that listen, asked over a loopback socket: whatever a client says, they are there for the next one.
  static let servers = [
    FuzzTarget(name: "web", dictionary: "http") { scratch in
      unfailing {
        try Files.makeFolder(scratch + "/served")
        try Files.write(
          "campaign c\n\nbuild/a: a\n    $ cp \"$in\" \"$out\"\n", to: scratch + "/served/Campaignfile")
        try Files.write("a", to: scratch + "/served/a")
      }
      var command = Command([ProviderProgram.beside("campaign-web"), scratch + "/served", "--port", "0"])
      command.environment = ["CAMPAIGN_WEB_TOKEN": "0123456789abcdef"]
      return Server(command, log: scratch + "/log").ask
    },
    FuzzTarget(name: "rehearsal", dictionary: "http") { scratch in
      let command = Command([
        ProviderProgram.beside("campaign-rehearsal"), "--speed", "1000000", "--while-stdin",
      ])
      return Server(command, log: scratch + "/log").ask
    },
  ]
}

/// A program that says where it listens, in one of its first lines.
private final class Server {
  private let program: Conversation
  private let port: UInt16
  private var answer = [UInt8](repeating: 0, count: 64 << 10)

  init(_ command: Command, log: String) {
    program = unfailing { try Conversation(command, log: log, interrupt: Interrupt()) }
    var port: UInt16?
    while port == nil, let line = program.hear() {
      port = line.firstMatch(of: /127\.0\.0\.1:([0-9]+)/).flatMap { UInt16($0.1) }
    }
    guard let port else { fatalError("`\(command.arguments[0])` does not start") }
    self.port = port
  }

  /// Sends a request, takes what comes, and sees whether the server still listens.
  func ask(_ request: [UInt8]) {
    guard let socket = connection() else { fatalError("the server does not listen any more") }
    _ = send(socket, request, request.count, Int32(MSG_NOSIGNAL))
    shutdown(socket, Int32(SHUT_WR))
    while recv(socket, &answer, answer.count, 0) > 0 {}
    close(socket)
    guard let next = connection() else { fatalError("the server has ended") }
    close(next)
  }

  private func connection() -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    // What an answer may take; a stream of events has no end.
    var patience = timeval(tv_sec: 1, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout.size(ofValue: patience)))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isThere = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    if isThere { return descriptor }
    close(descriptor)
    return nil
  }
}
