import CPlatform
import Glibc

/// One run of a program: argv as data, in a session of its own, without a shell.
package struct Command: Sendable {
  package var arguments: [String]
  /// Added to or replacing variables of our own environment.
  package var environment: [String: String] = [:]
  /// It gets the keys and passwords of our environment; its output is masked then.
  package var seesSecrets = false
  /// Of our environment; nil: it is read for this run.
  package var inheritance: Inheritance?
  /// The working folder.
  package var folder = "."

  package init(_ arguments: [String]) { self.arguments = arguments }

  package struct Result: Sendable {
    /// The program's exit code, or 128 + the signal that ended it.
    package var code: Int
    /// Standard output, when it was captured.
    package var output: [UInt8]
    package var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// An empty input for all.
  private static let nothing = campaign_open("/dev/null", O_RDONLY, 0)

  /// Runs to the end. Standard input is the file `input`, empty unless given. Standard error goes to the file `log` (appended); standard output is captured, or goes there too.
  ///
  /// Throws only when the program cannot be started; a failing program is a result.
  ///
  /// - Parameter hear: gets each line of captured output as it comes.
  package func run(
    log: String, input source: String? = nil, capture: Bool = false, interrupt: Interrupt,
    hear: ((Substring) -> Void)? = nil
  ) throws(FileError) -> Result {
    let logFile = try Files.open(log, O_WRONLY | O_CREAT | O_APPEND, "write")
    var openFiles = [logFile]
    defer { openFiles.forEach { close($0) } }
    var input = Self.nothing
    if let source = source ?? (input < 0 ? "/dev/null" : nil) {
      input = try Files.open(source, O_RDONLY, "read")
      openFiles.append(input)
    }
    var ends: [Int32] = [-1, -1]
    if capture {
      let error = campaign_pipe(&ends)
      guard error == 0 else { throw FileError("pipe from", arguments[0], code: error) }
    }
    let mask = try masked(logFile)
    let errors = mask?.input ?? logFile
    let pid = spawn(input: input, output: capture ? ends[1] : errors, error: errors)
    mask?.begin(pid)
    if capture { close(ends[1]) }
    defer { if capture { close(ends[0]) } }
    // The program has them now; hundreds that only wait for one must not hold them.
    openFiles.forEach { close($0) }
    openFiles = []
    guard pid > 0 else { throw FileError("run", arguments[0], code: -pid) }
    interrupt.enter(pid)
    let output = capture ? Self.drain(ends[0], of: pid, hear) : []
    let code = interrupt.end(of: pid)
    mask?.finish()
    return Result(code: code, output: output)
  }

  /// The secrets that the program sees.
  var secrets: Secrets {
    seesSecrets ? inheritance?.secrets ?? Secrets.visible() : Secrets([])
  }

  /// A way to the log that masks secrets; nil when the program can have none.
  func masked(_ logFile: Int32) throws(FileError) -> MaskedLog? {
    let secrets = secrets
    return secrets.isEmpty ? nil : try MaskedLog(file: logFile, secrets: secrets)
  }

  func spawn(input: Int32, output: Int32, error: Int32) -> pid_t {
    let inheritance = inheritance ?? .now()
    return withCStrings(arguments) { argv in
      inheritance.with(self.environment, secrets: seesSecrets) {
        campaign_spawn(argv, $0, folder, input, output, error)
      }
    }
  }

  private static func drain(_ descriptor: Int32, of pid: pid_t, _ hear: ((Substring) -> Void)?) -> [UInt8] {
    var listening = Listening(to: pid, source: descriptor)
    defer { listening.close() }
    var bytes: [UInt8] = []
    var heard = 0
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while let more = listening.read(into: &chunk) {
      bytes += more
      guard let hear, let end = bytes.lastIndex(of: 10), end >= heard else { continue }
      for line in String(decoding: bytes[heard..<end], as: UTF8.self).split(separator: "\n") { hear(line) }
      heard = end + 1
    }
    return bytes
  }
}

/// Calls `body` with a NULL-terminated array of C strings.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>>) -> Result
) -> Result {
  let copies = strings.map { strdup($0)! }
  defer { copies.forEach { free($0) } }
  return withTerminated(copies.map { UnsafePointer($0) }, body)
}
