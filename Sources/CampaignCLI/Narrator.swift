import CPlatform
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import Glibc

/// Hands each event of a build to the display that suits standard error, and to the reports that were asked for.
final class Narrator {
  // The display is one of these, changed in its place: a copy for each event would be felt.
  private var live: TerminalDisplay?
  private var service: CIDisplay?
  private var plain: PlainDisplay?
  private var lines: (text: EventLines, output: Output)?
  private var junit: (report: JUnitReport, path: String)?
  private var profile = WaitProfile()
  private let style: Style
  let isQuiet: Bool
  /// For the summary page of a CI job.
  private var steps: [(step: StepLabel, result: StepResult)] = []
  private var gates: [String] = []
  private var run = ""
  /// When the build began, on the monotonic clock.
  private var origin: Int64 = 0
  private var isOver = false
  private var signal: Int32?

  /// What is told beside the display: `--events` and `--junit`.
  struct Reports {
    var events: String?
    var junit: String?
  }

  init(
    campaign: String, detail: PlainDisplay.Detail, color: ColorChoice, reports: Reports = Reports(),
    allowsRepainting: Bool = true
  ) throws(Problem) {
    let surroundings = Surroundings.of(STDERR_FILENO)
    style = surroundings.style(color)
    isQuiet = detail == .quiet
    let readLog: @Sendable (String) -> String? = { try? Files.text($0) }
    let plain = PlainDisplay(detail: detail, style: style, readLog: readLog)
    if allowsRepainting && surroundings.allowsRepainting && detail == .usual && reports.events != "-" {
      live = TerminalDisplay(name: campaign, style: style, readLog: readLog)
    } else if let host = surroundings.service {
      service = CIDisplay(
        service: host, plain: plain, start: Int64(time(nil)), prefix: Repository.prefix, readLog: readLog)
      if host == .github {
        Output.narration.write(Secrets.visible().texts.map(GitHubAnnotation.mask).joined())
      }
    } else {
      self.plain = plain
    }
    if let path = reports.junit { junit = (JUnitReport(campaign: campaign), path) }
    if let path = reports.events { lines = (EventLines(), try Self.open(path)) }
  }

  private static func open(_ path: String) throws(Problem) -> Output {
    if path == "-" { return .results }
    do {
      return Output(
        descriptor: try Files.open(path, O_WRONLY | O_CREAT | O_TRUNC, "write events to"), name: path)
    } catch { throw Problem(error.description, help: "`--events` takes a file, or `-`") }
  }

  func record(_ event: Event) {
    note(event)
    if let line = lines?.text.line(for: event) { lines?.output.write(line) }
    junit?.report.record(event)
    profile.record(event)
    origin = Self.now - event.time
    if let text = plain?.text(for: event) ?? service?.text(for: event) { Output.narration.write(text) }
    live?.record(event)
    draw(isLast: isOver)
    if case .runFinished = event.kind, event.campaign == nil, !isQuiet, let words = profile.text {
      Output.narration.write(style(words, .faint) + "\n")
    }
  }

  private func note(_ event: Event) {
    switch event.kind {
    case .interrupted(let signal, isFinal: false): self.signal = signal
    case .runStarted(let run, _): self.run = RunName(run).short
    case .stepFinished(let step, let result): steps.append((step, result))
    case .awaiting(let target, _): gates.append(target)
    case .runFinished: isOver = true
    default: break
    }
  }

  /// Redraws every 100 ms, or says what is waited for; nil when a build is to be told of by its events alone.
  var tick: (() -> Void)? {
    isQuiet
      ? nil
      : { [self] in
        let time = Self.now - origin
        draw(isLast: false)
        Output.narration.write(plain?.reminder(at: time) ?? service?.reminder(at: time) ?? "")
      }
  }

  /// Takes the block off the terminal when a build ends without a summary.
  func abandon() {
    live?.clear()
    draw(isLast: true)
  }

  // MARK: - The end

  /// Writes the reports of a build that has ended.
  func report(_ summary: Summary, of project: Project, _ request: Project.Request) throws(Problem) {
    if let page = Repository.summaryPage, !summary.isNothing {
      let text = Markdown.build(
        summary, campaign: project.campaign.name, run: run, steps: steps, gates: gates,
        budget: project.campaign.budget)
      try? Files.appendDurably(text, to: page)
    }
    guard case (var report, let path)? = junit else { return }
    let plan = try Planning.plan(project, request)
    report.add(current: plan.entries.filter { $0.verdict == .current }.map { $0.outputs[0] })
    do throws(FileError) {
      if let folder = Files.folder(of: path) { try Files.makeFolder(folder) }
      try Files.write(report.text, to: path)
    } catch { throw Problem(error) }
  }

  func exitCode(_ summary: Summary) -> ExitCode? {
    if summary.isInterrupted { return .interrupted(signal: signal ?? SIGINT) }
    if summary.refused > 0 { return .refused }
    if summary.failed > 0 { return .failure }
    if summary.awaiting > 0 { return .awaiting }
    if summary.troubled > 0 { return .trouble }
    return summary.skipped > 0 ? .failure : nil
  }

  private func draw(isLast: Bool) {
    let time = Self.now - origin
    guard let isDue = live?.isDue(at: time), isDue || isLast else { return }
    var (columns, rows): (Int32, Int32) = (80, 24)
    campaign_terminal_size(STDERR_FILENO, &columns, &rows)
    let text = live?.frame(at: time, width: Int(columns), height: Int(rows), isLast: isLast)
    Output.narration.write(text ?? "")
  }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
