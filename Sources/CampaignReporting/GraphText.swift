import CampaignCore
import CampaignEngine

/// The graph of a plan as text that other programs draw. Nodes are files, coloured by verdict; arrows are inputs.
package struct GraphText: Sendable {
  package enum Format: String, CaseIterable, Sendable { case tree, dot, mermaid, svg }

  private let plan: Plan
  private var nodes: [GraphDrawing.Node] = []
  private var edges: [(from: Int, to: Int)] = []
  private var indexes: [String: Int] = [:]
  /// Many sources of one folder are drawn as one.
  private var folds: [String: String] = [:]

  package init(_ plan: Plan) { self.plan = plan }

  package func text(_ format: Format, _ style: Style = .plain) -> String {
    var graph = self
    switch format {
    case .tree:
      var tree = GraphTree(plan, style)
      return tree.text()
    case .dot:
      graph.connect()
      return graph.dot
    case .mermaid:
      graph.connect()
      return graph.mermaid
    case .svg:
      graph.fold()
      graph.connect()
      return GraphDrawing(nodes: graph.nodes, edges: graph.edges).text
    }
  }

  /// The steps as an object for programs: nodes and edges, files by name.
  package var json: JSON {
    var graph = self
    graph.connect()
    return .members([
      "v": .int(1),
      "nodes": .array(
        graph.nodes.map {
          .members(["file": .string($0.name), "action": .string($0.label), "verdict": .string($0.verdict)])
        }),
      "edges": .array(graph.edges.map { .array([.int($0.from), .int($0.to)]) }),
    ])
  }

  private mutating func connect() {
    for entry in plan.entries {
      for output in entry.outputs { add(output, entry.action, entry.verdict.word, inputs: entry.sources) }
    }
    for pending in plan.pending { add(pending.outputs, pending.action, "undecided", inputs: [pending.file]) }
    let pending = Set(plan.pending.map(\.outputs))
    for entry in plan.entries {
      guard case .undecided(let names) = entry.verdict else { continue }
      for name in names where pending.contains(name) {
        edges.append((index(of: name), index(of: entry.outputs[0])))
      }
    }
  }

  private mutating func fold() {
    let outputs = Set(plan.entries.flatMap(\.outputs) + plan.pending.map(\.file))
    let sources = Set(plan.entries.flatMap(\.inputs)).subtracting(outputs)
    for (folder, paths) in Dictionary(grouping: sources, by: { Files.folder(of: $0) ?? "" })
    where paths.count > 4 && !folder.isEmpty {
      for path in paths { folds[path] = "\(folder)/ (\(paths.count) files)" }
    }
  }

  private mutating func add(_ output: String, _ action: String, _ verdict: String, inputs: [String]) {
    var seen: Set<Int> = []
    let sources = inputs.map { index(of: folds[$0] ?? $0) }.filter { seen.insert($0).inserted }
    let target = index(of: output)
    nodes[target].label = action
    nodes[target].verdict = verdict
    edges += sources.map { ($0, target) }
  }

  private mutating func index(of name: String) -> Int {
    if let index = indexes[name] { return index }
    nodes.append(GraphDrawing.Node(name: name, label: "", verdict: "source"))
    indexes[name] = nodes.count - 1
    return nodes.count - 1
  }

  private static let colors: KeyValuePairs = [
    "source": "#eeeeee", "current": "#c8e6c9", "kept": "#fff9c4", "stale": "#ffccbc", "restorable": "#bbdefb",
    "edited": "#fff9c4", "undecided": "#ffffff", "awaiting": "#f8bbd0",
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
