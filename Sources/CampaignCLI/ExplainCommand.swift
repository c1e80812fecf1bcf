import ArgumentParser
import CampaignKit
import CampaignReporting

/// Says why a target is as it is.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Why a target is as it is, down to its sources.",
    discussion: """
      Shows the comparison that decides whether it is made again.

      Example:
        campaign explain build/final.mp4
      """)

  @Argument(help: "A file that a rule makes.")
  var target: String

  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print the explanation as JSON.")
  var json = false

  func run() throws {
    let project = try workspace.load()
    let explanation: Explanation
    do { explanation = try project.explain(target) } catch { throw Problem(error) }
    Output.results.write(json ? explanation.json.pretty : explanation.text(workspace.look.style))
  }
}
