import ArgumentParser
import CampaignCore
import CampaignKit
import CampaignReporting

/// Prints what a step printed.
struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "What the programs of a step printed when it last ran.",
    discussion: """
      Example:
        campaign log build/clips/hook.mp4
      """)

  @Argument(help: "A file that a rule makes.")
  var target: String

  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print it as JSON.")
  var json = false

  func run() throws {
    let archive = try workspace.archive()
    let log: String?
    do { log = try archive.log(target) } catch { throw Problem(error) }
    guard let log else {
      throw Problem(
        "`\(target)` has no log: it has not run yet", help: "`campaign build \(target)` runs it",
        code: .failure)
    }
    let document = JSON.members(["v": .int(1), "target": .string(target), "log": .string(log)])
    if log.isEmpty && !json { Output.narration.write("`\(target)` was made without a word\n") }
    Output.results.write(json ? document.pretty : log)
  }
}
