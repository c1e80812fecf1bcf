import CampaignCore
import CampaignEngine

/// A block of at most 12 rows at the end of a terminal that says what runs, how long, what is next and when it ends.
///
/// A pure value: events go in, and `frame` returns the text for one `write`, or nothing when nothing changed.
/// Each row is erased and written again within one synchronized update, so that nothing flickers. What has finished
/// scrolls up, once.
package struct TerminalDisplay: Sendable {
  static let maximumRows = 12
  /// At most 10 frames a second.
  static let interval: Int64 = 100_000_000

  private struct Running: Sendable {
    var step: StepLabel
    var started: Int64
    var fraction: Double?
    var detail = ""
  }

  private let name: String
  private let style: Style
  private let readLog: @Sendable (String) -> String?

  private var running: [Running] = []
  private var next: [String] = []
  private var done = 0
  private var total = 0
  /// When all should be done, on the clock of the events.
  private var end: Int64?
  private var failed: [String] = []
  /// Lines that wait to be scrolled up, and the widths of the rows that stand on the terminal now.
  private var finished: [String] = []
  private var standing: [Int] = []
  private var lastBlock = ""
  private var lastTime = -interval

  /// `name` is that of the campaign.
  package init(name: String, style: Style, readLog: @escaping @Sendable (String) -> String? = { _ in nil }) {
    self.name = name
    self.style = style
    self.readLog = readLog
  }

  package mutating func record(_ event: Event) {
    switch event.kind {
    case .runStarted: break
    case .waiting(let owner): scroll("·", .warning, "waiting", "another build holds the workspace: \(owner)")
    case .reading(let files, let bytes): scroll("·", .faint, "reading", Wording.reading(files, bytes))
    case .planned(let forecast):
      total = done + forecast.toMake + forecast.toRestore + forecast.undecided
      end = forecast.seconds.map { event.time + Int64(nearest: min($0, 1e9) * 1e9) }
      next = forecast.next
    case .awaiting(let target, let steps):
      scroll("?", .warning, target, "waits " + Wording.approval(of: target, for: steps))
    case .grew(let file, let count): scroll("·", .faint, file, "gave \(Wording.count(count, "new step"))")
    case .stepStarted(let step, _):
      next.removeAll { $0 == step.target }
      running.append(Running(step: step, started: event.time))
    case .stepProgress(let step, let fraction, let detail):
      guard let index = running.firstIndex(where: { $0.step.id == step.id }) else { return }
      running[index].fraction = fraction
      running[index].detail = Wording.clean(detail)
    case .stepRetrying(let step, let failure, let number, let seconds):
      running.removeAll { $0.step.id == step.id }
      scroll("↻", .warning, step.target, Wording.retry(failure, number: number, seconds: seconds))
    case .stepFinished(let step, let result): finish(step, result)
    case .notice(let words): scroll("!", .warning, Wording.clean(words), "")
    case .interrupted(let signal, let isFinal):
      scroll("!", .warning, PlainDisplay.stopping(signal, isFinal: isFinal), "")
    case .runFinished(let summary):
      clear()
      finished += summary.text(failed: failed, style).split(separator: "\n").map(String.init)
    }
  }

  /// Forgets what runs, so that the next frame takes the block away.
  package mutating func clear() { (running, next, total) = ([], [], 0) }

  // MARK: - Frames

  /// The last frame is old enough for another.
  package func isDue(at time: Int64) -> Bool { time - lastTime >= Self.interval }

  /// The text to write now, on the clock of the events; empty when nothing changed or the last frame is too young.
  package mutating func frame(at time: Int64, width: Int, height: Int = 24, isLast: Bool = false) -> String {
    guard isLast || isDue(at: time) else { return "" }
    let rows = block(at: time, width, height).map { $0.rendered(width: max(1, width - 1), style: style) }
    let text = rows.map { Self.line($0.text) }.joined()
    guard text != lastBlock || !finished.isEmpty else { return "" }
    let old = self.height(at: width)
    // What has finished is not cut, so it may fold onto rows that the block took. Row by row: `ESC [ J` in the
    // first row of a screen is a wish to clear it, and some terminals keep what they clear.
    let isErased = old > rows.count || !finished.isEmpty
    let erasure = isErased ? String(repeating: Self.line(""), count: old) + Self.up(old) : ""
    let frame = Self.up(old) + erasure + finished.map(Self.line).joined() + text
    (finished, standing, lastBlock, lastTime) = ([], rows.map(\.width), text, time)
    return "\u{1B}[?2026h" + frame + "\u{1B}[?2026l"
  }

  /// Rows that the last block takes now: a terminal made narrower has folded those that no longer fit.
  private func height(at width: Int) -> Int {
    standing.reduce(0) { $0 + max(1, ($1 + width - 1) / max(1, width)) }
  }

  /// Erased whole before it is written: a tail erased after it would be folded with it when the terminal shrinks.
  private static func line(_ text: String) -> String { "\u{1B}[2K\(text)\n" }

  private static func up(_ rows: Int) -> String { rows > 0 ? "\r\u{1B}[\(rows)A" : "\r" }

  private func block(at time: Int64, _ width: Int, _ height: Int) -> [Row] {
    guard !running.isEmpty || total > done else { return [] }
    let room = max(1, min(Self.maximumRows, height - 1) - 2)
    let shown = running.prefix(running.count > room ? max(1, room - 1) : room)
    let column = min(width * 2 / 5, shown.map { TextWidth.of($0.step.target) }.max() ?? 0)
    var rows = [header(at: time)] + shown.map { row($0, column, at: time) }
    if running.count > shown.count {
      rows.append(faint("  and \(running.count - shown.count) more that run"))
    }
    if !next.isEmpty { rows.append(faint("· next  " + Wording.list(next.map { Wording.clean($0) }))) }
    return rows
  }

  private func header(at time: Int64) -> Row {
    var row = Row()
    row.add(name, .strong)
    row.add("  \(done) of \(max(total, done + running.count)) done")
    row.add(" · \(Wording.clock(Self.seconds(time)))", .faint)
    if let end, Self.seconds(end) > Self.seconds(time) {
      row.add(" · about \(Wording.clock(Self.seconds(end) - Self.seconds(time))) left")
    }
    return row
  }

  private func row(_ running: Running, _ column: Int, at time: Int64) -> Row {
    var row = Row()
    let target = TextWidth.cutStart(Wording.clean(running.step.target), to: column)
    let elapsed = Wording.clock(Self.seconds(time - running.started))
    row.add("▸ ", .active)
    row.add(TextWidth.pad(target, to: column))
    row.add(String(repeating: " ", count: max(1, 7 - elapsed.count)) + elapsed + " ")
    if let fraction = running.fraction { row.add(Self.bar(fraction) + " ", .active) }
    if let usual = running.step.usual {
      row.add("usual \(Wording.clock(Int(nearest: usual.rounded(.up)))) ", .faint)
    }
    row.add(running.detail.isEmpty ? running.step.action : running.detail, .faint)
    return row
  }

  private func faint(_ text: String) -> Row {
    var row = Row()
    row.add(text, .faint)
    return row
  }

  /// Ten cells.
  private static func bar(_ fraction: Double) -> String {
    let full = Int(nearest: min(1, max(0, fraction)) * 10)
    return String(repeating: "━", count: full) + String(repeating: "╌", count: 10 - full)
  }

  /// Whole seconds change once a second, and so does the block.
  private static func seconds(_ time: Int64) -> Int { Int(max(0, time) / 1_000_000_000) }

  // MARK: - What has finished

  private mutating func finish(_ step: StepLabel, _ result: StepResult) {
    running.removeAll { $0.step.id == step.id }
    next.removeAll { $0 == step.target }
    done += 1
    let time = Wording.duration(result.seconds)
    switch result.outcome {
    case .made, .restored, .adopted:
      scroll("✓", .good, step.target, "\(result.verb) \(result.remarks(time: time))")
      for note in result.notes { finished.append("    " + Wording.clean(note)) }
    case .failed(let failure):
      if result.log != nil { failed.append(step.target) }
      scroll("✗", .bad, step.target, "failed after \(time): \(failure.message)")
      finished += FailureText(failure: failure, log: result.log, site: step.site, readLog: readLog).details(
        margin: "    ")
    case .skipped(let cause): scroll("-", .faint, step.target, "skipped: \(cause) failed")
    case .interrupted: scroll("-", .warning, step.target, "stopped after \(time)")
    }
  }

  private mutating func scroll(_ mark: String, _ tone: Style.Tone, _ subject: String, _ rest: String) {
    let words = rest.isEmpty ? "" : "  " + style(Wording.clean(rest), .faint)
    finished.append(style(mark, tone) + " " + Wording.clean(subject) + words)
  }
}
