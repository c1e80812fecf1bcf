import ArgumentParser
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting

/// Lists, chooses and rejects takes.
struct TakesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "takes",
    abstract: "List what was bought for a target, choose among it, or reject it.",
    discussion: """
      Every take that was ever bought stays. To choose one is free: the target is
      brought to it, and no other file is touched. To reject the one that counts
      means that the next build buys another.

      Examples:
        campaign takes build/clips/hook.mp4
        campaign takes build/clips/hook.mp4 --use 1
        campaign takes build/clips/hook.mp4 --reject 2 "the hand has six fingers"
        campaign build --force build/clips/hook.mp4      buy another
      """)

  @Argument(help: "A file that is bought.")
  var target: String

  @Option(
    help: ArgumentHelp("Make this take the one that counts, and bring the target to it.", valueName: "n"))
  var use: Int?

  @Option(help: ArgumentHelp("Mark this take as unwanted.", valueName: "n"))
  var reject: Int?

  @Argument(help: "Why it is rejected.")
  var reason: String = ""

  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print the takes as JSON.")
  var json = false

  func validate() throws {
    if use != nil && reject != nil { throw ValidationError("`--use` and `--reject` exclude each other") }
    if reject == nil && !reason.isEmpty { throw ValidationError("a reason goes with `--reject`") }
  }

  func run() throws {
    let project = try workspace.load()
    do throws(BuildError) {
      var takes = try project.takes(target)
      if let use {
        try project.use(try chosen(use, of: takes), of: takes)
        if try !project.bring(takes) { try bringElsewhere(takes, project) }
        takes = try project.takes(target)
      } else if let reject {
        try project.reject(try chosen(reject, of: takes), of: takes, reason: reason)
        takes = try project.takes(target)
      }
      Output.results.write(json ? takes.json.pretty : takes.text(workspace.look.style))
    } catch { throw Problem(error) }
  }

  /// In the profile that ordered it; where that is not to be, the next build brings it.
  private func bringElsewhere(_ takes: Takes, _ project: Project) throws(BuildError) {
    let profile = project.profile(thatOrdered: takes)
    if let profile, profile != project.profile, let other = try? workspace.loadHere(by: profile),
      try other.bring(takes)
    {
      return Output.narration.write("as profile `\(profile)` orders it\n")
    }
    let option = profile.map { " --profile \($0)" } ?? ""
    Output.narration.write("it counts from the next build on: campaign build\(option) \(target)\n")
  }

  private func chosen(_ number: Int, of takes: Takes) throws(BuildError) -> Take {
    if let take = takes.number(number) { return take }
    let count = takes.shelf.takes.count
    throw .invalid([
      Diagnostic(
        "E0415", "`\(target)` has no take \(number)", at: nil,
        help: count == 0 ? "it has none yet" : "it has takes 1 to \(count)")
    ])
  }
}

extension Takes {
  /// A line each: `#2 ● $0.60  seed 42  google/veo-3.1-fast  2026-11-23`.
  func text(_ style: Style) -> String {
    guard !shelf.takes.isEmpty else { return "\(target) has no takes yet\n" }
    return style(target, .strong) + "\n"
      + shelf.takes.enumerated().map { index, take in
        let mark = take.content == current && take.rejected == nil ? style("●", .good) : " "
        let seed = take.seed.map { "seed \($0)  " } ?? ""
        let end = take.rejected.map { "  rejected" + ($0.isEmpty ? "" : ": \(Wording.clean($0))") } ?? ""
        return "  #\(index + 1) \(mark) \(take.price)  \(seed)\(take.provider) \(take.model)  "
          + "\(Day(seconds: take.date))  \(take.content.short)\(end)\n"
      }.joined()
  }
}
