import ArgumentParser
import CampaignEngine
import CampaignReporting

/// Says how the film stands.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "How the film stands, in about five lines.",
    discussion: """
      Examples:
        campaign status
        campaign status --check && publish    code 3 when something is stale
      """)

  @OptionGroup var request: RequestOptions
  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Leave with code 3 when something is stale.")
  var check = false

  @Flag(help: "Print the status as JSON.")
  var json = false

  func run() throws {
    let project = try workspace.load()
    var wanted = request.request
    wanted.listsCurrent = false
    let plan = try Planning.plan(project, wanted)
    let now: Status.Circumstances
    do { now = try project.circumstances(plan) } catch { throw Problem(error) }
    let status = Status(campaign: project.campaign.name, plan: plan, now)
    Output.results.write(json ? status.json.pretty : status.text(workspace.look.style))
    if check && !status.isCurrent { throw ExitCode.stale }
  }
}
