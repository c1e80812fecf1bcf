import CampaignCore
import CampaignEngine
import CampaignReporting
import Glibc

/// The event log of one build, as JSON lines. A build with nothing to do writes none.
final class RunLog {
  private let path: String
  private var lines = EventLines()
  private var pending = ""
  private var descriptor: Int32 = -1

  init(path: String) { self.path = path }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func record(_ event: Event) {
    let line = lines.text(for: event)
    if descriptor < 0 {
      pending += line
      guard event.isWork, open() else { return }
      write(pending)
      pending = ""
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
  private func write(_ text: String) { try? Files.append(Array(text.utf8), to: descriptor, path: path) }
}

extension Event {
  /// Something was or will be done.
  fileprivate var isWork: Bool {
    switch kind {
    case .planned, .stepStarted, .stepFinished, .grew, .awaiting: true
    case .runStarted, .waiting, .stepProgress, .notice, .interrupted, .runFinished: false
    }
  }
}
