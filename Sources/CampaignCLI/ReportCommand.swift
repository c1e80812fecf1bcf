import ArgumentParser
import CampaignCore
import CampaignKit
import CampaignReporting

/// Writes a page on the campaign.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one HTML file on the campaign: film, storyboard, why, cost, timeline.",
    discussion: """
      The page holds all its pictures, and the film if that has no more than 16 MB,
      and needs no network. A larger film and the single clips are linked: keep the
      page in the workspace, or send it with them.

      Examples:
        campaign report
        campaign report -o build/report.html
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("Where to write it.", valueName: "file"))
  var out = "report.html"

  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Say as JSON what was written.")
  var json = false

  func run() throws {
    let project = try workspace.load()
    var page: ReportPage
    do { page = try project.report() } catch { throw Problem(error) }
    page.base = Self.way(from: out)
    let text = page.text
    do throws(FileError) {
      if let folder = Files.folder(of: out) { try Files.makeFolder(folder) }
      try Files.write(text, to: out)
    } catch { throw Problem(error) }
    let size = Int64(text.utf8.count)
    let written = JSON.members(["v": .int(1), "file": .string(out), "bytes": .int(size)])
    let rest = page.film.map {
      $0.data == nil ? "; \($0.path) is linked: send it with the page" : ", film included"
    }
    Output.results.write(json ? written.pretty : "wrote \(out), \(Wording.size(size))\(rest ?? "")\n")
  }

  /// From the folder of the page to the workspace, with a slash at its end.
  private static func way(from page: String) -> String {
    guard let folder = Files.folder(of: page) else { return "" }
    let isInside = !page.hasPrefix("/") && !page.split(separator: "/").contains("..")
    return isInside
      ? folder.split(separator: "/").map { $0 == "." ? "" : "../" }.joined() : Files.absolute(".") + "/"
  }
}
