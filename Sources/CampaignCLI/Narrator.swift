import CSystem
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import Glibc

/// Hands each event of a build to the display that suits standard error, and to `--events`.
final class Narrator {
  private enum Display {
    case live(TerminalDisplay)
    case plain(PlainDisplay)
  }

  private var display: Display
  private var lines: (text: EventLines, output: Output)?
  /// When the build began, on the monotonic clock.
  private var origin: Int64 = 0
  private var signal: Int32?

  init(project: Project, detail: PlainDisplay.Detail, color: ColorChoice, events: String?) throws(Problem) {
    let surroundings = Surroundings.of(STDERR_FILENO)
    let style = surroundings.style(color)
    let root = project.root
    let readLog: @Sendable (String) -> String? = { try? Files.text(root == "." ? $0 : root + "/" + $0) }
    let isLive = surroundings.allowsRepainting && detail == .usual && events != "-"
    display =
      isLive
      ? .live(TerminalDisplay(name: project.campaign.name, style: style, readLog: readLog))
      : .plain(PlainDisplay(detail: detail, style: style, readLog: readLog))
    if let events { lines = (EventLines(), try Self.open(events)) }
  }

  private static func open(_ path: String) throws(Problem) -> Output {
    if path == "-" { return .results }
    do {
      return Output(descriptor: try Files.open(path, O_WRONLY | O_CREAT | O_TRUNC, "write events to"))
    } catch { throw Problem(error.description, help: "`--events` takes a file, or `-`") }
  }

  func record(_ event: Event) {
    if case .interrupted(let signal, _) = event.kind { self.signal = signal }
    if let text = lines?.text.text(for: event) { lines?.output.write(text) }
    origin = Self.now - event.time
    switch display {
    case .plain(var plain):
      Output.narration.write(plain.text(for: event))
      display = .plain(plain)
    case .live(var live):
      live.record(event)
      var isLast = false
      if case .runFinished = event.kind { isLast = true }
      draw(&live, isLast: isLast)
    }
  }

  /// Redraws every 100 ms; nil when nothing is ever redrawn.
  var tick: (() -> Void)? {
    guard case .live = display else { return nil }
    return { [self] in
      if case .live(var live) = display { draw(&live, isLast: false) }
    }
  }

  /// Takes the block off the terminal when a build ends without a summary.
  func abandon() {
    guard case .live(var live) = display else { return }
    live.clear()
    draw(&live, isLast: true)
  }

  func exitCode(_ summary: Summary) -> ExitCode? {
    if summary.isInterrupted { return .interrupted(signal: signal ?? SIGINT) }
    if summary.refused > 0 { return .refused }
    if summary.failed > 0 { return .failure }
    if summary.awaiting > 0 { return .awaiting }
    if summary.troubled > 0 { return .trouble }
    return summary.skipped > 0 ? .failure : nil
  }

  private func draw(_ live: inout TerminalDisplay, isLast: Bool) {
    let width = Int(campaign_terminal_width(STDERR_FILENO))
    let text = live.frame(at: Self.now - origin, width: width > 0 ? width : 80, isLast: isLast)
    Output.narration.write(text)
    display = .live(live)
  }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
