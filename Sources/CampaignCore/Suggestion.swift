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
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
  for (i, letter) in left.enumerated() {
    var row = [i + 1]
    for (j, other) in right.enumerated() {
      var best = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (letter == other ? 0 : 1))
      if i > 0, j > 0, letter == right[j - 1], left[i - 1] == other {
        best = min(best, beforePrevious[j - 1] + 1)
      }
      row.append(best)
    }
    // A swap reaches back two rows, and costs one.
    guard row.min()! <= limit || previous.min()! < limit else { return nil }
    (beforePrevious, previous) = (previous, row)
  }
  return previous[right.count] <= limit ? previous[right.count] : nil
}
