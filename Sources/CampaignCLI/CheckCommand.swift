import ArgumentParser
import CampaignCore
import CampaignKit
import CampaignReporting

/// Finds the mistakes in a Campaignfile.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Find the mistakes in a Campaignfile.",
    discussion: """
      All of them at once; nothing is run. Code 2 when there are any.

      Examples:
        campaign check
        campaign check --json -f other/Campaignfile
      """)

  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print mistakes as JSON.")
  var json = false

  func run() throws {
    guard json else {
      let campaign = try checked().campaign
      let counts = [
        Wording.count(campaign.rules.count, "rule"), Wording.count(campaign.scenes.count, "scene"),
      ]
      return Output.results.write("`\(workspace.file)` is sound: \(counts.joined(separator: ", "))\n")
    }
    do throws(Problem) {
      _ = try checked()
      write([])
    } catch {
      guard !error.diagnostics.isEmpty else { throw error }
      write(error.diagnostics)
      throw error.code
    }
  }

  /// The file, and how it fits the workspace: inputs that are missing, values that an action refuses.
  private func checked() throws(Problem) -> Project {
    let project = try workspace.load()
    do throws(BuildError) { _ = try project.plan(Project.Request()) } catch { throw Problem(error) }
    return project
  }

  private func write(_ diagnostics: [Diagnostic]) {
    let members: KeyValuePairs<String, JSON> = [
      "v": .int(1), "sound": .bool(diagnostics.isEmpty), "diagnostics": Diagnostics(diagnostics).json,
    ]
    Output.results.write(JSON.members(members).pretty)
  }
}
