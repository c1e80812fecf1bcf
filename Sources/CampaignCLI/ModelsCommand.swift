import ArgumentParser
import CampaignActions
import CampaignCore
import CampaignKit
import CampaignReporting

/// Lists the models that can be ordered from, and what they cost.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List the models that are known: what they make, and for how much.",
    discussion: """
      Lengths, sizes, prices and the dates of the prices, with the campaign's own
      `model` blocks where there is a Campaignfile. Prices are list prices: `--json`
      says where each was read.

      Examples:
        campaign models
        campaign models --json
      """)

  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print the table as JSON.")
  var json = false

  func run() throws {
    try workspace.enter()
    let models = Files.exists(workspace.file) ? try workspace.loadHere().models : try ModelTable([]).listing
    let list = JSON.members(["v": .int(1), "models": .array(models.map(\.json))])
    Output.results.write(json ? list.pretty : Self.text(models, workspace.look.style))
  }

  private static func text(_ models: [ModelListing], _ style: Style) -> String {
    let rows = models.map { model in
      [
        model.name, model.provider, model.lengths.isEmpty ? "-" : model.lengths,
        model.sizes.isEmpty ? "-" : model.sizes.joined(separator: " "), model.priced?.description ?? "-",
        model.price ?? "price unknown",
      ]
    }
    let widths = (0..<5).map { column in rows.map { TextWidth.of($0[column]) }.max() ?? 0 }
    var text = ""
    for (index, row) in rows.enumerated() {
      if index == 0 || models[index].kind != models[index - 1].kind {
        text += (index == 0 ? "" : "\n") + style(models[index].kind, .strong) + "\n"
      }
      let cells = zip(row, widths).map { TextWidth.pad($0, to: $1) } + [row[5]]
      text += "  " + cells.joined(separator: "  ") + "\n"
    }
    return text
  }
}
