import CampaignCore
import CampaignEngine
import CampaignReporting
import Testing

@Suite struct TerminalDisplayTests {
  private let targets = ["build/clips/hook.mp4", "build/clips/リビングルーム--テラス.mp4", "build/music.m4a"]

  private func display(running: Int = 3) -> TerminalDisplay {
    var display = TerminalDisplay(name: "villa", style: .plain)
    var forecast = Event.Forecast()
    forecast.toMake = 12
    forecast.seconds = 80
    forecast.next = ["build/clips/spa.mp4", "build/combined.mp4", "build/final.mp4", "build/teaser.mp4"]
    display.record(make(.planned(forecast)))
    for index in 0..<running {
      let target = index < targets.count ? targets[index] : "build/\(index).mp4"
      display.record(make(.stepStarted(step(target, index, usual: index == 0 ? 14 : nil), reasons: [])))
    }
    display.record(make(.stepProgress(step("", 0), fraction: 0.35, detail: "frame 80 of 180"), at: 5))
    return display
  }

  /// The rows of a frame without what moves the cursor or erases.
  private func rows(_ frame: String) -> [String] {
    let start = frame.ranges(of: /\r(\u{1B}\[\d+A)?/).last?.upperBound ?? frame.startIndex
    let lines = frame[start...].split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    return lines.map { String($0.replacing("\u{1B}[2K", with: "")) }
  }

  @Test func showsWhatRunsHowLongAndWhatIsNext() {
    var display = display()
    #expect(
      rows(display.frame(at: 12_000_000_000, width: 100)) == [
        "villa  0 of 12 done · 12s · about 1m08s left",
        "▸ build/clips/hook.mp4                      12s ━━━╌╌╌╌╌╌╌ usual 14s frame 80 of 180",
        "▸ build/clips/リビングルーム--テラス.mp4    12s generate-clip",
        "▸ build/music.m4a                           12s generate-clip",
        "· next  build/clips/spa.mp4, build/combined.mp4, build/final.mp4 and 1 more",
      ])
  }

  @Test func fitsIntoSixtyColumns() {
    var display = display()
    #expect(
      rows(display.frame(at: 12_000_000_000, width: 60)) == [
        "villa  0 of 12 done · 12s · about 1m08s left",
        "▸ build/clips/hook.mp4        12s ━━━╌╌╌╌╌╌╌ usual 14s fra…",
        "▸ …ングルーム--テラス.mp4     12s generate-clip",
        "▸ build/music.m4a             12s generate-clip",
        "· next  build/clips/spa.mp4, build/combined.mp4, build/fin…",
      ])
  }

  @Test(arguments: [1, 9, 10, 11, 40]) func neverTakesMoreThanTwelveRows(running: Int) {
    var display = display(running: running)
    let rows = rows(display.frame(at: 1_000_000_000, width: 100))
    #expect(rows.count == min(12, running + 2))
    #expect(running <= 10 || rows[10] == "  and \(running - 9) more that run")
  }

  @Test func rewritesInOneSynchronizedUpdate() {
    var display = display(running: 1)
    let first = display.frame(at: 1_000_000_000, width: 80)
    #expect(first.hasPrefix("\u{1B}[?2026h\r\u{1B}[2Kvilla"))
    #expect(first.hasSuffix("\n\u{1B}[?2026l"))
    #expect(!first.contains("\u{1B}[J"))
    #expect(display.frame(at: 2_000_000_000, width: 80).hasPrefix("\u{1B}[?2026h\r\u{1B}[3A\u{1B}[2Kvilla"))
  }

  @Test func writesNothingWhenNothingChangedOrTooSoon() {
    var display = display(running: 1)
    #expect(display.frame(at: 1_000_000_000, width: 80) != "")
    #expect(display.frame(at: 1_500_000_000, width: 80) == "")
    display.record(make(.notice("look"), at: 1.55))
    #expect(display.frame(at: 1_099_999_999, width: 80) == "")
    #expect(display.frame(at: 1_600_000_000, width: 80) != "")
  }

  @Test func movesUpOverRowsThatANarrowerTerminalFolded() {
    var display = display(running: 1)
    _ = display.frame(at: 1_000_000_000, width: 100)
    #expect(display.frame(at: 2_000_000_000, width: 40).hasPrefix("\u{1B}[?2026h\r\u{1B}[6A"))
  }

  @Test(arguments: [4, 9, 13, 24]) func leavesARowOfALowTerminalFree(height: Int) {
    var display = display(running: 40)
    let rows = rows(display.frame(at: 1_000_000_000, width: 100, height: height))
    #expect(rows.count == min(12, max(4, height - 1)))
  }

  @Test func erasesTheRowsThatItTookBeforeWhatHasFinished() {
    var display = display(running: 1)
    _ = display.frame(at: 1_000_000_000, width: 80)
    display.record(make(.notice(String(repeating: "long ", count: 20)), at: 2))
    let frame = display.frame(at: 2_000_000_000, width: 40)
    let erased = String(repeating: "\u{1B}[2K\n", count: 6)
    #expect(frame.hasPrefix("\u{1B}[?2026h\r\u{1B}[6A" + erased + "\r\u{1B}[6A\u{1B}[2K! long"))
  }

  @Test func whatHasFinishedScrollsUpOnce() {
    var display = display(running: 1)
    _ = display.frame(at: 1_000_000_000, width: 80)
    let result = StepResult(outcome: .made, seconds: 2, notes: ["three\u{1B}[2J words"])
    display.record(make(.stepFinished(step(targets[0], 0), result), at: 2))
    #expect(
      rows(display.frame(at: 2_000_000_000, width: 80)) == [
        "✓ build/clips/hook.mp4  made in 2.0s", "    three words",
        "villa  1 of 12 done · 2s · about 1m18s left",
        "· next  build/clips/spa.mp4, build/combined.mp4, build/final.mp4 and 1 more",
      ])
    #expect(rows(display.frame(at: 3_000_000_000, width: 80)).count == 2)
  }

  @Test func leavesOnlyTheSummary() {
    var display = display(running: 1)
    _ = display.frame(at: 1_000_000_000, width: 80)
    var summary = Summary()
    summary.made = 12
    summary.seconds = 80
    display.record(make(.runFinished(summary), at: 80))
    let frame = display.frame(at: 80_000_000_000, width: 80, isLast: true)
    #expect(rows(frame) == ["done in 1m20s: 12 made"])
    #expect(display.frame(at: 81_000_000_000, width: 80, isLast: true) == "")
  }

  @Test func drawsNoBlockWhenNothingIsToDo() {
    var display = TerminalDisplay(name: "villa", style: .plain)
    var forecast = Event.Forecast()
    forecast.current = 13
    display.record(make(.planned(forecast)))
    #expect(display.frame(at: 0, width: 80) == "")
    var summary = Summary()
    summary.current = 13
    display.record(make(.runFinished(summary)))
    #expect(rows(display.frame(at: 1, width: 80, isLast: true)) == ["nothing to do: 13 targets are current"])
  }
}
