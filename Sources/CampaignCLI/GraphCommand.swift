import ArgumentParser
import CampaignKit
import CampaignReporting

extension GraphText.Format: ExpressibleByArgument {}

/// Prints the graph for a program that draws.
struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "The graph of files, for Graphviz or Mermaid.",
    discussion: """
      Examples:
        campaign graph | dot -Tsvg > graph.svg
        campaign graph mermaid
      """)

  @Argument(help: "The language of the graph.")
  var format = GraphText.Format.dot

  @OptionGroup var workspace: WorkspaceOptions

  func run() throws {
    let plan = try Planning.plan(workspace.load(), Project.Request())
    Output.results.write(GraphText(plan).text(format))
  }
}
