import CampaignActions
import CampaignCore
import CampaignEngine

extension Project {
  /// Throws, before anything runs, when this machine lacks what a step of a build needs: once for each package.
  func checkTools(_ request: Request) throws(BuildError) {
    let lacks = Tool.allCases.filter { $0.obstacle != nil }
    let isNeeded = recipe.rules.contains { rule in
      catalog.tools(rule.action, []).contains(where: lacks.contains)
    }
    guard isNeeded else { return }
    let plan = try plan(request)
    let steps =
      plan.entries.filter(\.mayRun).map { ($0.outputs[0], catalog.tools($0.action, $0.parameters), $0.site) }
      + plan.pending.map { ($0.outputs, catalog.tools($0.action, []), $0.site) }
    var told: Set<String> = []
    let diagnostics = lacks.compactMap { lack -> Diagnostic? in
      let needers = steps.filter { $0.1.contains(lack) }
      guard let first = needers.first, told.insert(lack.package).inserted else { return nil }
      let kin = lacks.filter { $0.package == lack.package }.compactMap(\.obstacle).joined(separator: ", ")
      let more = needers.count > 1 ? " and \(needers.count - 1) more" : ""
      return Diagnostic(
        "E0420", "\(kin); it is needed for `\(first.0)`\(more)", at: first.2,
        help: "apt install \(lack.package); `campaign doctor` shows all that is needed")
    }
    guard diagnostics.isEmpty else { throw .invalid(diagnostics) }
  }
}

extension Plan.Entry {
  /// A build runs it, or may.
  fileprivate var mayRun: Bool {
    switch verdict {
    case .stale, .undecided: true
    case .current, .kept, .restorable, .edited, .awaiting: false
    }
  }
}
