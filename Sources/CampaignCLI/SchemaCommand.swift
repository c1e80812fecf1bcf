import ArgumentParser
import CTemplates
import CampaignCore
import CampaignReporting

/// Prints the form of what `--json` prints.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of what --json prints.",
    discussion: """
      Every object has the member `v`, the version of its form: 1. Within a version,
      members are added, never changed or removed.

      Examples:
        campaign schema          of all commands
        campaign schema plan     of one
      """)

  @Argument(
    help: "A command; `batch` is the build of several campaigns, `history-build` one build of the history.")
  var command: String?

  func run() throws {
    let source = campaign_template_schema()
    let bytes = Array(UnsafeBufferPointer(start: source.bytes, count: source.count))
    guard let command else { return Output.results.write(String(decoding: bytes, as: UTF8.self)) }
    let all = try JSON.parse(bytes)
    guard case .object(let members)? = all["commands"]?[command] else {
      throw Problem("`\(command)` prints no JSON", help: "`campaign schema` shows which commands do")
    }
    let whole = members + [JSON.Member("$defs", all["$defs"] ?? .null)]
    Output.results.write(JSON.object(whole).pretty)
  }
}
