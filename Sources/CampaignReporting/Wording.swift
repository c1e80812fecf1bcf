import CampaignCore
import CampaignEngine

/// The words and units that all renderers share.
package enum Wording {
  /// `0.4s`, `12s`, `1m41s`, `1h02m`.
  package static func duration(_ seconds: Double) -> String {
    seconds < 9.95 ? JSON.fixed(max(0, seconds), places: 1) + "s" : clock(Int(nearest: seconds.rounded()))
  }

  /// The same in whole seconds, for what is redrawn: `3s`.
  static func clock(_ seconds: Int) -> String {
    if seconds < 60 { return "\(seconds)s" }
    if seconds < 3600 { return "\(seconds / 60)m" + twoDigits(seconds % 60) + "s" }
    return "\(seconds / 3600)h" + twoDigits(seconds / 60 % 60) + "m"
  }

  /// `512 bytes`, `37.2 kB`, `14.2 MB`, `1.3 GB`.
  package static func size(_ bytes: Int64) -> String {
    if bytes < 1000 { return bytes == 1 ? "1 byte" : "\(bytes) bytes" }
    var (value, unit) = (Double(bytes), "")
    for next in ["kB", "MB", "GB", "TB"] where value >= 999.95 { (value, unit) = (value / 1000, next) }
    return JSON.fixed(value, places: 1) + " " + unit
  }

  /// `1 target`, `13 targets`.
  package static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)" + (count == 1 ? "" : "s")
  }

  package static func cost(_ cost: Money) -> String { cost == .zero ? "free" : cost.description }

  /// `$0.60`, or `$0.60 to $4.20`.
  package static func cost(_ low: Money, most: Money) -> String {
    most > low ? "\(low == .zero ? "up to" : "\(low) to") \(most)" : cost(low)
  }

  static func reading(_ files: Int, _ bytes: Int64) -> String {
    "\(count(files, "file")) that \(files == 1 ? "is" : "are") new or touched, \(size(bytes))"
  }

  /// What becomes of a step that failed and is tried again.
  static func retry(_ failure: StepFailure, number: Int, seconds: Double) -> String {
    "\(clean(failure.message)); try \(number + 1) in \(duration(seconds))"
  }

  /// What to do about a gate.
  static func approval(of target: String, for steps: [String]) -> String {
    "for your approval before \(list(steps)): `campaign approve \(target)`"
  }

  /// `a, b, c and 4 more`.
  package static func list(_ items: [String], limit: Int = 3) -> String {
    let shown = items.prefix(limit).map { clean($0) }.joined(separator: ", ")
    return items.count > limit ? "\(shown) and \(items.count - limit) more" : shown
  }

  package static func reasons(_ reasons: [Reason]) -> String {
    reasons.isEmpty ? "stale" : reasons.map(\.description).joined(separator: "; ")
  }

  /// `SIGINT` of 2.
  package static func signal(_ number: Int32) -> String {
    [1: "SIGHUP", 2: "SIGINT", 15: "SIGTERM"][number] ?? "signal \(number)"
  }

  /// Text that a file or a program gave us, made harmless for a terminal: no colours, no control characters.
  package static func clean(_ text: some StringProtocol) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return String(text) }
    var kept = String.UnicodeScalarView()
    var scalars = text.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      if scalar == "\u{1B}", scalars.first == "[" {
        scalars = scalars.dropFirst().drop { !("@"..."~").contains($0) }.dropFirst()
      } else if scalar == "\t" || scalar == "\n" {
        kept.append(" ")
      } else if !isControl(scalar) {
        kept.append(scalar)
      }
    }
    return String(kept)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 32 || (127..<160).contains(scalar.value)
  }

  private static func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
}

extension Event.Forecast {
  /// E.g. `3 to make, 1 to restore, 9 current, 2 undecided; free, about 1m20s`.
  package var description: String {
    var counts: [String] = []
    if toMake > 0 { counts.append("\(toMake) to make") }
    if toRestore > 0 { counts.append("\(toRestore) to restore") }
    if toAdopt > 0 { counts.append("\(toAdopt) to adopt") }
    if undecided > 0 { counts.append("\(undecided) undecided") }
    if current > 0 { counts.append("\(current) current") }
    let time = seconds.map { ", about " + Wording.duration($0) } ?? ""
    let before = inFlight > 0 ? ", \(Wording.count(inFlight, "order")) of \(inFlightCost) to pick up" : ""
    let awaited = awaitedCost > .zero ? ", \(awaitedCost) more waits for an approval" : ""
    return counts.joined(separator: ", ") + "; " + Wording.cost(cost, most: most) + awaited + before + time
  }

  /// Something would be made, restored or adopted, or might be.
  var hasWork: Bool { toMake + toRestore + toAdopt + undecided > 0 }
}
