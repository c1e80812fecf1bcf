import CampaignCore
import CampaignEngine

/// Append-only lines, one for an event: for pipes, CI and dumb terminals.
///
///     +0.4s   build/clips/hook.mp4      start     generate-clip: photos/a.jpg changed
///     +12s    build/clips/hook.mp4      made      in 11.8s
package struct PlainDisplay: Sendable {
  /// Quiet tells only what went wrong; verbose tells progress too.
  package enum Detail: Sendable { case quiet, usual, verbose }

  private let detail: Detail
  private let style: Style
  private let readLog: @Sendable (String) -> String?
  private var failed: [String] = []
  private var vigil = RemoteVigil()

  package init(
    detail: Detail = .usual, style: Style, readLog: @escaping @Sendable (String) -> String? = { _ in nil }
  ) {
    self.detail = detail
    self.style = style
    self.readLog = readLog
  }

  /// The lines for an event, which may be none.
  package mutating func text(for event: Event) -> String {
    vigil.record(event)
    switch event.kind {
    case .stepFinished(let step, let result): return finished(step, result, at: event)
    case .runFinished(let summary):
      if detail == .quiet && summary.failed == 0 && !summary.isInterrupted { return "" }
      guard let campaign = event.campaign else { return summary.text(failed: failed, style) }
      return summary.text(style).split(separator: "\n").map { "\(campaign): \($0)\n" }.joined()
    case .interrupted(let signal, let isFinal):
      return line(event, "stopping", .warning, "", Self.stopping(signal, isFinal: isFinal))
    case .awaiting(let target, let steps):
      return line(event, target, .warning, "waits", Wording.approval(of: target, for: steps))
    case .waiting(let owner):
      return line(event, "waiting", .warning, "", "another build holds the workspace: \(owner)")
    case .stepRetrying(let step, let failure, let number, let seconds):
      let words = Wording.retry(failure, number: number, seconds: seconds)
      return line(event, step.target, .warning, "again", words)
    case .runStarted, .reading, .planned, .grew, .stepStarted, .stepProgress, .notice:
      return detail == .quiet ? "" : narration(event)
    }
  }

  /// A line on what others keep us waiting for, now and then; on the clock of the events.
  package mutating func reminder(at time: Int64) -> String {
    guard detail == .usual, let words = vigil.words(at: time) else { return "" }
    return line(Event(time: time, kind: .notice(words)), "waiting", .plain, "", words)
  }

  private func narration(_ event: Event) -> String {
    switch event.kind {
    case .runStarted(let run, _): detail == .verbose ? line(event, "run", .plain, "", run) : ""
    case .reading(let files, let bytes): line(event, "reading", .plain, "", Wording.reading(files, bytes))
    case .planned(let forecast):
      forecast.hasWork ? line(event, "plan", .strong, "", forecast.description) : ""
    case .grew(let file, let count): line(event, file, .plain, "gave", Wording.count(count, "new step"))
    case .stepStarted(let step, let reasons):
      line(event, step.target, .plain, "start", "\(step.action): \(Wording.reasons(reasons))")
    case .stepProgress(let step, let fraction, let words):
      detail == .verbose
        ? line(
          event, step.target, .plain, "at \(Int(nearest: min(1, max(0, fraction)) * 100))%",
          Wording.clean(words)) : ""
    case .notice(let words): line(event, "notice", .warning, "", words)
    case .waiting, .awaiting, .stepRetrying, .stepFinished, .interrupted, .runFinished: ""
    }
  }

  private mutating func finished(_ step: StepLabel, _ result: StepResult, at event: Event) -> String {
    let time = Wording.duration(result.seconds)
    switch result.outcome {
    case .failed(let failure):
      if result.log != nil { failed.append(step.target) }
      let details = FailureText(failure: failure, log: result.log, site: step.site, readLog: readLog).details(
        margin: "        ")
      let first = line(event, step.target, .bad, "failed", "after \(time): \(Wording.clean(failure.message))")
      return first + details.map { $0 + "\n" }.joined()
    case .interrupted: return line(event, step.target, .warning, "stopped", "after \(time)")
    case .skipped(let cause): return line(event, step.target, .warning, "skipped", "\(cause) failed")
    case .made, .restored, .adopted:
      if detail == .quiet { return "" }
      return line(event, step.target, .good, result.verb, result.remarks(time: time))
        + result.notes.map { line(event, step.target, .plain, "note", $0) }.joined()
    }
  }

  private func line(
    _ event: Event, _ subject: String, _ tone: Style.Tone, _ verb: String, _ rest: String
  ) -> String {
    // What is said of no target is said of the campaign.
    var (subject, verb) = (subject, verb)
    if let campaign = event.campaign, verb.isEmpty { (subject, verb) = (campaign, subject) }
    let time = TextWidth.pad("+" + Wording.duration(Double(event.time) / 1e9), to: 7)
    let column = TextWidth.pad(Wording.clean(subject), to: 25)
    let middle = verb.isEmpty ? "" : TextWidth.pad(verb, to: 9) + " "
    return style(time, .faint) + " " + style(column, tone) + " " + middle + Wording.clean(rest) + "\n"
  }

  static func stopping(_ signal: Int32, isFinal: Bool) -> String {
    isFinal
      ? "killing what runs"
      : "\(Wording.signal(signal)): ending what runs; press Ctrl-C again to kill it"
  }
}

extension StepResult {
  /// The one word for a good end.
  var verb: String {
    switch outcome {
    case .made: "made"
    case .restored: "restored"
    case .adopted: "adopted"
    case .failed: "failed"
    case .skipped: "skipped"
    case .interrupted: "stopped"
    }
  }

  /// What else is to be said of a good end.
  func remarks(time: String) -> String {
    let spent = cost == .zero ? "" : ", \(cost)"
    switch outcome {
    case .restored: return "from the store"
    case .adopted: return "your edit is the output now"
    case .made, .failed, .skipped, .interrupted:
      return "in \(time)\(spent)" + (isChanged ? "" : ", same content as before")
    }
  }
}
