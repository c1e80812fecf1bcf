import ArgumentParser
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import CampaignSyntax

/// Lists names for a shell's completion, a line each: the name, a tab, and what to know of it.
struct CompleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "complete", abstract: "List names for a shell's completion.", shouldDisplay: false)

  @Argument(help: "What to list.")
  var kind: CommandOutline.Kind

  @Argument(parsing: .postTerminator, help: "The words of the line before the one that is being typed.")
  var words: [String] = []

  /// Says nothing when something is wrong: a person is in the middle of a word.
  func run() throws {
    if kind == .codes { return write(explainedCodes.map { ($0, "") }) }
    guard let project = try? workspace.load() else { return }
    switch kind {
    case .targets: write(targets(project))
    case .takes: write(takes(project))
    case .profiles: write(project.campaign.profiles.map { ($0, "profile") })
    case .pools:
      write(project.pools.map { ($0, project.pausedPools.contains($0) ? "paused" : "") })
    case .builds:
      write(
        project.archive.history(limit: 20).reversed().map {
          ($0.name.short, "\($0.verdict.word), \($0.changes)")
        })
    case .settings: write(project.campaign.settings.map { ($0.name + "=", $0.value) })
    case .codes: break
    }
  }

  /// The options of the line that say which campaign it is about.
  private var workspace: WorkspaceOptions {
    var named: [String] = []
    for (word, value) in zip(words, words.dropFirst())
    where ["-C", "-f", "--file", "--profile", "--set"].contains(word) {
      named += [word, value]
    }
    return (try? WorkspaceOptions.parse(named)) ?? WorkspaceOptions()
  }

  private func targets(_ project: Project) -> [(String, String)] {
    guard let plan = try? project.plan(Project.Request()) else { return [] }
    let files = plan.entries.flatMap { entry in
      entry.outputs.map { output in
        let price = entry.estimate > .zero ? ", \(entry.estimate)" : ""
        return (output, entry.verdict.phrase + price)
      }
    }
    return project.aliasNames.map { ($0, "a name") } + files
  }

  private func takes(_ project: Project) -> [(String, String)] {
    guard let plan = try? project.plan(Project.Request()) else { return [] }
    return plan.entries.filter { $0.order != nil }.flatMap { entry -> [(String, String)] in
      guard let takes = try? project.takes(entry.outputs[0]) else { return [] }
      return takes.shelf.takes.enumerated().map { index, take in
        ("\(takes.target)#\(index + 1)", "\(take.price)" + (take.content == takes.current ? ", counts" : ""))
      }
    }
  }

  private func write(_ names: [(String, String)]) {
    Output.results.write(
      names.map { name, words in
        words.isEmpty ? name + "\n" : "\(name)\t\(Wording.clean(words))\n"
      }.joined())
  }
}

extension CommandOutline.Kind: ExpressibleByArgument {}
