import ArgumentParser
import CampaignKit
import CampaignReporting

/// Cancels paid requests that are in flight.
struct CancelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Cancel paid requests that are in flight.",
    discussion: """
      A build that is interrupted leaves them running, and the next one picks up
      what they made. A provider may charge for the time that a canceled one ran.

      Examples:
        campaign cancel                          all of them
        campaign cancel build/clips/hook.mp4
      """)

  @Argument(help: "Targets; all when none is given.")
  var targets: [String] = []

  @OptionGroup var workspace: WorkspaceOptions

  func run() throws {
    let project = try workspace.load()
    do throws(BuildError) {
      let lines = try project.cancel(targets)
      Output.results.write(lines.isEmpty ? "nothing is in flight\n" : lines.map { $0 + "\n" }.joined())
    } catch { throw Problem(error) }
  }
}
