import CampaignCore
import CampaignEngine

extension Summary {
  /// Nothing ran, because nothing had to.
  package var isNothing: Bool { made + restored + adopted + failed + skipped == 0 && !isInterrupted }

  /// The last words of a build: one line, and one for each target that failed.
  package func text(failed targets: [String] = [], _ style: Style) -> String {
    if isNothing {
      return "nothing to do: \(Wording.count(current, "target")) \(current == 1 ? "is" : "are") current\n"
    }
    let spent = cost == .zero ? "" : ", spent \(cost)"
    let line = "\(verdict(style)): \(counts.joined(separator: ", "))\(spent)\n"
    let hint = isInterrupted ? "run `campaign build` again to go on\n" : ""
    return line + targets.map { "  \($0): see `campaign log \($0)`\n" }.joined() + hint
  }

  private func verdict(_ style: Style) -> String {
    let time = Wording.duration(seconds)
    if isInterrupted { return style("interrupted", .warning) + " after \(time)" }
    return failed + skipped > 0
      ? style("failed", .bad) + " after \(time)" : style("done", .good) + " in \(time)"
  }

  private var counts: [String] {
    let all = [
      (failed, "failed"), (skipped, "skipped"), (made, "made"), (restored, "restored"),
      (adopted, "adopted"), (current, "current"),
    ]
    let some = all.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return some.isEmpty ? ["nothing made"] : some
  }

  package var json: JSON {
    .members([
      "made": .int(made), "restored": .int(restored), "adopted": .int(adopted), "current": .int(current),
      "failed": .int(failed), "skipped": .int(skipped), "interrupted": .bool(isInterrupted),
      "usd": cost.json, "seconds": .decimal(seconds, places: 3),
    ])
  }
}

extension Money {
  /// US dollars as a JSON number.
  package var json: JSON { .number(description.replacing("$", with: "")) }
}
