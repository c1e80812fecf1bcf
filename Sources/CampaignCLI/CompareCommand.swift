import ArgumentParser
import CampaignCore
import CampaignKit
import CampaignReporting

/// Compares the results of two profiles.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two profiles: what each makes, costs and takes, side by side.",
    discussion: """
      What a profile has not made yet is shown with what it would cost. With clips
      of both there is a picture of them side by side. To try a maker on a part of a
      campaign, give it a share: `film = replicate google/veo-3.1 25% | local`.

      Examples:
        campaign compare draft production
        campaign compare draft production --json
      """)

  @Argument(help: "A profile of the Campaignfile; `-` for none.")
  var left: String

  @Argument(help: "Another one.")
  var right: String

  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print the comparison as JSON.")
  var json = false

  func validate() throws {
    if workspace.profile != nil { throw ValidationError("`compare` takes its profiles as arguments") }
  }

  func run() throws {
    try workspace.enter()
    let (one, other) = (try project(left), try project(right))
    let comparison: Comparison
    do { comparison = try one.compare(other) } catch { throw Problem(error) }
    Output.results.write(json ? comparison.json.pretty : comparison.text(workspace.look.style))
  }

  private func project(_ profile: String) throws -> Project {
    var options = workspace
    options.folders = []
    options.profile = profile == "-" ? nil : profile
    return try options.load()
  }
}

extension Comparison {
  /// Rows that differ, then the sums.
  ///
  ///     target                draft             production
  ///     build/clips/hook.mp4  local, free, 5s   replicate google/veo-3.1-fast, $0.60, 1m41s
  ///     all                   free, 35s         $4.07 at most
  func text(_ style: Style) -> String {
    let (one, other) = profiles
    var lines = [["target", one, other]]
    lines += rows.filter(\.differs).map { [$0.target, Self.text($0.left), Self.text($0.right)] }
    lines.append(["all", sum(\.left), sum(\.right)])
    let widths = (0..<2).map { column in lines.map { TextWidth.of($0[column]) }.max() ?? 0 }
    var text = lines.enumerated().map { index, line in
      let row =
        TextWidth.pad(line[0], to: min(48, widths[0])) + "  " + TextWidth.pad(line[1], to: min(56, widths[1]))
        + "  " + line[2]
      return index == 0 || index == lines.count - 1 ? style(row, .strong) : row
    }.joined(separator: "\n")
    let same = rows.count { !$0.differs }
    if same > 0 { text += "\n\(Wording.count(same, "target")) \(same == 1 ? "is" : "are") the same by both" }
    if let sheet { text += "\nside by side: \(sheet)" }
    return text + "\n"
  }

  private static func text(_ side: Side?) -> String {
    guard let side else { return "-" }
    let time = side.seconds.map { ", " + Wording.duration($0) } ?? ""
    let cost = side.content == nil && side.cost > .zero ? "≤ \(side.cost)" : Wording.cost(side.cost)
    return "\(side.maker), \(cost)\(time)" + (side.content == nil ? ", not made yet" : "")
  }

  private func sum(_ side: KeyPath<Row, Side?>) -> String {
    let (spent, open) = cost(side)
    let money = [
      spent > .zero || open == .zero ? Wording.cost(spent) : nil, open > .zero ? "≤ \(open) to come" : nil,
    ]
    let time = seconds(side)
    return money.compactMap { $0 }.joined(separator: ", ") + (time > 0 ? ", " + Wording.duration(time) : "")
  }

  var json: JSON {
    .members([
      "v": .int(1), "left": .string(profiles.left), "right": .string(profiles.right),
      "targets": .array(
        rows.map {
          .members([
            "target": .string($0.target), "differs": .bool($0.differs), "left": $0.left?.json ?? .null,
            "right": $0.right?.json ?? .null,
          ])
        }),
      "usdLeft": (cost(\.left).spent + cost(\.left).open).json,
      "usdRight": (cost(\.right).spent + cost(\.right).open).json,
      "sheet": sheet.map { .string($0) } ?? .null,
    ])
  }
}

extension Comparison.Side {
  fileprivate var json: JSON {
    .members([
      "maker": .string(maker), "usd": cost.json, "seconds": .seconds(seconds), "made": .bool(content != nil),
      "content": content.map { .string($0.hex) } ?? .null,
    ])
  }
}
