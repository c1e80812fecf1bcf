/// Gives each scene one of its candidate pairs so that no photo is used twice and the sum of the scores is highest.
///
/// Branch and bound from a greedy start. It is exact unless it gives up after many steps, which takes many scenes that
/// want the same photos; then the best found so far stands. A scene served counts more than any score.
struct Assignment {
  /// A list for each scene, best first.
  private let candidates: [[Pairing.Candidate]]
  /// The most that the scenes from each place on can get.
  private var bounds: [Double]
  private var isUsed: [Bool]
  private var unusedCount: Int
  private var current: [Pairing.Candidate?]
  private var found: [Pairing.Candidate?]
  private var foundWorth = 0.0
  private var steps = 0

  init(candidates: [[Pairing.Candidate]], photoCount: Int) {
    self.candidates = candidates
    bounds = [0]
    for list in candidates.reversed() { bounds.append(bounds[bounds.count - 1] + Self.worth(list.first)) }
    bounds.reverse()
    isUsed = [Bool](repeating: false, count: photoCount)
    unusedCount = photoCount
    current = [Pairing.Candidate?](repeating: nil, count: candidates.count)
    found = current
  }

  /// One place a scene; nil where photos do not suffice.
  func best() -> [Pairing.Candidate?] {
    var search = self
    search.startGreedily()
    search.search(scene: 0, worth: 0)
    return search.found
  }

  private static func worth(_ candidate: Pairing.Candidate?) -> Double {
    candidate.map { 1 + $0.score } ?? 0
  }

  /// Takes the best pair of all scenes, then the best of what is left.
  private mutating func startGreedily() {
    var open = Set(candidates.indices)
    var used = isUsed
    while true {
      let next = open.sorted().compactMap { scene in
        candidates[scene].first { !used[$0.first] && !used[$0.last] }.map { (scene: scene, pair: $0) }
      }.max { ($0.pair.score, -$0.scene) < ($1.pair.score, -$1.scene) }
      guard let next else { break }
      found[next.scene] = next.pair
      open.remove(next.scene)
      used[next.pair.first] = true
      used[next.pair.last] = true
    }
    foundWorth = found.reduce(0) { $0 + Self.worth($1) }
  }

  private mutating func search(scene: Int, worth: Double) {
    guard scene < candidates.count else {
      if worth > foundWorth + 1e-9 { (found, foundWorth) = (current, worth) }
      return
    }
    for candidate in candidates[scene] where !isUsed[candidate.first] && !isUsed[candidate.last] {
      let gained = worth + Self.worth(candidate)
      guard canImprove(gained, from: scene + 1, unused: unusedCount - 2) else { break }
      steps += 1
      guard steps < 200_000 else { return }
      use(candidate, true)
      current[scene] = candidate
      search(scene: scene + 1, worth: gained)
      current[scene] = nil
      use(candidate, false)
    }
    // Without this scene, if that leaves photos for better ones.
    if canImprove(worth, from: scene + 1, unused: unusedCount) { search(scene: scene + 1, worth: worth) }
  }

  private func canImprove(_ worth: Double, from scene: Int, unused: Int) -> Bool {
    worth + min(bounds[scene], Double(unused / 2) * 2) > foundWorth + 1e-9
  }

  private mutating func use(_ candidate: Pairing.Candidate, _ isTaken: Bool) {
    isUsed[candidate.first] = isTaken
    isUsed[candidate.last] = isTaken
    unusedCount += isTaken ? -2 : 2
  }
}
