import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting

extension Explanation {
  /// What `campaign explain` prints.
  ///
  ///     build/clips/hook.mp4 is stale: `prompt` changed: slow dolly over… -> crane up over…
  ///       made by  generate-clip, at Campaignfile:14
  ///       with     duration = 6s
  ///                prompt   = slow [-dolly-] {+crane up+} over the pool
  ///       from     photos/a.jpg  3f2a9c41  source, unchanged
  ///       last     2026-11-23 15:21:12, took 12s, free
  ///       back     what was made then is in the store: to go back costs nothing
  package func text(_ style: Style, isVerbose: Bool) -> String {
    let target = entry.outputs.first ?? ""
    var lines = [("made by", maker)] + labelled("with", fieldLines(style))
    lines += labelled("from", inputLines(style)) + labelled("rests on", restLines(isVerbose))
    lines += [("last", lastLine)]
    if let failure {
      lines.append(
        ("failed", "in \(failure.run): \(Wording.clean(failure.message)); see `campaign log \(target)`"))
    }
    if let take = takeLine { lines.append(("take", take)) }
    if let back = backLine { lines.append(("back", back)) }
    let intro = later.map { "\(style($0, .strong)) is known once \(target) is made anew.\n" } ?? ""
    return intro + style(target, .strong) + " \(Wording.clean(entry.verdict.verbPhrase))\n"
      + lines.map { "  " + TextWidth.pad($0.0, to: 9) + $0.1 + "\n" }.joined()
  }

  private var maker: String { entry.action + (entry.site.map { ", at \($0.file):\($0.line)" } ?? "") }

  /// The label stands before the first line only.
  private func labelled(_ label: String, _ lines: [String]) -> [(String, String)] {
    lines.enumerated().map { ($0.offset == 0 ? label : "", $0.element) }
  }

  private func fieldLines(_ style: Style) -> [String] {
    let column = fields.map { TextWidth.of($0.name) }.max() ?? 0
    return fields.map { "\(TextWidth.pad($0.name, to: column)) = \($0.value(style))" }
  }

  private func inputLines(_ style: Style) -> [String] {
    let column = min(48, inputs.map { TextWidth.of($0.path) }.max() ?? 0)
    return inputs.map { "\(TextWidth.pad($0.path, to: column))  \($0.state(style))" }
  }

  /// Sources behind the inputs, and the steps between; nothing where the inputs are the sources.
  private func restLines(_ isVerbose: Bool) -> [String] {
    guard !steps.isEmpty else { return [] }
    let way = steps.compactMap(\.outputs.first)
    guard isVerbose else {
      let list = Wording.list(sources.map(\.path), limit: 4)
      return [
        "\(Wording.count(sources.count, "source")): \(list)", "by way of \(Wording.list(way, limit: 4))",
      ]
    }
    return sources.map { "\($0.path)  \($0.hash ?? "missing")" } + [
      "by way of \(way.joined(separator: ", "))"
    ]
  }

  private var lastLine: String {
    guard let last else { return "never made" }
    return "\(Moment(last.finished)), took \(Wording.duration(last.seconds)), \(Wording.cost(last.cost))"
      + (last.wasEdited ? ", then edited by hand" : "")
  }

  private var takeLine: String? {
    guard let takes, !takes.shelf.takes.isEmpty else { return nil }
    let index = takes.shelf.takes.firstIndex { $0.content == takes.current }
    guard let index else {
      return "none of \(takes.shelf.takes.count) counts: `campaign takes \(takes.target)`"
    }
    let take = takes.shelf.takes[index]
    let seed = take.seed.map { ", seed \($0)" } ?? ""
    return
      "\(index + 1) of \(takes.shelf.takes.count), \(take.price), \(take.provider) \(take.model)\(seed), "
      + "\(Day(seconds: take.date))"
  }

  private var backLine: String? {
    guard case .stale = entry.verdict, last?.isKept == true else { return nil }
    return "what was made then is in the store: to go back costs nothing"
  }
}

extension Explanation.Field {
  /// A long text that has changed is shown word by word.
  fileprivate func value(_ style: Style) -> String {
    let (before, after) = (Wording.clean(old ?? ""), Wording.clean(new ?? ""))
    guard isChanged else { return Self.brief(after) }
    if old == nil { return style(Self.brief(after), .good) + "  (new)" }
    if new == nil { return style(Self.brief(before), .bad) + "  (gone)" }
    if before.contains(" ") || after.contains(" ") { return WordDiff(from: before, to: after).text(style) }
    return style(before, .bad) + " -> " + style(after, .good)
  }

  private static func brief(_ value: String) -> String {
    value.count > 100 ? value.prefix(99) + "…" : value
  }
}

extension Explanation.Input {
  /// E.g. `3f2a9c41  source, unchanged`, or `3f2a9c41 -> 77aa01bc  source, changed`.
  fileprivate func state(_ style: Style) -> String {
    let by = maker?.action ?? "source"
    switch change {
    case .removed: return style("\(oldHash ?? "")  no input any more", .warning)
    case .changed: return style("\(oldHash ?? "") -> \(hash ?? "missing")  \(by), changed", .warning)
    case .added: return style("\(hash ?? "missing")  \(by), added", .warning)
    case .same: return "\(hash ?? "missing")  \(by), " + (unsettled ?? "unchanged")
    case .unknown where oldHash != nil: return "\(oldHash ?? "")  last time; not known yet"
    case .unknown: return "\(hash ?? "missing")  \(by)" + (unsettled.map { ", \($0)" } ?? "")
    }
  }

  /// What it is now says little while its own step is still to run.
  private var unsettled: String? {
    guard let maker, maker.verdict != .current, maker.verdict != .kept else { return nil }
    return Wording.clean(maker.verdict.verbPhrase)
  }
}
