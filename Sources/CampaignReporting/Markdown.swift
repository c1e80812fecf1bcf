import CampaignCore
import CampaignEngine

/// Results as Markdown: for a comment on a pull request, and for the summary page of a CI job.
package enum Markdown {
  /// A comment holds 65,536 characters; a summary 1 MiB. We keep well below the first.
  private static let rows = 60

  /// What a build would do, and for how much.
  package static func plan(_ plan: Plan, campaign: String) -> String {
    let price = Wording.cost(plan.forecast.cost, most: plan.forecast.most)
    let verdict =
      plan.isCurrent ? "nothing to do" : price == "free" ? "would spend nothing" : "would spend \(price)"
    var text = "### \(escaped(campaign)): \(verdict)\n\n"
    let changes = plan.entries.filter { $0.verdict != .current && $0.verdict != .kept }
    text += table(
      ["target", "what", "price", "why"],
      changes.map { entry in
        [
          code(entry.outputs[0]), entry.verdict.deed, Self.price(of: entry),
          escaped(entry.verdict.why.joined(separator: "; ")),
        ]
      }
        + plan.pending.map { pending in
          let cost = pending.most.map { $0.cost == .zero ? "free" : "≤ \($0.cost)" } ?? "unknown"
          return [code(pending.outputs), "later", cost, "known once \(code(pending.file)) is made"]
        })
    return text + (plan.isCurrent ? "" : "\n\(escaped(plan.totals))\n")
  }

  /// What a build came to.
  package static func build(
    _ summary: Summary, campaign: String, run: String, steps: [(step: StepLabel, result: StepResult)],
    gates: [String], budget: Money?
  ) -> String {
    var text = "### \(escaped(campaign)): \(escaped(summary.firstLine))\n\n"
    let spent = summary.cost == .zero ? "nothing" : summary.cost.description
    text += "Spent \(spent)" + (budget.map { " of \($0)" } ?? "") + " in build `\(run)`.\n\n"
    for gate in gates { text += "Waits for your approval: `campaign approve \(gate)`\n\n" }
    text += table(
      ["target", "outcome", "seconds", "price", "what to know"],
      steps.map { step, result in
        [
          code(step.target), result.verb, JSON.fixed(result.seconds, places: 1), Wording.cost(result.cost),
          escaped(words(result)),
        ]
      })
    if summary.isIncomplete && gates.isEmpty { text += "\nRun `campaign build` again to go on.\n" }
    return text
  }

  private static func words(_ result: StepResult) -> String {
    switch result.outcome {
    case .failed(let failure): failure.message
    case .skipped(let cause): "\(cause) failed"
    default: result.notes.joined(separator: "; ")
    }
  }

  private static func price(of entry: Plan.Entry) -> String {
    if case .undecided = entry.verdict, entry.estimate > .zero { return "≤ \(entry.estimate)" }
    return Wording.cost(entry.estimate)
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    guard !rows.isEmpty else { return "" }
    let lines = [head, head.map { _ in "---" }] + rows.prefix(Self.rows)
    let more = rows.count > Self.rows ? "\n…and \(rows.count - Self.rows) more\n" : ""
    return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined() + more
  }

  private static func code(_ text: String) -> String {
    "`" + Wording.clean(text).replacing("`", with: "'").replacing("|", with: "\\|") + "`"
  }

  private static func escaped(_ text: String) -> String {
    Wording.clean(String(text.prefix(300))).replacing("|", with: "\\|").replacing("<", with: "&lt;")
      .replacing("`", with: "'")
  }
}

extension Summary {
  /// The last words of a build without what follows them.
  fileprivate var firstLine: String {
    text(Style.plain).split(separator: "\n").last { !$0.hasPrefix("run ") }.map(String.init) ?? ""
  }
}

extension Plan.Verdict {
  /// What a build would do about it.
  fileprivate var deed: String {
    switch self {
    case .current, .kept: "nothing"
    case .stale: "make"
    case .restorable: "restore"
    case .edited: "adopt"
    case .undecided: "depends"
    case .awaiting: "waits"
    }
  }
}
