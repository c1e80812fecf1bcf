import CampaignCore
import CampaignEngine
import CampaignReporting
import Testing

@Suite struct EventLinesTests {
  private func text(_ events: [Event]) -> String {
    var lines = EventLines()
    return String(decoding: events.flatMap { lines.line(for: $0) }, as: UTF8.self)
  }

  @Test func writesOneObjectALine() {
    let failure = StepFailure("no\nroom", help: "make room")
    let failed = StepResult(outcome: .failed(failure), seconds: 0.5, log: "logs/a")
    let events = [
      make(.runStarted(run: "r1", targets: ["a"])), make(.waiting(owner: "pid 7")),
      make(.stepStarted(step("a", usual: 4), reasons: [.neverBuilt]), at: 0.4125),
      make(.stepProgress(step("a"), fraction: 0.5, detail: "frame 90"), at: 1),
      make(.stepFinished(step("a"), failed), at: 2), make(.grew(file: "p.json", count: 7), at: 2),
      make(.notice("\"x\""), at: 2), make(.interrupted(signal: 15, isFinal: false), at: 2),
    ]
    #expect(
      text(events) == #"""
        {"v":1,"t":0.000,"run":"r1","ev":"run.started","targets":["a"]}
        {"v":1,"t":0.000,"run":"r1","ev":"run.waiting","owner":"pid 7"}
        {"v":1,"t":0.413,"run":"r1","ev":"step.started","target":"a","action":"generate-clip","pool":"cpu",\#
        "why":["never built"],"usualSeconds":4.000}
        {"v":1,"t":1.000,"run":"r1","ev":"step.progress","target":"a","fraction":0.500,"detail":"frame 90"}
        {"v":1,"t":2.000,"run":"r1","ev":"step.finished","target":"a","action":"generate-clip",\#
        "outcome":"failed","seconds":0.500,"usd":0.00,"changed":true,"notes":[],"message":"no\nroom",\#
        "help":"make room","kind":"failed","log":"logs/a"}
        {"v":1,"t":2.000,"run":"r1","ev":"plan.grew","file":"p.json","count":7}
        {"v":1,"t":2.000,"run":"r1","ev":"notice","message":"\"x\""}
        {"v":1,"t":2.000,"run":"r1","ev":"run.interrupted","signal":"SIGTERM","final":false}

        """#)
  }

  @Test func writesForecastAndSummaryAsNumbers() {
    var forecast = Event.Forecast()
    forecast.toMake = 2
    forecast.cost = Money(micros: 1_800_000)
    var summary = Summary()
    summary.made = 2
    summary.seconds = 3.25
    #expect(
      text([make(.planned(forecast)), make(.runFinished(summary), at: 3.25)]) == #"""
        {"v":1,"t":0.000,"run":"","ev":"plan","forecast":{"toMake":2,"toRestore":0,"toAdopt":0,"undecided":0,"current":0,\#
        "usd":1.80,"usdAtMost":1.80,"usdAwaited":0.00,"inFlight":0,"usdInFlight":0.00,"seconds":null}}
        {"v":1,"t":3.250,"run":"","ev":"run.finished","summary":{"made":2,"restored":0,"adopted":0,"current":0,\#
        "failed":0,"skipped":0,"refused":0,"troubled":0,"awaiting":0,"interrupted":false,\#
        "inFlight":0,"usdInFlight":0.00,"usd":0.00,"seconds":3.250}}

        """#)
  }
}
