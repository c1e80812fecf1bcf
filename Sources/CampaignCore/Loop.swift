/// The first of the numbers below `count` that lead back to themselves, each once and in order; nil when none does.
///
/// Depth first without recursion: a way may be as long as what a person wrote.
///
/// - Parameter next: the numbers that one leads to.
package func firstLoop(among count: Int, next: (Int) -> [Int]) -> [Int]? {
  enum Mark { case unseen, open, done }
  var marks = [Mark](repeating: .unseen, count: count)
  for start in 0..<count where marks[start] == .unseen {
    var trail = [(number: start, next: next(start)[...])]
    marks[start] = .open
    while let top = trail.last {
      guard let other = top.next.first else {
        marks[top.number] = .done
        trail.removeLast()
        continue
      }
      trail[trail.count - 1].next.removeFirst()
      if marks[other] == .open { return Array(trail.map(\.number).drop { $0 != other }) }
      guard marks[other] == .unseen else { continue }
      marks[other] = .open
      trail.append((other, next(other)[...]))
    }
  }
  return nil
}
