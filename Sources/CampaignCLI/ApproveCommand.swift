import ArgumentParser
import CampaignKit
import CampaignReporting

/// Approves what a build waits for.
struct ApproveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: "Approve what a build waits for.",
    discussion: """
      A rule with `approve = yes` stops there: what follows is made once a person
      has looked. What is approved is what the file holds now; if it changes, the
      approval lapses. It is written into Campaignfile.lock.

      Examples:
        campaign approve build/pairs.json          all pairs
        campaign approve build/pairs.json hook     one of them
      """)

  @Argument(help: "A file whose rule has `approve = yes`.")
  var target: String

  @Argument(help: "Items of its array, by `id`; everything when none is given.")
  var items: [String] = []

  @OptionGroup var workspace: WorkspaceOptions

  func run() throws {
    let project = try workspace.load()
    do throws(BuildError) {
      if items.isEmpty { Output.results.write("approved \(try project.approve(target))\n") }
      for item in items { Output.results.write("approved \(try project.approve(target, item: item))\n") }
    } catch { throw Problem(error) }
  }
}
