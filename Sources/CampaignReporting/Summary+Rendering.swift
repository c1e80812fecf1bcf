import CampaignCore
import CampaignEngine

extension Summary {
  /// Nothing ran, because nothing had to.
  package var isNothing: Bool { made + restored + adopted == 0 && !isIncomplete }

  /// The last words of a build: one line, and one for each target that failed.
  package func text(failed targets: [String] = [], _ style: Style) -> String {
    if isNothing {
      return "nothing to do: \(Wording.count(current, "target")) \(current == 1 ? "is" : "are") current\n"
    }
    let spent = cost == .zero ? "" : ", spent \(cost)"
    let line = "\(verdict(style)): \(counts.joined(separator: ", "))\(spent)\n"
    let hint = isInterrupted || troubled > 0 ? "run `campaign build` again to go on\n" : ""
    return inFlightLine + line
      + targets.map { Wording.clean($0) }.map { "  \($0): see `campaign log \($0)`\n" }.joined() + hint
  }

  /// Paid requests that outlive this build.
  private var inFlightLine: String {
    guard inFlight > 0 else { return "" }
    return "\(Wording.count(inFlight, "paid request")) \(inFlight == 1 ? "goes" : "go") on at the provider "
      + "(up to \(inFlightCost)) and \(inFlight == 1 ? "is" : "are") written down: "
      + "`campaign build` picks up what was made, `campaign cancel` cancels it\n"
  }

  private func verdict(_ style: Style) -> String {
    let time = Wording.duration(seconds)
    if isInterrupted { return style("interrupted", .warning) + " after \(time)" }
    if failed > 0 { return style("failed", .bad) + " after \(time)" }
    if refused > 0 { return style("stopped at a limit", .bad) + " after \(time)" }
    if troubled > 0 { return style("not finished", .bad) + " after \(time)" }
    if awaiting > 0 { return style("waiting for you", .warning) + " after \(time)" }
    return skipped > 0
      ? style("failed", .bad) + " after \(time)" : style("done", .good) + " in \(time)"
  }

  private var counts: [String] {
    let all = [
      (failed, "failed"), (refused, "not bought"), (troubled, "not finished"), (awaiting, "waiting"),
      (skipped, "skipped"), (made, "made"), (restored, "restored"),
      (adopted, "adopted"), (current, "current"),
    ]
    let some = all.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return some.isEmpty ? ["nothing made"] : some
  }

  /// What `campaign build --json` prints.
  package var document: JSON {
    guard case .object(let members) = json else { return json }
    return .object([JSON.Member("v", .int(1))] + members)
  }

  package var json: JSON {
    .members([
      "made": .int(made), "restored": .int(restored), "adopted": .int(adopted), "current": .int(current),
      "failed": .int(failed), "skipped": .int(skipped), "refused": .int(refused),
      "troubled": .int(troubled), "awaiting": .int(awaiting), "interrupted": .bool(isInterrupted),
      "inFlight": .int(inFlight), "usdInFlight": inFlightCost.json,
      "usd": cost.json, "seconds": .decimal(seconds, places: 3),
    ])
  }
}

extension Money {
  /// US dollars as a JSON number.
  package var json: JSON { .number((micros < 0 ? "-" : "") + digits) }
}
