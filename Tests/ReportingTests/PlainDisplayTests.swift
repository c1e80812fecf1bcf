import CampaignCore
import CampaignEngine
import CampaignReporting
import Testing

@Suite struct PlainDisplayTests {
  private func text(_ events: [Event], _ detail: PlainDisplay.Detail = .usual, log: String? = nil) -> String {
    var display = PlainDisplay(detail: detail, style: .plain) { _ in log }
    return events.map { display.text(for: $0) }.joined()
  }

  @Test func saysSoonWhatIsWaitedForAndThenNowAndThen() {
    var display = PlainDisplay(style: .plain)
    func reminder(_ seconds: Double) -> String { display.reminder(at: Int64(seconds * 1e9)) }
    var (clip, other) = (step("hook.mp4", 1), step("tub.mp4", 2))
    (clip.pool, other.pool) = ("replicate", "replicate")
    _ = display.text(for: make(.stepStarted(step("local.mp4"), reasons: []), at: 0))
    _ = display.text(for: make(.stepStarted(clip, reasons: []), at: 1))
    #expect(reminder(4.9) == "")
    #expect(reminder(5) == "+5.0s   waiting                   for hook.mp4 at replicate\n")
    _ = display.text(for: make(.stepStarted(other, reasons: []), at: 6))
    _ = display.text(for: make(.stepProgress(clip, fraction: 0, detail: "queued 9s"), at: 10))
    #expect(reminder(19.9) == "")
    #expect(
      reminder(20)
        == "+20s    waiting                   for hook.mp4 at replicate (queued 9s), tub.mp4 at replicate\n")
    #expect(reminder(79) == "")
    #expect(reminder(80) != "")
    for label in [clip, other] {
      _ = display.text(for: make(.stepFinished(label, StepResult(outcome: .made, seconds: 9)), at: 99))
    }
    #expect(reminder(300) == "")
  }

  @Test func tellsABuildInOneLineForEachEvent() {
    var forecast = Event.Forecast()
    forecast.toMake = 3
    forecast.current = 9
    forecast.undecided = 2
    forecast.seconds = 80
    var summary = Summary()
    summary.made = 3
    summary.current = 11
    summary.seconds = 101.2
    let events = [
      make(.runStarted(run: "20261123-152112-4711", targets: [])),
      make(.planned(forecast), at: 0.04),
      make(.stepStarted(step("build/hook.mp4"), reasons: [photoChanged]), at: 0.4),
      make(.stepProgress(step("build/hook.mp4"), fraction: 0.5, detail: "frame 90"), at: 6),
      make(.stepFinished(step("build/hook.mp4"), StepResult(outcome: .made, seconds: 11.8)), at: 12.2),
      make(.grew(file: "build/pairs.json", count: 7), at: 13),
      make(
        .stepFinished(
          step("build/music.m4a"),
          StepResult(
            outcome: .made, seconds: 2, cost: Money(micros: 40_000), notes: ["42.0 s long"], isChanged: false)
        ),
        at: 14),
      make(.stepFinished(step("build/end.mp4"), StepResult(outcome: .restored, seconds: 0)), at: 15),
      make(.notice("`brief.md` is empty"), at: 16), make(.runFinished(summary), at: 101.2),
    ]
    #expect(
      text(events) == """
        +0.0s   plan                      3 to make, 2 undecided, 9 current; free, about 1m20s
        +0.4s   build/hook.mp4            start     generate-clip: photos/a.jpg changed
        +12s    build/hook.mp4            made      in 12s
        +13s    build/pairs.json          gave      7 new steps
        +14s    build/music.m4a           made      in 2.0s, $0.04, same content as before
        +14s    build/music.m4a           note      42.0 s long
        +15s    build/end.mp4             restored  from the store
        +16s    notice                    `brief.md` is empty
        done in 1m41s: 3 made, 11 current

        """)
  }

  private let failure = StepResult(
    outcome: .failed(StepFailure("`ffmpeg` failed with exit code 1", help: "make room")), seconds: 0.5,
    log: ".campaign/logs/hook.log")

  @Test func showsAFailureWithHelpAndTheEndOfItsLog() {
    let log = (1...9).map { "line \($0)\n" }.joined() + "\u{1B}[31mno space\u{7} left\u{1B}[0m\n"
    let skipped = StepResult(outcome: .skipped(because: "build/hook.mp4"), seconds: 0)
    var summary = Summary()
    summary.failed = 1
    summary.skipped = 1
    summary.seconds = 1
    let events = [
      make(.stepFinished(step("build/hook.mp4"), failure), at: 1),
      make(.stepFinished(step("build/final.mp4"), skipped), at: 1), make(.runFinished(summary), at: 1),
    ]
    let expected = """
      +1.0s   build/hook.mp4            failed    after 0.5s: `ffmpeg` failed with exit code 1
              help: make room
              log:  .campaign/logs/hook.log, which ends:
                | line 3
                | line 4
                | line 5
                | line 6
                | line 7
                | line 8
                | line 9
                | no space left
      +1.0s   build/final.mp4           skipped   build/hook.mp4 failed
      failed after 1.0s: 1 failed, 1 skipped
        build/hook.mp4: see `campaign log build/hook.mp4`

      """
    #expect(text(events, log: log) == expected)
    #expect(text(events, .quiet, log: log) == expected)
  }

  @Test func quotesTheLogOnlyOnce() {
    var result = failure
    result.outcome = .failed(StepFailure("it failed", help: "it said:\n  no space left"))
    #expect(
      text([make(.stepFinished(step("a"), result))], log: "no space left\n") == """
        +0.0s   a                         failed    after 0.5s: it failed
                help: it said:
                        no space left
                log:  .campaign/logs/hook.log

        """)
  }

  @Test func saysInOneLineThatNothingIsToDo() {
    var forecast = Event.Forecast()
    forecast.current = 13
    var summary = Summary()
    summary.current = 13
    let events = [
      make(.runStarted(run: "r", targets: [])), make(.planned(forecast)), make(.runFinished(summary)),
    ]
    #expect(text(events) == "nothing to do: 13 targets are current\n")
    #expect(text(events, .quiet) == "")
  }

  @Test func saysHowToGoOnAfterCtrlC() {
    var summary = Summary()
    summary.made = 2
    summary.isInterrupted = true
    summary.seconds = 3
    let events = [
      make(.interrupted(signal: 2, isFinal: false), at: 2),
      make(.interrupted(signal: 2, isFinal: true), at: 3),
      make(.stepFinished(step("a"), StepResult(outcome: .interrupted, seconds: 3)), at: 3),
      make(.runFinished(summary), at: 3),
    ]
    #expect(
      text(events) == """
        +2.0s   stopping                  SIGINT: ending what runs; press Ctrl-C again to kill it
        +3.0s   stopping                  killing what runs
        +3.0s   a                         stopped   after 3.0s
        interrupted after 3.0s: 2 made
        run `campaign build` again to go on

        """)
  }

  @Test func tellsProgressWhenVerbose() {
    let event = make(.stepProgress(step("a"), fraction: 0.5, detail: "frame 90"), at: 6)
    #expect(text([event]) == "")
    #expect(text([event], .verbose) == "+6.0s   a                         at 50%    frame 90\n")
  }
}
