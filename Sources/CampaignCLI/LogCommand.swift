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
    let log: String
    do { log = try archive.log(target) ?? "" } catch { throw Problem(error) }
    if log.isEmpty {
      guard let step = archive.lastStep(target) else {
        throw Problem(
          "`\(target)` has no log: it has not run yet", help: "`campaign build \(target)` runs it",
          code: .failure)
      }
      if !json { Output.narration.write("`\(target)` \(Self.fate(of: step)) without a word\n") }
    }
    let document = JSON.members(["v": .int(1), "target": .string(target), "log": .string(log)])
    Output.results.write(json ? document.pretty : log)
  }

  private static func fate(of step: Run.Step) -> String {
    switch step.outcome {
    case "failed": "failed (\(Wording.clean(step.message ?? "nobody knows why")))"
    case "made", "restored": "was \(step.outcome!)"
    case nil: "has run so far"
    default: "was stopped"
    }
  }
}
