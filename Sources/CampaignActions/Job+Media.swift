import CampaignCore
import CampaignEngine

extension Job {
  /// Runs a program to a good end in the workspace. Its chatter goes to the step's log.
  ///
  /// - Returns: standard output, when `capture` is set.
  @discardableResult
  package func run(_ arguments: [String], capture: Bool = false) throws(StepFailure) -> Command.Result {
    guard !interrupt.isRaised else { throw StepFailure("interrupted") }
    var command = Command(arguments)
    command.folder = root
    let result: Command.Result
    do {
      result = try command.run(log: resolve(log), capture: capture, interrupt: interrupt)
    } catch {
      guard error.code == 2 else { throw StepFailure(error) }
      throw StepFailure(
        "`\(arguments[0])` is not installed", help: "run `campaign doctor` to see what is missing")
    }
    guard !interrupt.isRaised else { throw StepFailure("interrupted") }
    guard result.code == 0 else {
      throw StepFailure("`\(arguments[0])` failed with exit code \(result.code)", help: lastLines)
    }
    return result
  }

  /// Runs ffmpeg without questions, banner or statistics; `arguments` end with the output.
  @discardableResult
  package func ffmpeg(_ arguments: [String], capture: Bool = false) throws(StepFailure) -> Command.Result {
    try run(
      ["ffmpeg", "-nostdin", "-y", "-hide_banner", "-loglevel", "warning"] + arguments, capture: capture)
  }

  /// What ffprobe says of a media file.
  package func probe(_ path: String) throws(StepFailure) -> MediaInfo {
    let result = try run(MediaInfo.command(path), capture: true)
    return try MediaInfo(json: result.output, path: path)
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
