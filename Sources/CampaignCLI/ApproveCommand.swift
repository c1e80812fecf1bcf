import ArgumentParser
import CampaignKit
import CampaignReporting

/// Approves or rejects what a build waits for.
struct ApproveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: "Approve what a build waits for, or reject items of it.",
    discussion: """
      A rule with `approve = yes` stops there: what follows is made once a person
      has looked. What is approved is what the file holds now; if it changes, the
      approval lapses. It is written into Campaignfile.lock. A rejected item is taken
      out of the file, like an edit by hand: `--force` makes the file anew.

      Examples:
        campaign approve build/pairs.json                  all pairs
        campaign approve build/pairs.json hook             one of them
        campaign approve build/pairs.json outro --reject   not this one
      """)

  @Argument(help: "A file whose rule has `approve = yes`.")
  var target: String

  @Argument(help: "Items of its array, by `id`; everything when none is given.")
  var items: [String] = []

  @Flag(help: "Take these items out of it instead.")
  var reject = false

  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    if reject && items.isEmpty { throw ValidationError("`--reject` goes with the items to reject") }
  }

  func run() throws {
    let project = try workspace.load()
    do throws(BuildError) {
      if reject {
        try project.reject(target, items: items)
        for item in items { Output.results.write("rejected \(item), which is no longer in \(target)\n") }
        return
      }
      if items.isEmpty { Output.results.write("approved \(try project.approve(target))\n") }
      for item in items { Output.results.write("approved \(try project.approve(target, item: item))\n") }
    } catch { throw Problem(error) }
  }
}
