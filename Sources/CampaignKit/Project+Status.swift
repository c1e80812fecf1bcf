import CampaignCore
import CampaignEngine
import CampaignReporting

extension Project {
  /// What stands around a plan: builds that run or failed, money, pauses.
  package func circumstances(_ plan: Plan) throws(BuildError) -> Status.Circumstances {
    var now = Status.Circumstances()
    now.builder = Workspace.builder(state)
    now.pausedPools = pausedPools.names.sorted()
    now.budget = campaign.budget
    if mayBuy || Files.exists(state.journal) {
      let costs = try costs()
      now.spent = costs.total
      now.inFlight = costs.inFlight.map { ($0.target, $0.provider) }
      now.inFlightCost = costs.inFlight.reduce(.zero) { $0 + $1.reserved }
    }
    guard !plan.isCurrent, let last = archive.history(limit: 1).first else { return now }
    // What has become current since, or is asked for no more, is no failure.
    let stale = Set(plan.entries.filter { $0.verdict != .current }.flatMap(\.outputs))
    now.lastBuild = last.name.short
    if last.profile != profile { now.otherProfile = last.profile.map { "profile `\($0)`" } ?? "no profile" }
    now.failures = last.steps.filter { $0.outcome == "failed" && stale.contains($0.target) }
      .map { ($0.target, $0.message ?? "") }
    return now
  }

  /// The first target that no other is made from: the film.
  package func film() throws(BuildError) -> String {
    var request = Request()
    request.listsCurrent = false
    let plan = try plan(request)
    if let film = plan.films.first?.outputs.first { return film }
    throw .invalid([
      Diagnostic("E0406", "no rule makes a film yet", at: nil, help: "`campaign status` says more")
    ])
  }
}
