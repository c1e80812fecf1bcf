import CPlatform
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import Glibc

/// Settles how much a build may spend, before it spends anything: by options, by budgets, or by asking.
struct Purse {
  /// Those that are built at once: they share the limit.
  let projects: [Project]
  let style: Style
  /// How many takes of forced targets are wanted.
  let tries: Int

  /// Gives the request its limit. Throws when nobody allows what it may cost.
  func open(_ request: inout Project.Request) throws(Problem) {
    var plans: [Plan] = []
    let buyers = projects.filter(\.mayBuy)
    var question = request
    question.listsCurrent = false
    for project in buyers { plans.append(try Planning.plan(project, question)) }
    if request.isFrozen { return try refuse(plans) }
    let most = plans.reduce(Money.zero) { $0 + self.most(of: $1) }
    guard request.maxCost == nil else { return }
    // What nobody foresaw is not allowed either: the next build knows its price and asks.
    guard most > .zero else {
      let isAsked = Surroundings.isPersonThere || buyers.contains { !$0.hasBudget }
      if isAsked { request.maxCost = .zero }
      return
    }
    if Surroundings.isPersonThere {
      request.maxCost = try ask(plans, most)
    } else if let project = projects.first(where: { $0.mayBuy && !$0.hasBudget }) {
      let costs = Wording.cost(plans.reduce(.zero) { $0 + $1.forecast.cost }, most: most)
      throw Problem(
        "this build may cost \(costs), and nothing says how much it may"
          + (projects.count > 1 ? " in \(project.folder)" : ""),
        help:
          "`--max-cost 5.00` allows one build to spend, `budget = 25.00 USD` in the Campaignfile all of them",
        code: .refused)
    }
  }

  /// What a plan can cost, with everything that is not decided yet.
  private func most(of plan: Plan) -> Money { plan.forecast.most * tries }

  private func refuse(_ plans: [Plan]) throws(Problem) {
    let buys = plans.flatMap(\.entries).filter { entry in
      if case .stale = entry.verdict { entry.estimate > .zero } else { false }
    }
    guard !buys.isEmpty else { return }
    let list = buys.map { "  \($0.outputs[0])  \($0.estimate)  \($0.verdict.phrase)" }.joined(separator: "\n")
    throw Problem(
      "`--frozen` buys nothing, and this would have to be bought:\n\(list)",
      help: "build it where it may be bought, and commit Campaignfile.lock", code: .refused)
  }

  private func ask(_ plans: [Plan], _ most: Money) throws(Problem) -> Money {
    for plan in plans { Output.narration.write(plan.text(style)) }
    Output.narration.write("Spend up to \(most)? [y/N] ")
    guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
      throw Problem("nothing was spent", help: "`campaign plan` shows what it would be for", code: .refused)
    }
    return most
  }

  // MARK: - Choosing anew

  /// Lets the steps that choose do so once more, and shows what that changes before the rest is allowed to cost
  /// anything. Returns false when the old choice is to stay.
  func reselect(_ request: inout Project.Request, build: (Project, Project.Request) throws -> Void) throws
    -> Bool
  {
    let project = projects[0]
    var first = request
    first.targets = project.choices
    first.forced = project.choices
    first.reselects = true
    let before = project.contents(of: project.choices)
    try open(&first)
    try build(project, first)
    for change in project.changes(of: project.choices, since: before) {
      Output.narration.write(change.text(style))
    }
    do throws(Problem) { try open(&request) } catch {
      guard error.code == .refused else { throw error }
      do { try project.put(back: before) } catch { throw Problem(error) }
      Output.narration.write("the choice is as it was before\n")
      throw error
    }
    return true
  }
}

extension Surroundings {
  /// Someone can read a question and answer it.
  static var isPersonThere: Bool {
    isatty(STDIN_FILENO) == 1 && of(STDERR_FILENO).allowsRepainting
  }
}

extension ChoiceChange {
  fileprivate func text(_ style: Style) -> String {
    let line = "\(file): \(kept.count) kept, \(new.count) new, \(dropped.count) dropped\n"
    return style("choice", .strong) + " " + line + new.map { style("  + ", .good) + $0 + "\n" }.joined()
      + dropped.map { style("  - ", .warning) + $0 + "\n" }.joined()
  }
}
