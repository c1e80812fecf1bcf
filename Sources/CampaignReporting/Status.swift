import CampaignCore
import CampaignEngine

/// How a campaign stands, in five lines: is the film current, whom does it wait for, why is it stale, what is in flight,
/// what was spent.
///
///     lakeside-villa is stale
///       film       build/final.mp4 depends on build/combined.mp4
///       waits for  nobody
///       why        photos/a.jpg changed; 3 to make, 9 current, 2 undecided; free, about 1m20s
///       in flight  nothing
///       spent      $2.70 of $25.00
///     next: campaign build
package struct Status: Sendable {
  /// What a plan does not know.
  package struct Circumstances: Sendable {
    /// A build that runs now.
    package var builder: String?
    package var pausedPools: [String] = []
    /// Steps that failed in the last build, with what they said, and its name.
    package var failures: [(target: String, message: String)] = []
    package var lastBuild: String?
    /// The profile of the last build, where it is another one than this.
    package var otherProfile: String?
    /// Paid requests that go on at a provider: for what, and by whom.
    package var inFlight: [(target: String, provider: String)] = []
    package var inFlightCost = Money.zero
    package var spent = Money.zero
    package var budget: Money?

    package init() {}
  }

  private let campaign: String
  private let plan: Plan
  private let now: Circumstances

  package init(campaign: String, plan: Plan, _ now: Circumstances = Circumstances()) {
    self.campaign = campaign
    self.plan = plan
    self.now = now
  }

  package var isCurrent: Bool { plan.isCurrent }

  package func text(_ style: Style) -> String {
    let verdict = isCurrent ? style("current", .good) : style("stale", .warning)
    let lines = [
      ("film", film), ("waits for", waitsFor), ("why", why), ("in flight", inFlight), ("spent", spent),
    ]
    return "\(style(campaign, .strong)) is \(verdict)\n"
      + lines.map { "  " + TextWidth.pad($0.0, to: 9) + "  " + Wording.clean($0.1) + "\n" }.joined()
      + plan.remarks + "next: \(next)\n"
  }

  package var json: JSON {
    .members([
      "v": .int(1), "campaign": .string(campaign), "current": .bool(isCurrent),
      "final": .array(final.map(\.json)), "why": .strings(causes), "forecast": plan.forecast.json,
      "approvals": .strings(approvals), "building": now.builder.map { .string($0) } ?? .null,
      "paused": .strings(now.pausedPools), "lastBuild": now.lastBuild.map { .string($0) } ?? .null,
      "failed": .array(
        now.failures.map { .members(["target": .string($0.target), "message": .string($0.message)]) }),
      "inFlight": .array(
        now.inFlight.map { .members(["target": .string($0.target), "provider": .string($0.provider)]) }),
      "usdInFlight": now.inFlightCost.json, "usdSpent": now.spent.json,
      "usdBudget": now.budget?.json ?? .null, "orphans": .strings(plan.orphans), "next": .string(next),
    ])
  }

  // MARK: - The lines

  private var film: String {
    let shown = final.prefix(2).map { "\($0.outputs.first ?? "") \($0.verdict.verbPhrase)" }
    let more = final.count > 2 ? ["and \(final.count - 2) more"] : []
    return (shown + more).joined(separator: "; ")
  }

  private var waitsFor: String {
    var names = approvals.map { "your approval of \($0)" }
    if let builder = now.builder { names.append("a build that runs: \(builder)") }
    if !now.pausedPools.isEmpty { names.append("paused: \(now.pausedPools.joined(separator: ", "))") }
    return names.isEmpty ? "nobody" : names.joined(separator: "; ")
  }

  private var why: String {
    guard !isCurrent else {
      let kept = plan.entries.count { $0.verdict == .kept }
      return "\(Wording.count(plan.entries.count + plan.omitted - kept, "target")) current"
        + (kept > 0 ? ", \(kept) edited by hand and kept" : "")
    }
    let failed = now.failures.map {
      "\($0.target) failed in \(now.lastBuild ?? "the last build"): \($0.message)"
    }
    let list = failed + causes
    let last = now.otherProfile.map { "the last build was by \($0); " } ?? ""
    return last + (list.isEmpty ? "" : Wording.list(list, limit: 3) + "; ") + plan.totals
  }

  private var inFlight: String {
    guard !now.inFlight.isEmpty else { return "nothing" }
    let list = now.inFlight.map { "\($0.target) at \($0.provider)" }
    return "\(Wording.count(list.count, "request")), up to \(now.inFlightCost): \(Wording.list(list))"
  }

  private var spent: String {
    let amount = now.spent == .zero ? "nothing" : now.spent.description
    return amount + (now.budget.map { " of \($0)" } ?? "")
  }

  private var next: String {
    if let target = approvals.first { return "campaign approve \(target)" }
    if now.builder != nil { return "wait for the build that runs" }
    if !now.pausedPools.isEmpty { return "campaign resume" }
    if isCurrent { return "nothing to do" }
    return (now.failures.first.map { "campaign log \(Wording.clean($0.target)), then " } ?? "")
      + "campaign build"
  }

  // MARK: - What they rest on

  /// What a person has to approve before a build can go on.
  private var approvals: [String] {
    var names: Set<String> = []
    for case .awaiting(let targets) in plan.entries.map(\.verdict) { names.formUnion(targets) }
    return names.sorted()
  }

  /// The steps whose outputs no other step takes: the films, usually one.
  private var final: [Plan.Entry] { plan.films }

  /// Each thing that made something stale, once, in the order of the plan.
  private var causes: [String] {
    var seen: Set<String> = []
    return plan.entries.flatMap { entry in
      switch entry.verdict {
      case .stale(let reasons), .restorable(let reasons), .edited(let reasons):
        reasons.map { $0 == .neverBuilt ? "\(entry.outputs.first ?? "") was never built" : $0.description }
      case .awaiting, .current, .kept, .undecided: [String]()
      }
    }.filter { seen.insert($0).inserted }
  }
}

extension Plan {
  /// The steps whose outputs no other step takes: the films first, then posters and the like.
  package var films: [Entry] {
    let taken = Set(entries.lazy.flatMap(\.sources)).union(pending.map(\.file))
    let last = entries.filter { entry in entry.outputs.allSatisfy { !taken.contains($0) } }
    let isFilm = { (entry: Entry) in
      entry.outputs[0].hasSuffix(".mp4") || entry.outputs[0].hasSuffix(".mov")
    }
    return last.filter(isFilm) + last.filter { !isFilm($0) }
  }
}

extension Plan.Entry {
  /// All that has to be there before the step is known and can run.
  var sources: [String] { inputs + (each.map { [$0] } ?? []) }
}

extension Plan.Verdict {
  /// A whole predicate: "is current", "depends on build/clips/hook.mp4".
  package var verbPhrase: String {
    switch self {
    case .current, .stale, .kept, .edited, .awaiting: "is \(phrase)"
    case .restorable, .undecided: phrase
    }
  }

  /// The end of "this target …", e.g. "depends on build/clips/hook.mp4".
  package var phrase: String {
    switch self {
    case .current: "current"
    case .kept: "kept: edited by hand; its inputs have changed since"
    case .stale(let reasons): "stale: \(Wording.reasons(reasons))"
    case .restorable(let reasons): "comes back from the store: \(Wording.reasons(reasons))"
    case .edited(let reasons): "to be adopted: \(Wording.reasons(reasons))"
    case .undecided(let targets): "depends on \(Wording.list(targets))"
    case .awaiting(let targets): "waiting for your approval of \(Wording.list(targets))"
    }
  }
}
