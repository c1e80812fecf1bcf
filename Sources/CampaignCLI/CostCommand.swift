import ArgumentParser
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting

/// What the workspace has spent, and on what.
struct CostCommand: ParsableCommand {
  enum Grouping: String, CaseIterable, ExpressibleByArgument { case stage, model, target, month }

  static let configuration = CommandConfiguration(
    commandName: "cost",
    abstract: "What was spent, on what, and for each usable clip.",
    discussion: """
      From the ledger of this workspace: what providers billed, or, where they do
      not say, what their price list makes of it. Requests in flight count with the
      most that they can cost.

      Examples:
        campaign cost
        campaign cost --by target
        campaign cost --json
      """)

  @Option(help: "What to sum by.")
  var by = Grouping.stage

  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print every request as JSON.")
  var json = false

  func run() throws {
    let project = try workspace.load()
    let report: CostReport
    do { report = try project.costs() } catch { throw Problem(error) }
    for line in report.oddLines { Output.narration.write("not counted: \(line.words)\n") }
    Output.results.write(json ? report.json.pretty : text(report, project))
  }

  private func text(_ report: CostReport, _ project: Project) -> String {
    let rows = report.rows(by: name)
    guard !rows.isEmpty else { return "nothing was spent\n" }
    let column = rows.map { TextWidth.of($0.name) }.max() ?? 0
    var text = rows.map { row in
      "\(TextWidth.pad(row.name, to: column))  \(row.cost)  \(Wording.count(row.attempts, "request"))\n"
    }.joined()
    text += workspace.look.style("spent", .strong) + " \(report.total)"
    if let budget = project.campaign.budget { text += " of \(budget)" }
    let flying = report.inFlight
    if !flying.isEmpty {
      text += ", of which \(flying.reduce(Money.zero) { $0 + $1.reserved }) in flight"
    }
    let wasted = report.attempts.filter { !$0.isOpen && $0.state != .bought && $0.committed > .zero }
    if !wasted.isEmpty {
      let sum = wasted.reduce(Money.zero) { $0 + $1.committed }
      text += ", \(sum) for \(Wording.count(wasted.count, "request")) that gave nothing to use"
    }
    if report.usableClips > 0 {
      let each = Money(micros: report.clipCost.micros / Int64(report.usableClips))
      text += "; \(each) for each of \(Wording.count(report.usableClips, "usable clip"))"
    }
    return text + "\n"
  }

  private func name(_ attempt: Attempt) -> String {
    switch by {
    case .stage: attempt.kind
    case .model: "\(attempt.provider) \(attempt.model)"
    case .target: attempt.target
    case .month: Day(seconds: attempt.began).monthName
    }
  }
}
