import ArgumentParser
import CampaignEngine
import CampaignKit
import CampaignReporting

/// Says what a build would do.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Say what a build would do, why, and for how much.",
    discussion: """
      Nothing is run or written. A step is made, restored from the store, or depends
      on a step before it: whether that one will run is known only once its inputs
      are made.

      Examples:
        campaign plan
        campaign plan -v build/final.mp4    current steps too
        campaign plan --json
        campaign plan --markdown > comment.md    for a pull request
      """)

  @OptionGroup var request: RequestOptions
  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print the plan as JSON.")
  var json = false

  @Flag(help: "Print the plan as Markdown, for a comment on a pull request.")
  var markdown = false

  @Flag(name: .shortAndLong, help: "List what is current too.")
  var verbose = false

  func validate() throws {
    if json && markdown { throw ValidationError("`--json` and `--markdown` exclude each other") }
  }

  func run() throws {
    let project = try workspace.load()
    if markdown {
      let plan = try Planning.plan(project, request.request)
      return Output.results.write(Markdown.plan(plan, campaign: project.campaign.name))
    }
    try Planning.run(
      project, request.request, json: json, verbose: verbose, workspace.look.style)
  }
}

/// A plan, and how `plan` and `build -n` print it.
enum Planning {
  static func plan(_ project: Project, _ request: Project.Request) throws(Problem) -> Plan {
    do { return try project.plan(request) } catch { throw Problem(error) }
  }

  static func run(_ project: Project, _ request: Project.Request, json: Bool, verbose: Bool, _ style: Style)
    throws(Problem)
  {
    var request = request
    request.listsCurrent = json || verbose
    let plan = try plan(project, request)
    Output.results.write(json ? plan.json.pretty : plan.text(listsCurrent: verbose, style))
  }
}
