import ArgumentParser
import CampaignCore
import CampaignKit
import CampaignReporting

extension CleanClass: ExpressibleByArgument {}

/// Lists or removes files by class.
struct CleanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean",
    abstract: "List what could be removed, or remove it with -y.",
    discussion: """
      Classes: outputs (what rules make), orphans (what they made once and no rule
      makes now), logs, and pieces (parts of films and what was found out
      about files, kept to be faster).
      Without a class, all of them. The store is never touched: outputs that cost
      something come back from it. `campaign gc` is for the store. A file that
      somebody edited, and that no build has seen since, is left.

      Examples:
        campaign clean              list everything that could go
        campaign clean orphans -y   remove what no rule makes any more
      """)

  @Argument(help: "What to list or remove.")
  var classes: [CleanClass] = []

  @Flag(name: .shortAndLong, help: "Remove it.")
  var yes = false

  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print it as JSON.")
  var json = false

  func run() throws {
    let project = try workspace.load()
    do {
      let removal = try project.removal(classes.isEmpty ? CleanClass.allCases : classes)
      if yes { try project.remove(removal.files) }
      if !removal.left.isEmpty {
        Output.narration.write(
          "left: \(Wording.list(removal.left)): not as a step made it, and not in the store; move it away yourself, or `campaign build` keeps a copy of it\n"
        )
      }
      Output.results.write(json ? document(removal.files).pretty : text(removal.files))
    } catch let error as BuildError { throw Problem(error) }
  }

  private func document(_ files: [Removable]) -> JSON {
    .members([
      "v": .int(1), "removed": .bool(yes),
      "files": .array(files.map { .members(["path": .string($0.path), "bytes": .int($0.size)]) }),
    ])
  }

  private func text(_ files: [Removable]) -> String {
    if files.isEmpty { return "nothing to remove\n" }
    // The tool's own files mean nothing one by one.
    let (own, theirs) = (
      files.filter { $0.path.hasPrefix(".campaign/") }, files.filter { !$0.path.hasPrefix(".campaign/") }
    )
    let folders = Dictionary(grouping: own) { $0.path.split(separator: "/").prefix(2).joined(separator: "/") }
    let list =
      theirs.map { "\($0.path)  \(Wording.size($0.size))\n" }.joined()
      + folders.sorted { $0.key < $1.key }.map { folder, files in
        "\(folder)/  \(Wording.count(files.count, "file")), \(Wording.size(files.reduce(0) { $0 + $1.size }))\n"
      }.joined()
    let total = "\(Wording.count(files.count, "file")), \(Wording.size(files.reduce(0) { $0 + $1.size }))"
    return yes ? "removed \(total)\n" : "\(list)\(total); nothing was removed: add `-y` to remove them\n"
  }
}
