import CampaignCore
import CampaignEngine
import CampaignReporting
import Glibc

/// The event log of one build, as JSON lines. A build with nothing to do writes none.
final class RunLog {
  /// What a build was asked for.
  struct Context {
    var campaign: String
    var profile: String?
    var targets: [String]
    var forced: [String]
  }

  private let path: String
  private let context: Context
  private var lines = EventLines()
  private var pending: [UInt8] = []
  private var descriptor: Int32 = -1

  init(path: String, context: Context) {
    self.path = path
    self.context = context
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func record(_ event: Event) {
    let line = lines.line(for: event)
    if descriptor < 0 {
      pending += line
      guard event.isWork, open() else { return }
      write(context.line + pending)
      pending = []
    } else {
      write(line)
    }
  }

  private func open() -> Bool {
    guard let folder = Files.folder(of: path), (try? Files.makeFolder(folder)) != nil,
      let opened = try? Files.open(path, O_WRONLY | O_CREAT | O_APPEND, "write")
    else { return false }
    descriptor = opened
    return true
  }

  /// A log that cannot be written must not fail the build that it describes.
  private func write(_ bytes: [UInt8]) { try? Files.append(bytes, to: descriptor, path: path) }
}

extension RunLog.Context {
  /// The first line of a log.
  fileprivate var line: [UInt8] {
    var line = JSONLine()
    line.put("v", 1)
    line.put("ev", "run.context")
    line.put("campaign", campaign)
    line.put("profile", profile)
    line.put("targets", targets)
    line.put("forced", forced)
    return line.bytes
  }
}

extension Event {
  /// Something was or will be done.
  fileprivate var isWork: Bool {
    switch kind {
    case .planned, .stepStarted, .stepRetrying, .stepFinished, .grew, .awaiting: true
    case .runStarted, .reading, .waiting, .stepProgress, .notice, .interrupted, .runFinished: false
    }
  }
}
