/// The candidate nearest to `word`, if it is near enough to be what was meant: edit distance at most 2 or a third.
package func suggestion(for word: String, among candidates: some Sequence<String>) -> String? {
  let limit = max(2, word.count / 3)
  let nearest = candidates.lazy.map { (name: $0, distance: editDistance(word, $0)) }
    .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
  guard let nearest, nearest.distance <= limit, nearest.distance < word.count else { return nil }
  return nearest.name
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
func editDistance(_ left: String, _ right: String) -> Int {
  let (left, right) = (Array(left), Array(right))
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
  for (i, character) in left.enumerated() {
    var row = [i + 1]
    for (j, other) in right.enumerated() {
      var best = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (character == other ? 0 : 1))
      if i > 0, j > 0, character == right[j - 1], left[i - 1] == other {
        best = min(best, beforePrevious[j - 1] + 1)
      }
      row.append(best)
    }
    (beforePrevious, previous) = (previous, row)
  }
  return previous[right.count]
}
