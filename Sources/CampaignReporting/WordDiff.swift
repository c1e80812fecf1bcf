/// The difference between two texts, word by word, as `git diff --word-diff` shows it: `slow [-dolly-]{+crane up+}`.
package struct WordDiff: Sendable {
  fileprivate enum Piece: Sendable {
    case same(Substring)
    case old(Substring)
    case new(Substring)
  }

  private var pieces: [Piece] = []

  /// By the longest common run of words; texts of thousands of words are compared whole.
  package init(from old: String, to new: String) {
    let (before, after) = (old.split { $0.isWhitespace }, new.split { $0.isWhitespace })
    guard before.count * after.count <= 4_000_000 else {
      pieces = before.map { .old($0) } + after.map { .new($0) }
      return
    }
    var lengths = Array(repeating: Array(repeating: 0, count: after.count + 1), count: before.count + 1)
    for i in before.indices.reversed() {
      for j in after.indices.reversed() {
        lengths[i][j] =
          before[i] == after[j] ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
      }
    }
    var (i, j) = (0, 0)
    while i < before.count || j < after.count {
      if i < before.count, j < after.count, before[i] == after[j] {
        pieces.append(.same(before[i]))
        (i, j) = (i + 1, j + 1)
      } else if j == after.count || i < before.count && lengths[i + 1][j] >= lengths[i][j + 1] {
        pieces.append(.old(before[i]))
        i += 1
      } else {
        pieces.append(.new(after[j]))
        j += 1
      }
    }
  }

  /// One line. Far from a change, words are left out: `… slow [-dolly-]{+crane+} over the …`.
  package func text(_ style: Style, context: Int = 6) -> String {
    var runs: [String] = []
    var index = 0
    while index < pieces.count {
      let kind = kind(index)
      let end = pieces[index...].indices.first { self.kind($0) != kind } ?? pieces.count
      let words = pieces[index..<end].map(\.word)
      switch kind {
      case 0: runs.append(shortened(words, isFirst: index == 0, isLast: end == pieces.count, context))
      case 1: runs.append(style("[-\(words.joined(separator: " "))-]", .bad))
      default: runs.append(style("{+\(words.joined(separator: " "))+}", .good))
      }
      index = end
    }
    return runs.joined(separator: " ")
  }

  private func kind(_ index: Int) -> Int {
    switch pieces[index] {
    case .same: 0
    case .old: 1
    case .new: 2
    }
  }

  private func shortened(_ words: [Substring], isFirst: Bool, isLast: Bool, _ context: Int) -> String {
    let (head, tail) = (isFirst ? 0 : context, isLast ? 0 : context)
    guard words.count > head + tail + 1, !(isFirst && isLast) else { return words.joined(separator: " ") }
    return (words.prefix(head) + ["…"] + words.suffix(tail)).joined(separator: " ")
  }
}

extension WordDiff.Piece {
  fileprivate var word: Substring {
    switch self {
    case .same(let word), .old(let word), .new(let word): word
    }
  }
}
