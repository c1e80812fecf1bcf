import ArgumentParser
import CampaignKit
import CampaignReporting

extension GraphText.Format: ExpressibleByArgument {}

/// Prints the graph for a program that draws.
struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "The graph of files: as a tree, or for Graphviz, Mermaid and browsers.",
    discussion: """
      Examples:
        campaign graph                          a tree, from the film down
        campaign graph svg > graph.svg          a picture
        campaign graph dot | dot -Tpdf > graph.pdf
        campaign graph mermaid
      """)

  @Argument(help: "What to draw it as.")
  var format = GraphText.Format.tree

  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print nodes and edges as JSON.")
  var json = false

  func run() throws {
    let graph = GraphText(try Planning.plan(workspace.load(), Project.Request()))
    Output.results.write(json ? graph.json.pretty : graph.text(format, workspace.look.style))
  }
}
