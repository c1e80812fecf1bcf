import ArgumentParser
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting

/// What earlier builds did.
struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "What earlier builds did: what each changed, cost and took.",
    discussion: """
      Builds have names. Those that had nothing to do are not listed. To restore one
      chooses the takes that counted after it, which buys nothing; photos, prompts and
      other texts are yours, and git's, to put back.

      Examples:
        campaign history                          the latest
        campaign history amber-heron              one of them, step by step
        campaign history last
        campaign history amber-heron --restore    its takes count again
      """)

  @Argument(help: "A build, by its name; `last` is the latest.")
  var build: String?

  @Option(name: .shortAndLong, help: "List so many at most.")
  var limit = 20

  @Flag(help: "Choose the takes that counted after this build.")
  var restore = false

  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print it as JSON.")
  var json = false

  func validate() throws {
    if limit < 1 { throw ValidationError("`--limit` takes a number from 1 up") }
    if restore && build == nil { throw ValidationError("`--restore` goes with a build") }
    if restore && json { throw ValidationError("`--restore` and `--json` exclude each other") }
  }

  func run() throws {
    let archive = try workspace.archive()
    let style = workspace.look.style
    guard let build else {
      let runs = archive.history(limit: limit)
      let list = JSON.members(["v": .int(1), "builds": .array(runs.map(\.json))])
      return Output.results.write(json ? list.pretty : Self.text(runs, style))
    }
    let run: Run
    let attempts: [Attempt]
    do throws(BuildError) {
      run = try archive.run(named: build)
      attempts = try archive.attempts(of: run)
    } catch { throw Problem(error) }
    if restore { return try restore(run) }
    Output.results.write(json ? run.details(attempts).pretty : run.text(attempts, style))
  }

  /// In the profile that the build had, unless another is named: each orders its own takes.
  private func restore(_ run: Run) throws {
    let profile = workspace.profile ?? run.profile
    let project = try profile.map { try workspace.loadHere(by: $0) } ?? workspace.loadHere()
    do throws(BuildError) {
      let restoration = try project.restoration(to: run)
      try project.restore(restoration)
      Output.results.write(restoration.text)
    } catch { throw Problem(error) }
  }

  /// A line each, oldest first: the eye looks at the end.
  private static func text(_ runs: [Run], _ style: Style) -> String {
    guard !runs.isEmpty else { return "nothing was built yet\n" }
    let names = runs.map { TextWidth.of($0.name.short) }.max() ?? 0
    return runs.map { run in
      let head = "\(Moment(run.name.date ?? 0))  \(TextWidth.pad(run.name.short, to: names))  "
      let (word, tone) = run.verdict
      return head + style(TextWidth.pad(word, to: 11), tone) + "  "
        + TextWidth.pad(Wording.duration(run.seconds), to: 6) + "  "
        + TextWidth.pad(Wording.cost(run.cost), to: 6) + "  \(run.changes)\n"
    }.joined()
  }
}

extension Restoration {
  /// What was restored, and what could not be.
  fileprivate var text: String {
    var lines = choices.map { "\($0.target) is take \($0.number) again" }
    lines += others.map {
      "\($0) stays as it is: its take of then had another prompt, other photos or another profile"
    }
    if choices.isEmpty && others.isEmpty {
      lines.append(
        kept > 0 ? "all \(Wording.count(kept, "take")) of then still count" : "there was no take to restore")
    }
    if !remade.isEmpty {
      lines.append(
        "\(Wording.list(remade)) \(remade.count == 1 ? "was" : "were") made anew since: put photos, texts and "
          + "Campaignfile back as they were then, and build")
    }
    return lines.map { $0 + "\n" }.joined()
  }
}

extension Run {
  /// How it ended, and how to show that.
  var verdict: (word: String, tone: Style.Tone) {
    switch outcome {
    case "done": (outcome, .good)
    case "running", "interrupted", "waiting": (outcome, .warning)
    default: (outcome, .bad)
    }
  }

  /// What is different since, e.g. `build/clips/hook.mp4 and 3 more`.
  var changes: String {
    let failed = steps.filter { $0.outcome == "failed" }.map { "\($0.target) failed" }
    let changed = steps.filter { $0.isChanged && $0.outcome != "failed" && $0.outcome != "skipped" }
    let list = failed + changed.map(\.target)
    return list.isEmpty ? "nothing changed" : Wording.list(list, limit: 2)
  }

  /// What `campaign history NAME` prints.
  func text(_ attempts: [Attempt], _ style: Style) -> String {
    let (word, tone) = verdict
    var text =
      "\(style(name.short, .strong)), \(Moment(name.date ?? 0)): \(style(word, tone)) after "
      + "\(Wording.duration(seconds)), \(Wording.cost(cost))\n"
    if let profile { text += "  profile \(profile)\n" }
    if !targets.isEmpty { text += "  asked for \(targets.joined(separator: " "))\n" }
    if !forced.isEmpty { text += "  forced \(forced.joined(separator: " "))\n" }
    let column = min(48, steps.map { TextWidth.of($0.target) }.max() ?? 0)
    for step in steps { text += step.line(column, style, open: isRunning ? "running" : "cut short") }
    for target in awaiting { text += "  \(target) waited for an approval\n" }
    for attempt in attempts {
      text +=
        "  \(attempt.committed) for \(attempt.target): \(attempt.provider) \(attempt.model), \(attempt.state)\n"
    }
    return text
  }
}

extension Run.Step {
  /// - Parameter open: what is said of a step that has not ended.
  fileprivate func line(_ column: Int, _ style: Style, open: String) -> String {
    let tone: Style.Tone =
      switch outcome {
      case "made", "restored", "adopted": .good
      case "failed", nil: .bad
      default: .warning
      }
    let spent = cost == .zero ? "" : ", \(cost)"
    let reason = message ?? why.joined(separator: "; ")
    return "  " + style(TextWidth.pad(outcome ?? open, to: 9), tone) + "  "
      + TextWidth.pad(target, to: column) + "  "
      + TextWidth.pad(Wording.duration(seconds) + spent, to: 6) + "  \(Wording.clean(reason))\n"
  }
}
