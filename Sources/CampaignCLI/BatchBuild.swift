import CPlatform
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import Glibc

/// One build of several campaigns: they share places, the most that is spent, and one narration.
struct BatchBuild {
  let projects: [Project]

  /// Builds all of them at once. Returns how each ended, in their order.
  func run(_ request: Project.Request, narrator: Narrator) -> [Result<Summary, BuildError>] {
    let batch = Batch()
    let signals = campaign_signal_pipe()
    let events = Guarded<[(Int, Event)]>([])
    let results = Guarded([Result<Summary, BuildError>?](repeating: nil, count: projects.count))
    for (index, project) in projects.enumerated() {
      var request = request
      request.batch = batch
      do throws(FileError) {
        try startThread { [request] in
          let result: Result<Summary, BuildError>
          do throws(BuildError) {
            result = .success(
              try project.build(request) { event in events.withLock { $0.append((index, event)) } })
          } catch { result = .failure(error) }
          results.withLock { $0[index] = result }
        }
      } catch { results.withLock { $0[index] = .failure(.file(error)) } }
    }
    while true {
      let isOver = results.withLock { $0.allSatisfy { $0 != nil } }
      let news = events.withLock { events in
        defer { events = [] }
        return events
      }
      for (index, event) in news { tell(event, of: projects[index], narrator) }
      if isOver { break }
      narrator.tick?()
      waitForSignals(signals, batch)
    }
    return results.withLock { $0.compactMap { $0 } }
  }

  private func waitForSignals(_ signals: Int32, _ batch: Batch) {
    var polled = pollfd(fd: signals, events: Int16(POLLIN), revents: 0)
    guard poll(&polled, 1, 50) > 0 else { return }
    var byte: UInt8 = 0
    if read(signals, &byte, 1) == 1 { batch.signal(Int32(byte)) }
  }

  /// Targets are told with the folder of their campaign.
  private func tell(_ event: Event, of project: Project, _ narrator: Narrator) {
    var event = event
    event.campaign = project.folder
    event.kind = event.kind.prefixed(project.folder + "/")
    narrator.record(event)
  }
}

extension Event.Kind {
  /// The same with a folder before its targets.
  fileprivate func prefixed(_ folder: String) -> Event.Kind {
    func label(_ step: StepLabel) -> StepLabel {
      var step = step
      step.target = folder + step.target
      if let file = step.site?.file { step.site?.file = folder + file }
      return step
    }
    switch self {
    case .stepStarted(let step, let reasons): return .stepStarted(label(step), reasons: reasons)
    case .stepProgress(let step, let fraction, let detail):
      return .stepProgress(label(step), fraction: fraction, detail: detail)
    case .stepRetrying(let step, let failure, let number, let seconds):
      return .stepRetrying(label(step), failure, number: number, seconds: seconds)
    case .stepFinished(let step, var result):
      result.log = result.log.map { folder + $0 }
      return .stepFinished(label(step), result)
    case .awaiting(let target, let steps):
      return .awaiting(target: folder + target, steps: steps.map { folder + $0 })
    case .grew(let file, let count): return .grew(file: folder + file, count: count)
    case .runStarted, .reading, .waiting, .planned, .notice, .interrupted, .runFinished: return self
    }
  }
}
