import CampaignCore
import CampaignEngine

extension Plan {
  /// What `campaign plan` prints: a line for each step that would run or might, then the counts.
  ///
  ///     make     build/clips/hook.mp4  free   photos/a.jpg changed
  ///     depends  build/combined.mp4    free   after build/clips/hook.mp4
  package func text(listsCurrent: Bool = false, _ style: Style) -> String {
    if isCurrent && !listsCurrent { return nothingToDo }
    let lines = entries.map(Line.init).filter { listsCurrent || !$0.isCurrent } + pending.map(Line.init)
    let column = min(48, lines.map { TextWidth.of($0.target) }.max() ?? 0)
    let text = lines.map { line in
      line.text(column, style) + "\n" + line.notes.map { "           \(Wording.clean($0))\n" }.joined()
    }.joined()
    return text + (isCurrent ? nothingToDo : style("plan", .strong) + ": \(totals)\n" + remarks)
  }

  /// Like the forecast, with the rules that wait for a file to be made.
  var totals: String {
    guard !pending.isEmpty else { return forecast.description }
    return forecast.description + "; more once " + Wording.list(Set(pending.map(\.file)).sorted())
      + " is made"
  }

  var nothingToDo: String {
    let kept = entries.count { $0.verdict == .kept }
    let current = entries.count + omitted - kept
    return "nothing to do: \(Wording.count(current, "target")) \(current == 1 ? "is" : "are") current"
      + (kept > 0 ? ", \(kept) edited by hand \(kept == 1 ? "is" : "are") kept" : "") + "\n" + remarks
  }

  /// What else to know of the workspace: a line each.
  var remarks: String {
    (orphans.isEmpty
      ? "" : "no rule makes \(Wording.list(orphans)) any more: `campaign clean orphans` lists them\n")
      + oddLines.map { "\(Wording.clean($0.words)); nothing is bought until that is mended\n" }.joined()
  }

  /// One line of a plan.
  private struct Line {
    var verb: String
    var tone: Style.Tone
    var target: String
    var cost: String
    var why: String
    var notes: [String] = []
    var isCurrent = false

    init(_ entry: Entry) {
      target = Wording.list(entry.outputs, limit: 2)
      cost = Wording.cost(entry.estimate)
      switch entry.verdict {
      case .current: (verb, tone, why, isCurrent) = ("current", .good, "", true)
      case .kept:
        (verb, tone, why, isCurrent) = (
          "keep", .warning, "edited by hand; its inputs have changed since", true
        )
      case .stale(let reasons): (verb, tone, why) = ("make", .active, Wording.reasons(reasons))
      case .restorable(let reasons):
        (verb, tone, why, cost) = ("restore", .good, Wording.reasons(reasons), "free")
      case .edited(let reasons):
        (verb, tone, why, cost) = ("adopt", .warning, Wording.reasons(reasons), "free")
      case .undecided(let causes):
        (verb, tone, why) = ("depends", .faint, "after \(Wording.list(causes))")
        if entry.estimate > .zero { cost = "≤ \(cost)" }
      case .awaiting(let targets):
        (verb, tone, why) = ("waits", .warning, "for your approval of \(Wording.list(targets))")
      }
      if let payee = entry.payee { notes = [([payee] + entry.notes).joined(separator: "; ")] }
      if isCurrent { cost = "" }
    }

    init(_ pending: Pending) {
      (verb, tone, target, cost) = ("later", .faint, pending.outputs, "")
      why = "known once \(pending.file) is made"
      if let most = pending.most {
        cost = most.cost == .zero ? "" : "≤ \(most.cost)"
        why = "at most \(Wording.count(most.count, "step")), " + why
      }
    }

    func text(_ column: Int, _ style: Style) -> String {
      let lead = style(TextWidth.pad(verb, to: 7), tone) + "  " + TextWidth.pad(target, to: column) + "  "
      let line = lead + TextWidth.pad(cost, to: 7) + "  " + Wording.clean(why)
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
