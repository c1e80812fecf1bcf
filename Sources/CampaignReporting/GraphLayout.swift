/// Places for the nodes of a graph without cycles, in columns from left to right: a node stands right of all that it is
/// made from. Long edges get a place of their own in each column that they cross, so that they run between nodes, unless
/// that would be more places than a picture can hold.
struct GraphLayout {
  /// The column of each node, and its place in it from the top.
  private(set) var columns: [[Int]] = []
  private(set) var ranks: [Int]
  /// Each edge as the nodes that it passes, the last ones of them real.
  private(set) var routes: [[Int]] = []
  /// Real nodes come first; the others are bends.
  let nodeCount: Int

  /// - Parameters:
  ///   - count: nodes.
  ///   - edges: from a node to one that is made from it; no way leads back.
  init(count: Int, edges: [(from: Int, to: Int)]) {
    nodeCount = count
    let steps = Self.ranks(count, edges)
    ranks = steps
    var bends = count
    let crossed = edges.reduce(0) { $0 + steps[$1.to] - steps[$1.from] - 1 }
    for edge in edges {
      var route = [edge.from]
      for rank in steps[edge.from] + 1..<steps[edge.to] where crossed <= Self.mostBends {
        route.append(bends)
        ranks.append(rank)
        bends += 1
      }
      routes.append(route + [edge.to])
    }
    columns = Array(repeating: [], count: (ranks.max() ?? 0) + 1)
    for (node, rank) in ranks.enumerated() { columns[rank].append(node) }
    sortColumns()
  }

  private static let mostBends = 100_000

  /// The longest way from a source.
  private static func ranks(_ count: Int, _ edges: [(from: Int, to: Int)]) -> [Int] {
    var ranks = Array(repeating: 0, count: count)
    var after = Array(repeating: [Int](), count: count)
    var waits = Array(repeating: 0, count: count)
    for edge in edges {
      after[edge.from].append(edge.to)
      waits[edge.to] += 1
    }
    var ready = ranks.indices.filter { waits[$0] == 0 }
    while let node = ready.popLast() {
      for next in after[node] {
        ranks[next] = max(ranks[next], ranks[node] + 1)
        waits[next] -= 1
        if waits[next] == 0 { ready.append(next) }
      }
    }
    return ranks
  }

  /// Moves each node towards the middle of its neighbours, sweeping to and fro: fewer edges cross.
  private mutating func sortColumns() {
    var before = Array(repeating: [Int](), count: ranks.count)
    var after = before
    for route in routes {
      for (from, to) in zip(route, route.dropFirst()) {
        after[from].append(to)
        before[to].append(from)
      }
    }
    for sweep in 0..<6 {
      let isForward = sweep.isMultiple(of: 2)
      let order = isForward ? Array(columns.indices.dropFirst()) : columns.indices.dropLast().reversed()
      for column in order {
        let places = self.places(of: isForward ? column - 1 : column + 1)
        let neighbours = isForward ? before : after
        let middles = Dictionary(
          uniqueKeysWithValues: columns[column].enumerated().map { index, node in
            let known = neighbours[node].compactMap { places[$0] }
            return (node, known.isEmpty ? Double(index) : Double(known.reduce(0, +)) / Double(known.count))
          })
        columns[column].sort { (middles[$0]!, $0) < (middles[$1]!, $1) }
      }
    }
  }

  private func places(of column: Int) -> [Int: Int] {
    Dictionary(uniqueKeysWithValues: columns[column].enumerated().map { ($0.element, $0.offset) })
  }
}
