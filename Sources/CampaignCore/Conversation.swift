import CPlatform
import Glibc

/// A program that is talked to in lines: ours to its standard input, its own from its standard output.
///
/// Like `Command`, it has a session of its own and dies with the thread that started it. Used by one thread.
package final class Conversation {
  private let pid: pid_t
  private let name: String
  private var toProgram: Int32
  private let fromProgram: Int32
  private var listening: Listening
  private let logFile: Int32
  private let mask: MaskedLog?
  private let interrupt: Interrupt
  private var pending: [UInt8] = []
  private var searched = 0
  /// What the program sees, and may repeat in what it says.
  package let secrets: Secrets

  /// A line longer than this is no line of a protocol.
  private static let longest = 16 << 20

  /// Starts a program; what it prints on standard error is appended to the file `log`.
  ///
  /// An interrupt reaches the program as its signal; how it ends is its own affair.
  package init(_ command: Command, log: String, interrupt: Interrupt) throws(FileError) {
    logFile = try Files.open(log, O_WRONLY | O_CREAT | O_APPEND, "write")
    var input: [Int32] = [-1, -1]
    var output: [Int32] = [-1, -1]
    name = command.arguments[0]
    var error = campaign_pipe(&input)
    if error == 0 { error = campaign_pipe(&output) }
    guard error == 0 else { throw FileError("pipe to", name, code: error) }
    secrets = command.secrets
    mask = try command.masked(logFile)
    let pid = command.spawn(input: input[0], output: output[1], error: mask?.input ?? logFile)
    mask?.begin(pid)
    close(input[0])
    close(output[1])
    listening = Listening(to: pid, source: output[0])
    (toProgram, fromProgram) = (input[1], output[0])
    (self.pid, self.interrupt) = (pid, interrupt)
    guard pid > 0 else { throw FileError("run", name, code: -pid) }
    interrupt.enter(pid)
  }

  deinit {
    stopTalking()
    listening.close()
    close(fromProgram)
  }

  /// Sends a line. A program that no longer listens is no error here: it shows in how it ends.
  package func say(_ line: String) {
    try? Files.append(Array((line + "\n").utf8), to: toProgram, path: name)
  }

  /// Closes the program's standard input.
  package func stopTalking() {
    if toProgram >= 0 { close(toProgram) }
    toProgram = -1
  }

  /// The next line, without its end; nil when the program has closed its output, or has ended.
  package func hear() -> String? {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      if let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeFirst(end + 1)
        searched = 0
        return line
      }
      searched = pending.count
      guard pending.count < Self.longest, let more = listening.read(into: &chunk) else { return nil }
      pending += more
    }
  }

  /// The same of a program that has said all that it had to say: it is ended when it has not ended after so many seconds.
  package func end(within seconds: Int) -> Int {
    stopTalking()
    var info = siginfo_t()
    for _ in 0..<seconds * 100 {
      guard waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0, info.si_signo == 0 else {
        break
      }
      _ = poll(nil, 0, 10)
    }
    if info.si_signo == 0 { kill(-pid, SIGKILL) }
    return end()
  }

  /// Waits for its end. Returns its exit code, or 128 + the signal that ended it.
  package func end() -> Int {
    let code = interrupt.end(of: pid)
    mask?.finish()
    close(logFile)
    return code
  }
}
