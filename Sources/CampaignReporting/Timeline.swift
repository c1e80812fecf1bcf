import CampaignCore

/// The steps of a build on the clock, as a picture: a row for each, in the order in which they began.
struct Timeline {
  let bars: [ReportPage.Bar]

  private static let row = 22.0
  private static let names = 260.0
  private static let width = 900.0
  /// More rows than so many say nothing to a person.
  private static let limit = 60

  private static let colours = [
    "made": "#2f855a", "restored": "#3b6fb6", "adopted": "#a67c00", "failed": "#c53030",
  ]

  var svg: String {
    let shown = bars.sorted { ($0.start, $0.target) < ($1.start, $1.target) }.prefix(Self.limit)
    let end = max(shown.map(\.end).max() ?? 0, 0.001)
    let scale = (Self.width - Self.names - 60) / end
    let height = Double(shown.count) * Self.row + 4
    let rows = shown.enumerated().map { index, bar in
      let top = Double(index) * Self.row
      let left = Self.names + bar.start * scale
      let length = max(2, (bar.end - bar.start) * scale)
      let time = Wording.duration(bar.end - bar.start)
      let name = JUnitReport.escaped(TextWidth.cutStart(bar.target, to: 36))
      return "<text x=\"0\" y=\"\(number(top + 15))\">\(name)</text>"
        + "<rect x=\"\(number(left))\" y=\"\(number(top + 4))\" width=\"\(number(length))\" height=\"14\" rx=\"3\" "
        + "fill=\"\(Self.colours[bar.outcome] ?? "#718096")\"><title>\(name): \(bar.outcome) in \(time)</title></rect>"
        + "<text x=\"\(number(left + length + 5))\" y=\"\(number(top + 15))\">\(time)</text>"
    }.joined()
    let more = bars.count > shown.count ? "<p>and \(bars.count - shown.count) more</p>" : ""
    return "<svg viewBox=\"0 0 \(number(Self.width)) \(number(height))\" role=\"img\" "
      + "aria-label=\"steps on the clock\">\(rows)</svg>\(more)"
  }

  private func number(_ value: Double) -> String { JSON.fixed(value, places: 1) }
}
