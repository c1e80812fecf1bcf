import ArgumentParser
import CPlatform
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import Glibc

/// Builds what is free whenever a source changes.
struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Build what is free whenever a source changes; name what the rest would cost.",
    discussion: """
      Nothing is ever bought: what would have to be is named with its price. A
      mistake in the Campaignfile is shown, and the watch goes on. Ctrl-C ends it.

      Examples:
        campaign watch
        campaign watch --profile draft build/combined.mp4
      """)

  @OptionGroup var request: RequestOptions
  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print the summary of each build as JSON, on a line.")
  var json = false

  func run() throws {
    try workspace.enter()
    var inside = workspace
    inside.folders = []
    let watcher: Watcher
    do { watcher = try Watcher() } catch { throw Problem(error) }
    let signals = campaign_signal_pipe()
    let style = Surroundings.of(STDERR_FILENO).style(workspace.look.color)
    var watched = WatchedPaths(files: [workspace.file])
    while true {
      try round(inside, watcher, style, &watched)
      let look = "watching \(Wording.count(watched.files.count, "file")); Ctrl-C ends it\n"
      Output.narration.write(style(look, .faint))
      try waitForChange(watcher, signals, of: watched, style)
    }
  }

  /// One build. What it reads is watched from before it begins, and what it finds to be read from then on; after a
  /// mistake, all that was watched before as well.
  private func round(
    _ workspace: WorkspaceOptions, _ watcher: Watcher, _ style: Style, _ watched: inout WatchedPaths
  ) throws {
    watcher.add(".")
    do throws(Problem) {
      let project = try workspace.load()
      watched = project.watchedPaths(request.request)
      watched.folders.forEach(watcher.add)
      try build(project)
      watched = project.watchedPaths(request.request)
    } catch {
      if case .interrupted = error.code { throw error.code }
      Output.narration.write(error.text(style))
      watched.formUnion(error.watched)
    }
    watched.folders.forEach(watcher.add)
  }

  private func build(_ project: Project) throws(Problem) {
    var wanted = request.request
    wanted.holdsPurchases = true
    let narrator = try Narrator(campaign: project.campaign.name, detail: .usual, color: workspace.look.color)
    let summary: Summary
    do {
      summary = try project.build(wanted, tick: narrator.tick) { narrator.record($0) }
    } catch {
      narrator.abandon()
      throw Problem(error)
    }
    if json { Output.results.write(summary.document.compact + "\n") }
    if summary.isInterrupted { throw Problem("stopped", code: .interrupted(signal: SIGINT)) }
  }

  private func waitForChange(
    _ watcher: Watcher, _ signals: Int32, of watched: WatchedPaths, _ style: Style
  ) throws {
    while true {
      switch watcher.wait(signals: signals, quiet: 150) {
      case .signal(let number): throw ExitCode.interrupted(signal: number)
      case .overrun: return
      case .changed(let paths):
        let shown = paths.filter(watched.concern)
        guard !shown.isEmpty else { continue }
        Output.narration.write(style("changed", .strong) + ": \(Wording.list(shown))\n")
        return
      }
    }
  }
}
