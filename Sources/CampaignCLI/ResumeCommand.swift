import ArgumentParser
import CampaignEngine
import CampaignKit
import CampaignReporting

/// Lets steps of a paused pool start again.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Let steps start again in a paused pool.",
    discussion: """
      Examples:
        campaign resume replicate
        campaign resume              all pools
      """)

  @Argument(help: "The pool; all of them when not given.")
  var pool: String?

  @OptionGroup var workspace: WorkspaceOptions

  func run() throws {
    let project = try workspace.load()
    let before = project.pausedPools.names
    do throws(BuildError) { try project.resume(pool) } catch { throw Problem(error) }
    let resumed = before.subtracting(project.pausedPools.names)
    let names = resumed.contains(PausedPools.all) ? ["all pools"] : resumed.sorted()
    if !resumed.isEmpty { Output.results.write("resumed: \(names.joined(separator: ", "))\n") }
    if resumed.isEmpty || !project.pausedPools.names.isEmpty { Output.results.write(project.pausedLine) }
  }
}

extension Project {
  /// E.g. `paused: cpu, replicate`.
  var pausedLine: String {
    let names = pausedPools.names
    if names.isEmpty { return "no pool is paused\n" }
    return names.contains(PausedPools.all)
      ? "all pools are paused\n" : "paused: \(names.sorted().joined(separator: ", "))\n"
  }
}
