import ArgumentParser
import CampaignKit
import CampaignReporting

/// Accepts a file as the result of a step.
struct AdoptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adopt",
    abstract: "Accept a file of your own as what a step makes: nothing is run or bought.",
    discussion: """
      It stands until you force the target, also when its inputs change later. What
      stood there before is kept in the store. Current inputs and a sound file are
      asked for: a film has to be a film.

      Examples:
        campaign adopt build/clips/hook.mp4 --from edited.mp4
        campaign adopt build/pairs.json                         as it is now
      """)

  @Argument(help: "A file that a rule makes.")
  var target: String

  @Option(help: ArgumentHelp("Put this file there first.", valueName: "file"))
  var from: String?

  @OptionGroup var workspace: WorkspaceOptions

  func run() throws {
    let project = try workspace.load()
    do throws(BuildError) { try project.adopt(target, from: from) } catch { throw Problem(error) }
    Output.results.write("`\(target)` is yours now: a build leaves it alone until you force it\n")
  }
}
