import ArgumentParser
import CampaignKit

/// What to build and how: the same for `build`, `plan` and `status`.
struct RequestOptions: ParsableArguments {
  @Argument(help: "Files or names to bring up to date; everything when none is given.")
  var targets: [String] = []

  @Option(
    help: ArgumentHelp("Make a target anew though it is current; may be given again.", valueName: "target"))
  var force: [String] = []

  @Flag(name: [.customShort("B"), .long], help: "Make everything anew.")
  var forceAll = false

  var request: Project.Request {
    var request = Project.Request()
    request.targets = targets + force.filter { !targets.isEmpty && !targets.contains($0) }
    request.forced = force
    request.forceAll = forceAll
    return request
  }
}
