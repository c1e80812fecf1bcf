/// Steps by priority, highest first; equal priorities in the order of their ids. A binary heap.
struct PriorityQueue: Sendable {
  struct Entry: Sendable {
    var step: StepID
    var priority: Double

    func isBefore(_ other: Entry) -> Bool { (priority, other.step) > (other.priority, step) }
  }

  private(set) var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }
  var top: StepID? { entries.first?.step }
  var topPriority: Double { entries.first?.priority ?? -1 }

  mutating func push(_ step: StepID, _ priority: Double) {
    entries.append(Entry(step: step, priority: priority))
    var child = entries.count - 1
    while child > 0, entries[child].isBefore(entries[(child - 1) / 2]) {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> StepID? {
    guard let top = entries.first else { return nil }
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    var parent = 0
    while true {
      let best = [2 * parent + 1, 2 * parent + 2].filter {
        $0 < entries.count && entries[$0].isBefore(entries[parent])
      }
      .max { entries[$1].isBefore(entries[$0]) }
      guard let best else { return top.step }
      entries.swapAt(parent, best)
      parent = best
    }
  }
}
