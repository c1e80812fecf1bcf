import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import Glibc

extension Explanation {
  /// What `campaign explain` prints.
  ///
  ///     build/clips/hook.mp4 is stale: photos/a.jpg changed
  ///       made by  generate-clip, at Campaignfile:14
  ///       with     duration = 6s
  ///       from     photos/a.jpg  3f2a9c41  source, changed
  ///       last     2026-11-23 15:21:12, took 12s, free
  package func text(_ style: Style) -> String {
    let target = entry.outputs.first ?? ""
    let lines =
      [("made by", maker)] + labelled("with", parameters.map { "\($0.name) = \(Self.brief($0.value))" })
      + labelled("from", inputLines) + [("last", lastLine)]
    return style(target, .strong) + " is \(entry.verdict.phrase)\n"
      + lines.map { "  " + TextWidth.pad($0.0, to: 9) + Wording.clean($0.1) + "\n" }
      .joined()
  }

  package var json: JSON {
    .members([
      "v": .int(1), "step": entry.json,
      "parameters": .object(parameters.map { JSON.Member($0.name, .string($0.value)) }),
      "inputs": .array(inputs.map(\.json)), "last": last?.json ?? .null,
    ])
  }

  private var maker: String { entry.action + (entry.site.map { ", at \($0.file):\($0.line)" } ?? "") }

  /// The label stands before the first line only.
  private func labelled(_ label: String, _ lines: [String]) -> [(String, String)] {
    lines.enumerated().map { ($0.offset == 0 ? label : "", $0.element) }
  }

  private var inputLines: [String] {
    let column = min(48, inputs.map { TextWidth.of($0.path) }.max() ?? 0)
    return inputs.map { "\(TextWidth.pad($0.path, to: column))  \($0.state)" }
  }

  private var lastLine: String {
    guard let last else { return "never run" }
    return "\(Self.date(last.finished)), took \(Wording.duration(last.seconds)), \(Wording.cost(last.cost))"
      + (last.wasEdited ? ", then edited by hand" : "")
  }

  private static func brief(_ value: String) -> String {
    let line = value.replacing("\n", with: " ")
    return line.count > 100 ? line.prefix(99) + "…" : line
  }

  /// Local time.
  private static func date(_ seconds: Int64) -> String {
    var (time, parts) = (time_t(seconds), tm())
    localtime_r(&time, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%d %H:%M:%S", &parts)
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension Explanation.Input {
  /// E.g. `3f2a9c41  source, changed`.
  fileprivate var state: String {
    guard let hash else { return "missing   " + (madeBy ?? "source") }
    let change = isChanged.map { $0 ? ", changed" : "" } ?? ", not known yet"
    return hash + "  " + (madeBy ?? "source") + change
  }

  fileprivate var json: JSON {
    .members([
      "path": .string(path), "hash": hash.map { .string($0) } ?? .null,
      "madeBy": madeBy.map { .string($0) } ?? .null, "changed": isChanged.map { .bool($0) } ?? .null,
    ])
  }
}

extension Explanation.LastRun {
  fileprivate var json: JSON {
    .members([
      "finished": .int(finished), "seconds": .decimal(seconds, places: 3), "usd": cost.json,
      "edited": .bool(wasEdited),
    ])
  }
}
