import CampaignCore
import CampaignEngine

/// The graph of a plan as text that other programs draw. Nodes are files, coloured by verdict; arrows are inputs.
package struct GraphText: Sendable {
  package enum Format: String, CaseIterable, Sendable { case dot, mermaid }

  private struct Node {
    var name: String
    var label: String
    var verdict: String
  }

  private var nodes: [Node] = []
  private var edges: [(from: Int, to: Int)] = []
  private var indexes: [String: Int] = [:]

  package init(_ plan: Plan) {
    for entry in plan.entries {
      for output in entry.outputs { add(output, entry.action, entry.verdict.word, inputs: entry.inputs) }
    }
    for pending in plan.pending { add(pending.outputs, pending.action, "undecided", inputs: [pending.file]) }
  }

  private mutating func add(_ output: String, _ action: String, _ verdict: String, inputs: [String]) {
    let sources = inputs.map { index(of: $0) }
    let target = index(of: output)
    nodes[target].label = action
    nodes[target].verdict = verdict
    edges += sources.map { ($0, target) }
  }

  private mutating func index(of name: String) -> Int {
    if let index = indexes[name] { return index }
    nodes.append(Node(name: name, label: "", verdict: "source"))
    indexes[name] = nodes.count - 1
    return nodes.count - 1
  }

  package func text(_ format: Format) -> String {
    switch format {
    case .dot: dot
    case .mermaid: mermaid
    }
  }

  private static let colors: KeyValuePairs = [
    "source": "#eeeeee", "current": "#c8e6c9", "kept": "#fff9c4", "stale": "#ffccbc", "restorable": "#bbdefb",
    "edited": "#fff9c4", "undecided": "#ffffff",
  ]

  private var dot: String {
    let colors = Dictionary(uniqueKeysWithValues: Self.colors.map { ($0.key, $0.value) })
    var text = "digraph campaign {\n  rankdir=LR\n  node [shape=box style=filled]\n"
    for (index, node) in nodes.enumerated() {
      let name = node.name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      let label = node.label.isEmpty ? name : "\(name)\\n\(node.label)"
      text += "  n\(index) [label=\"\(label)\" fillcolor=\"\(colors[node.verdict] ?? "")\"]\n"
    }
    for edge in edges { text += "  n\(edge.from) -> n\(edge.to)\n" }
    return text + "}\n"
  }

  private var mermaid: String {
    var text = "flowchart LR\n"
    for (index, node) in nodes.enumerated() {
      let name = node.name.replacing("\"", with: "#quot;")
      let label = node.label.isEmpty ? name : "\(name)<br>\(node.label)"
      text += "  n\(index)[\"\(label)\"]:::\(node.verdict)\n"
    }
    for edge in edges { text += "  n\(edge.from) --> n\(edge.to)\n" }
    let used = Set(nodes.map(\.verdict))
    for (verdict, color) in Self.colors where used.contains(verdict) {
      text += "  classDef \(verdict) fill:\(color),color:#000\n"
    }
    return text
  }
}
