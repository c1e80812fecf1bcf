import ArgumentParser
import CampaignKit
import CampaignReporting

/// Keeps steps of a pool from starting, also in a build that runs.
struct PauseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Let no step start in a pool until `campaign resume`, also while a build runs.",
    discussion: """
      What runs goes on to its end. A pool is `cpu`, one of the Campaignfile, or a
      provider.

      Examples:
        campaign pause replicate    order nothing more there for now
        campaign pause              start nothing at all
      """)

  @Argument(help: "The pool; all of them when not given.")
  var pool: String?

  @OptionGroup var workspace: WorkspaceOptions

  func run() throws {
    let project = try workspace.load()
    do throws(BuildError) { try project.pause(pool) } catch { throw Problem(error) }
    Output.results.write(project.pausedLine)
  }
}
