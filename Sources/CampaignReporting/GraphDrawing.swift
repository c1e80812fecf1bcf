import CampaignCore

/// A graph as a self-contained SVG picture, light or dark as its reader likes it.
struct GraphDrawing {
  struct Node {
    var name: String
    var label: String
    var verdict: String
  }

  private let nodes: [Node]
  private let layout: GraphLayout
  private var x: [Double] = []
  private var y: [Double] = []
  private var widths: [Double] = []
  private var size = (width: 0.0, height: 0.0)

  private static let row = 50.0
  private static let box = 38.0
  private static let gap = 56.0
  private static let margin = 20.0

  /// Colour is not the only carrier: each verdict has a sign.
  static let signs: KeyValuePairs = [
    "source": "·", "current": "✓", "stale": "▲", "restorable": "↺", "edited": "✎", "kept": "✎",
    "undecided": "?", "awaiting": "⏸",
  ]

  init(nodes: [Node], edges: [(from: Int, to: Int)]) {
    self.nodes = nodes
    layout = GraphLayout(count: nodes.count, edges: edges)
    place()
  }

  private mutating func place() {
    x = Array(repeating: 0, count: layout.ranks.count)
    y = x
    widths = nodes.map { node in
      let what = node.verdict.count + node.label.count + 5
      return max(96, Double(TextWidth.of(node.name)) * 7.3 + 22, Double(what) * 6.3 + 22)
    }
    let tallest = Double(layout.columns.map(\.count).max() ?? 0) * Self.row
    var left = Self.margin
    for column in layout.columns {
      let width = column.filter { $0 < nodes.count }.map { widths[$0] }.max() ?? 0
      let top = Self.margin + (tallest - Double(column.count) * Self.row) / 2
      for (index, node) in column.enumerated() {
        x[node] = left + (node < nodes.count ? 0 : width / 2)
        y[node] = top + Double(index) * Self.row + Self.row / 2
        if node < nodes.count { widths[node] = width }
      }
      left += width + Self.gap
    }
    size = (left - Self.gap + Self.margin, tallest + 2 * Self.margin + 34)
  }

  var text: String {
    let (width, height) = (number(size.width), number(size.height))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
      role="img" aria-label="The graph of the campaign" font-family="ui-sans-serif, system-ui, sans-serif">
      \(Self.css)<rect width="100%" height="100%" class="paper"/>

      """ + layout.routes.map(path).joined() + nodes.indices.map(box).joined() + legend + "</svg>\n"
  }

  private static let css = """
    <style>
    .paper { fill: #fff } .edge { fill: none; stroke: #94a3b8; stroke-width: 1.2 }
    .name { font-size: 13px; fill: #0f172a } .what { font-size: 11px; fill: #475569 }
    .node { stroke: #64748b; stroke-width: 1 } .source { fill: #f1f5f9; stroke-dasharray: 3 2 }
    .current { fill: #dcfce7 } .stale { fill: #fed7aa } .restorable { fill: #dbeafe }
    .edited, .kept { fill: #fef9c3 } .undecided { fill: #fff; stroke-dasharray: 5 3 } .awaiting { fill: #fbcfe8 }
    @media (prefers-color-scheme: dark) {
    .paper { fill: #0f172a } .edge { stroke: #64748b } .name { fill: #f1f5f9 } .what { fill: #cbd5e1 }
    .source { fill: #1e293b } .current { fill: #14532d } .stale { fill: #7c2d12 } .restorable { fill: #1e3a8a }
    .edited, .kept { fill: #713f12 } .undecided { fill: #0f172a } .awaiting { fill: #831843 }
    }
    </style>

    """

  private func path(_ route: [Int]) -> String {
    var points: [(Double, Double)] = []
    for (index, node) in route.enumerated() {
      if node < nodes.count {
        points.append((index == 0 ? x[node] + widths[node] : x[node], y[node]))
      } else {
        points.append((x[node], y[node]))
      }
    }
    var text = "M\(number(points[0].0)) \(number(points[0].1))"
    for (from, to) in zip(points, points.dropFirst()) {
      let bend = (to.0 - from.0) / 2
      text += "C\(number(from.0 + bend)) \(number(from.1)) \(number(to.0 - bend)) \(number(to.1)) "
      text += "\(number(to.0)) \(number(to.1))"
    }
    return "<path class=\"edge\" d=\"\(text)\"/>\n"
  }

  private func box(_ index: Int) -> String {
    let node = nodes[index]
    let (left, top) = (x[index], y[index] - Self.box / 2)
    let what =
      "\(sign(node.verdict)) \(node.label.isEmpty ? node.verdict : "\(node.verdict) · \(node.label)")"
    return "<g><title>\(Self.escaped(node.name)): \(node.verdict)</title>"
      + "<rect class=\"node \(node.verdict)\" x=\"\(number(left))\" y=\"\(number(top))\" "
      + "width=\"\(number(widths[index]))\" height=\"\(number(Self.box))\" rx=\"6\"/>"
      + "<text class=\"name\" x=\"\(number(left + 10))\" y=\"\(number(top + 16))\">\(Self.escaped(node.name))</text>"
      + "<text class=\"what\" x=\"\(number(left + 10))\" y=\"\(number(top + 30))\">\(Self.escaped(what))</text></g>\n"
  }

  private func sign(_ verdict: String) -> String { Self.signs.first { $0.key == verdict }?.value ?? "·" }

  private var legend: String {
    let used = Set(nodes.map(\.verdict))
    var left = Self.margin
    return Self.signs.filter { used.contains($0.key) }.map { verdict, sign in
      defer { left += Double(verdict.count) * 7 + 48 }
      let top = size.height - 30
      return
        "<rect class=\"node \(verdict)\" x=\"\(number(left))\" y=\"\(number(top))\" width=\"22\" height=\"16\" rx=\"4\"/>"
        + "<text class=\"what\" x=\"\(number(left + 7))\" y=\"\(number(top + 12))\">\(sign)</text>"
        + "<text class=\"what\" x=\"\(number(left + 28))\" y=\"\(number(top + 12))\">\(verdict)</text>\n"
    }.joined()
  }

  private func number(_ value: Double) -> String {
    value == value.rounded() ? String(Int(nearest: value)) : JSON.fixed(value, places: 1)
  }

  private static func escaped(_ text: String) -> String { JUnitReport.escaped(text) }
}
