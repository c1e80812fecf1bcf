import CPlatform
import CampaignCore
import Glibc
import Testing

/// One run of a provider by the protocol: the test is campaign.
final class Conversation {
  /// How campaign answers a checkpoint.
  enum Answer {
    case yes
    case no(String)
    /// Says nothing more: campaign has died.
    case silence
    /// Kills the provider where it stands.
    case kill
    /// Sends a signal, then says yes.
    case signal(Int32)
  }

  /// Everything a run has left behind.
  struct Record {
    var events: [JSON] = []
    var code: Int32 = -1
    var log = ""

    var last: JSON? { events.last }
    /// The last line as `done` or `failed network`.
    var end: String {
      guard let last, let event = last["ev"]?.string else { return "nothing" }
      return last["class"]?.string.map { "\(event) \($0)" } ?? event
    }
    /// The states handed in, in order.
    var states: [String] { checkpoints.compactMap { $0["state"]?.string } }
    /// As the next run is told them.
    var checkpoints: [JSON] {
      events.filter { $0["ev"]?.string == "checkpoint" }.map {
        .members(["state": $0["state"] ?? .null, "data": $0["data"] ?? .null])
      }
    }
    func notes(_ event: String = "note") -> [JSON] { events.filter { $0["ev"]?.string == event } }
  }

  private let pid: pid_t
  private var input: Int32
  private let output: Int32
  private let log: String
  private var pending: [UInt8] = []

  init(_ program: [String], environment: [String], folder: String) throws {
    log = "\(folder)/log-\(UInt32.random(in: 0 ... .max))"
    var down: [Int32] = [-1, -1]
    var up: [Int32] = [-1, -1]
    try #require(campaign_pipe(&down) == 0 && campaign_pipe(&up) == 0)
    let error = try Files.open(log, O_WRONLY | O_CREAT | O_APPEND, "write")
    pid = withPointers(program) { argv in
      withPointers(environment) { campaign_spawn(argv, $0, folder, down[0], up[1], error) }
    }
    for descriptor in [down[0], up[1], error] { close(descriptor) }
    (input, output) = (down[1], up[0])
    try #require(pid > 0, "\(program[0]): \(String(cString: strerror(-pid)))")
    // Whoever writes to a dead provider should see an error and not die.
    signal(SIGPIPE, SIG_IGN)
  }

  deinit {
    if input >= 0 { close(input) }
    close(output)
  }

  /// Goes through the whole run; `answer` is asked at each checkpoint with its state.
  func run(_ request: JSON, answer: (String) -> Answer) throws -> Record {
    var record = Record()
    var isSilent = false
    send(request)
    while let line = nextLine() {
      let event = try JSON.parse(line)
      record.events.append(event)
      guard event["ev"]?.string == "checkpoint", !isSilent else { continue }
      switch answer(event["state"]?.string ?? "") {
      case .yes: send(.members(["ok": .bool(true)]))
      case .no(let why): send(.members(["ok": .bool(false), "why": .string(why)]))
      case .silence:
        isSilent = true
        close(input)
        input = -1
      case .kill: kill(pid, SIGKILL)
      case .signal(let number):
        kill(pid, number)
        send(.members(["ok": .bool(true)]))
      }
    }
    record.code = campaign_wait(pid)
    record.log = try Files.text(log)
    return record
  }

  private func send(_ json: JSON) {
    let bytes = Array((json.compact + "\n").utf8)
    do { try Files.append(bytes, to: input, path: "the provider") } catch { return }
  }

  /// The next line, or nil at the end; a provider that says nothing for a minute is killed.
  private func nextLine() -> [UInt8]? {
    while true {
      if let end = pending.firstIndex(of: 10) {
        defer { pending.removeFirst(end + 1) }
        return Array(pending[..<end])
      }
      var polled = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      if poll(&polled, 1, 60_000) == 0 { kill(pid, SIGKILL) }
      var chunk = [UInt8](repeating: 0, count: 64 << 10)
      let count = read(output, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return nil }
      pending += chunk[..<count]
    }
  }
}

/// Calls `body` with a NULL-terminated array of C strings.
func withPointers<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>>) -> Result
) -> Result {
  let copies = strings.map { strdup($0)! }
  defer { copies.forEach { free($0) } }
  var pointers: [UnsafePointer<CChar>?] = copies.map { UnsafePointer($0) }
  pointers.append(nil)
  return pointers.withUnsafeBufferPointer { buffer in
    buffer.baseAddress!.withMemoryRebound(to: UnsafePointer<CChar>.self, capacity: buffer.count, body)
  }
}
