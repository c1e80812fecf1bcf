import CampaignCore
import CampaignEngine
import CampaignReporting

/// Hand-made values that the tests of this target share.
func make(_ kind: Event.Kind, at seconds: Double = 0) -> Event {
  Event(time: Int64(seconds * 1e9), kind: kind)
}

func step(_ target: String, _ index: Int = 0, usual: Double? = nil) -> StepLabel {
  StepLabel(id: StepID(index), target: target, action: "generate-clip", pool: "cpu", usual: usual)
}

/// The first character of a line of a Campaignfile, or a text in it.
func place(_ text: String, of line: String = "", line number: Int) -> Site {
  let lines = String(repeating: "\n", count: number - 1) + line
  let source = SourceText(file: "Campaignfile", bytes: Array(lines.utf8))
  return source.site(Span(number - 1, lines.utf8.count)).narrowed(to: text)
}

func entry(
  _ output: String, from inputs: [String], _ verdict: Plan.Verdict, action: String = "generate-clip",
  estimate: Money = .zero
) -> Plan.Entry {
  Plan.Entry(
    outputs: [output], inputs: inputs, action: action, pool: "cpu", verdict: verdict, estimate: estimate,
    usual: 12, site: place("", line: 14))
}

let photoChanged = Reason.inputChanged([.init(path: "photos/a.jpg", kind: .changed)])

/// A film of one changed clip, with music that comes back and a rule that waits for its file.
func stalePlan() -> Plan {
  var plan = Plan()
  plan.entries = [
    entry("build/manifest.json", from: ["photos/a.jpg"], .current, action: "collect"),
    entry("build/hook.mp4", from: ["photos/a.jpg"], .stale([photoChanged])),
    entry("build/music.m4a", from: ["build/manifest.json"], .restorable([.outputMissing("build/music.m4a")])),
    entry("build/brief.json", from: [], .edited([.outputEdited("build/brief.json")])),
    entry("build/title.png", from: [], .kept),
    entry(
      "build/final.mp4", from: ["build/hook.mp4", "build/music.m4a"],
      .undecided(because: ["build/hook.mp4"]), action: "mix-audio", estimate: Money(micros: 900_000)),
  ]
  plan.pending = [
    Plan.Pending(
      outputs: "build/clips/{pair.id}.mp4", file: "build/pairs.json", action: "generate-clip", site: nil)
  ]
  plan.forecast.toMake = 1
  plan.forecast.toRestore = 1
  plan.forecast.toAdopt = 1
  plan.forecast.current = 2
  plan.forecast.undecided = 1
  plan.forecast.seconds = 80
  plan.orphans = ["build/clips/old.mp4"]
  return plan
}

func currentPlan() -> Plan {
  var plan = Plan()
  plan.entries = [
    entry("build/hook.mp4", from: ["photos/a.jpg"], .current),
    entry("build/final.mp4", from: ["build/hook.mp4"], .current, action: "mix-audio"),
  ]
  plan.forecast.current = 2
  return plan
}
