import CampaignCore
import CampaignEngine

/// How a campaign stands, in about five lines.
///
///     lakeside-villa is stale
///       build/teaser.mp4  depends on build/final.mp4
///       why      photos/a.jpg changed
///       to do    3 to make, 9 current, 2 undecided; free, about 1m20s
///       next     campaign build
package struct Status: Sendable {
  private let campaign: String
  private let plan: Plan

  package init(campaign: String, plan: Plan) {
    self.campaign = campaign
    self.plan = plan
  }

  package var isCurrent: Bool { plan.isCurrent }

  package func text(_ style: Style) -> String {
    let verdict = isCurrent ? style("current", .good) : style("stale", .warning)
    let lines = isCurrent ? currentLines : staleLines
    let column = lines.map { TextWidth.of($0.label) }.max() ?? 0
    return "\(style(campaign, .strong)) is \(verdict)\n"
      + lines.map { "  " + TextWidth.pad($0.label, to: column) + "  " + Wording.clean($0.text) + "\n" }
      .joined()
      + plan.orphanLine
  }

  package var json: JSON {
    .members([
      "v": .int(1), "campaign": .string(campaign), "current": .bool(isCurrent),
      "final": .array(final.map(\.json)), "why": .strings(causes), "forecast": plan.forecast.json,
      "orphans": .strings(plan.orphans),
    ])
  }

  private var currentLines: [(label: String, text: String)] {
    let kept = plan.entries.count { $0.verdict == .kept }
    let counts =
      "\(plan.entries.count - kept) current" + (kept > 0 ? ", \(kept) edited by hand and kept" : "")
    return finalLines + [("targets", counts)]
  }

  private var staleLines: [(label: String, text: String)] {
    let why = causes.isEmpty ? [] : [("why", Wording.list(causes, limit: 4))]
    return finalLines + why + [("to do", plan.totals), ("next", "campaign build")]
  }

  private var finalLines: [(label: String, text: String)] {
    let shown = final.prefix(3).map { ($0.outputs.first ?? "", $0.verdict.phrase) }
    return shown
      + (final.count > 3 ? [("", "and \(Wording.count(final.count - 3, "more final target"))")] : [])
  }

  /// The steps whose outputs no other step takes: the films, usually one.
  private var final: [Plan.Entry] {
    let taken = Set(plan.entries.lazy.flatMap(\.inputs))
    return plan.entries.filter { entry in entry.outputs.allSatisfy { !taken.contains($0) } }
  }

  /// Each thing that made something stale, once, in the order of the plan.
  private var causes: [String] {
    var seen: Set<String> = []
    return plan.entries.flatMap { entry in
      switch entry.verdict {
      case .stale(let reasons), .restorable(let reasons), .edited(let reasons):
        reasons.map { $0 == .neverBuilt ? "\(entry.outputs.first ?? "") was never built" : $0.description }
      case .awaiting(let targets): targets.map { "\($0) waits for your approval" }
      case .current, .kept, .undecided: [String]()
      }
    }.filter { seen.insert($0).inserted }
  }
}

extension Plan.Verdict {
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
