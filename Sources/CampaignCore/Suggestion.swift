/// The candidate nearest to `word`, if it is near enough to be what was meant: edit distance at most 2 or a third, or
/// `limit` when given.
///
/// Long words are not looked at, and candidates only as far as they can be nearer than the nearest: a file full of
/// mistakes must not take minutes.
package func suggestion(
  for word: String, among candidates: some Sequence<String>, within limit: Int? = nil
) -> String? {
  let letters = Array(word.unicodeScalars)
  guard letters.count <= 200 else { return nil }
  var nearest: String?
  var distance = min(limit ?? max(2, letters.count / 3), letters.count - 1)
  for name in candidates {
    // A letter is of four bytes at most.
    guard abs(name.utf8.count - word.utf8.count) <= 4 * distance,
      let other = editDistance(letters, Array(name.unicodeScalars), within: distance)
    else { continue }
    if other < distance || nearest.map({ name < $0 }) ?? true { (nearest, distance) = (name, other) }
  }
  return nearest
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other; nil when more than
/// `limit` are needed.
func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar], within limit: Int) -> Int? {
  guard abs(left.count - right.count) <= limit else { return nil }
  var rows = (before: Array(0...right.count), last: Array(0...right.count), next: Array(0...right.count))
  for i in left.indices {
    rows.next[0] = i + 1
    // Further from the diagonal more than `limit` are needed anyway.
    let near = max(0, i - limit)..<min(right.count, i + limit + 1)
    if near.lowerBound > 0 { rows.next[near.lowerBound] = limit + 1 }
    var least = rows.next[near.lowerBound]
    for j in near {
      let above = j < i + limit ? rows.last[j + 1] : limit + 1
      var best = min(above + 1, rows.next[j] + 1, rows.last[j] + (left[i] == right[j] ? 0 : 1))
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
        best = min(best, rows.before[j - 1] + 1)
      }
      rows.next[j + 1] = best
      least = min(least, best)
    }
    // A swap reaches back two rows, and costs one.
    guard least <= limit else { return nil }
    rows = (rows.last, rows.next, rows.before)
  }
  return rows.last[right.count] <= limit ? rows.last[right.count] : nil
}
