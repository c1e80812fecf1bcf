import CampaignCore
import CampaignEngine
import Glibc

extension Job {
  /// Runs a program to a good end in the workspace. Its chatter goes to the step's log, or to `log`.
  ///
  /// - Returns: standard output, when `capture` is set.
  @discardableResult
  package func run(
    _ arguments: [String], capture: Bool = false, log: String? = nil, hear: ((Substring) -> Void)? = nil
  ) throws(StepFailure) -> Command.Result {
    let result = try ask(arguments, capture: capture, log: log, hear: hear)
    guard result.code == 0 else {
      throw StepFailure("`\(arguments[0])` failed with exit code \(result.code)", help: lastLines)
    }
    return result
  }

  /// The same where a bad end is an answer, too. Throws only when the program could not do its work: it is not there,
  /// it crashed, it was killed.
  private func ask(
    _ arguments: [String], capture: Bool = false, log: String? = nil, hear: ((Substring) -> Void)? = nil
  ) throws(StepFailure) -> Command.Result {
    guard !interrupt.isRaised else { throw StepFailure("interrupted") }
    var command = Command(arguments)
    command.folder = root
    let result: Command.Result
    do {
      result = try command.run(
        log: resolve(log ?? self.log), capture: capture, interrupt: interrupt, hear: hear)
    } catch {
      let problem = error.code == 2 ? "`\(arguments[0])` is not installed" : error.description
      throw StepFailure(problem, help: "run `campaign doctor` to see what is missing")
    }
    guard !interrupt.isRaised else { throw StepFailure("interrupted") }
    if let problem = result.breakdown(of: arguments[0]) { throw StepFailure(problem, help: lastLines) }
    return result
  }

  /// What `body` makes of each element, in their order; the first failure ends it. Two are made at once, because
  /// a short run of ffmpeg keeps hardly more than one core busy.
  ///
  /// - Parameter words: what is counted as progress, e.g. `photos`; without it, nothing is.
  func twoAtOnce<Element: Sendable, Made: Sendable>(
    _ elements: [Element], counting words: String? = nil,
    _ body: @escaping @Sendable (Element) throws(StepFailure) -> Made
  ) throws(StepFailure) -> [Made] {
    let made = Guarded([Made?](repeating: nil, count: elements.count))
    let failure = Guarded<StepFailure?>(nil)
    WorkerPool.forEach(elements.count, width: 2) { index in
      guard failure.withLock({ $0 == nil }) else { return }
      do throws(StepFailure) {
        let one = try body(elements[index])
        let count = made.withLock { made in
          made[index] = one
          return made.count { $0 != nil }
        }
        if let words {
          progress(Double(count) / Double(elements.count), "\(count) of \(elements.count) \(words)")
        }
      } catch { failure.withLock { $0 = $0 ?? error } }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return made.withLock { $0.compactMap(\.self) }
  }

  /// Runs ffmpeg without questions, banner or statistics; `arguments` end with the output.
  ///
  /// Only errors are logged: JPEG photos alone cause dozens of warnings that mean nothing.
  @discardableResult
  package func ffmpeg(_ arguments: [String], capture: Bool = false) throws(StepFailure) -> Command.Result {
    try run(
      ["ffmpeg", "-nostdin", "-y", "-hide_banner", "-loglevel", "error"] + arguments, capture: capture)
  }

  /// Runs ffmpeg and tells how far it is: `words` is the name of the work.
  package func encode(_ arguments: [String], frames: Int, words: String) throws(StepFailure) {
    progress(0, words)
    let options = ["-progress", "pipe:1", "-stats_period", "0.25"]
    try run(
      ["ffmpeg", "-nostdin", "-y", "-hide_banner", "-nostats", "-loglevel", "error"] + options + arguments,
      capture: true
    ) { line in
      guard line.hasPrefix("frame="), let frame = Double(line.dropFirst(6)), frames > 0 else { return }
      progress(min(1, frame / Double(frames)), words)
    }
  }

  /// What a program says of a file: `question` is the program and its options, the file and `ending` are added. It is
  /// asked once for each content, and its answer is kept. Nil: it says that there is something wrong with the file.
  func answer(
    _ question: [String], about input: Input, ending: [String] = []
  ) throws(StepFailure) -> [UInt8]? {
    var hasher = ContentHasher()
    for word in question + ending { hasher.append(word) }
    hasher.append(input.hash)
    var isRefused = false
    do throws(StepFailure) {
      return try pieces.bytes(hasher.finish()) { () throws(StepFailure) in
        let result = try ask(question + MediaInfo.source(input.path) + ending, capture: true)
        isRefused = result.code != 0
        guard !isRefused else { throw StepFailure("`\(input.path)` is refused") }
        return result.output
      }
    } catch {
      if isRefused { return nil }
      throw error
    }
  }

  /// What ffprobe says of a media file.
  package func probe(_ path: String) throws(StepFailure) -> MediaInfo {
    let result = try run(MediaInfo.command(path), capture: true)
    return try MediaInfo(json: result.output, path: path)
  }

  /// What ffprobe says of a file that somebody else made; see `MediaInfo.examine`.
  func examine(_ path: String) throws(StepFailure) -> MediaInfo? {
    try MediaInfo.examine(path, in: root, log: resolve(log), interrupt: interrupt)
  }

  /// What ffprobe says of an input that has to have a picture or sound; a failure names the input.
  package func probe(_ input: Input, as kind: String) throws(StepFailure) -> MediaInfo {
    guard Files.exists(resolve(input.path)) else { throw StepFailure("`\(input.path)` is missing") }
    guard let output = try answer(MediaInfo.question, about: input),
      let info = try? MediaInfo(json: output, path: input.path)
    else {
      throw StepFailure("`\(input.path)` is not a readable \(kind)", help: "make or copy it anew")
    }
    guard !info.isCutShort else {
      throw StepFailure("`\(input.path)` is cut short", help: "make or copy it anew")
    }
    return info
  }

  /// A path that means the same file to programs that run elsewhere; its folder must exist.
  package func absolute(_ path: String) throws(StepFailure) -> String { try Self.absolute(path) }

  static func absolute(_ path: String) throws(StepFailure) -> String {
    let folder = Files.folder(of: path) ?? (path.hasPrefix("/") ? "/" : ".")
    guard let real = realpath(folder, nil) else { throw StepFailure(FileError("find", folder)) }
    defer { free(real) }
    return String(cString: real) + "/" + Files.name(of: path)
  }

  /// A path in the private folder of the job.
  package func scratch(_ name: String) -> String { scratch + "/" + name }

  /// The parameter's canonical text; the schema has seen to it that it is there.
  package func text(_ name: String) -> String { action[name] ?? "" }

  package func duration(_ name: String) -> Milliseconds { Milliseconds(text(name)) ?? Milliseconds(0) }

  package func size(_ name: String) -> FrameSize {
    FrameSize(text(name)) ?? FrameSize(width: 1920, height: 1080)
  }

  package func count(_ name: String) -> Int { Int(text(name)) ?? 0 }

  package func flag(_ name: String) -> Bool { text(name) == "yes" }

  /// The end of the step's log, for a failure message.
  private var lastLines: String? {
    guard let text = try? Files.text(resolve(log)) else { return nil }
    let lines = text.split(separator: "\n").suffix(5)
    return lines.isEmpty ? nil : "it said:\n" + lines.map { "  \($0)" }.joined(separator: "\n")
  }
}
