import ArgumentParser
import CampaignKit
import CampaignReporting

/// Says why a target is as it is.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Why a target is as it is, down to its sources.",
    discussion: """
      Every parameter and input, with what it was when the target was last made; a
      changed prompt word by word; the sources that it rests on; the take that it
      is.

      Examples:
        campaign explain                            the film
        campaign explain build/clips/hook.mp4
        campaign explain -v build/final.mp4         every source
      """)

  @Argument(help: "A file that a rule makes; the film when not given.")
  var target: String?

  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print the explanation as JSON.")
  var json = false

  @Flag(name: .shortAndLong, help: "List every source.")
  var verbose = false

  func run() throws {
    let project = try workspace.load()
    let explanation: Explanation
    do throws(BuildError) {
      let target = if let target { target } else { try project.film() }
      explanation = try project.explain(target, Project.Request())
    } catch { throw Problem(error) }
    Output.results.write(
      json ? explanation.json.pretty : explanation.text(workspace.look.style, isVerbose: verbose))
  }
}
