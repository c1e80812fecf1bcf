import CampaignCore
import CampaignEngine

/// The graph of a plan as a tree, from the films down to their sources. What was shown already is not shown again, so
/// that a tree is never longer than its graph.
///
///     build/final.mp4  depends  mix-audio
///     ├─ build/combined.mp4  depends  combine
///     │  ├─ build/clips/hook.mp4  stale  generate-clip
///     │  │  └─ photos/a.jpg
///     │  └─ photos/*.jpg (12 files)
///     └─ build/music.m4a  current  compose-music
struct GraphTree {
  private var entries: [String: Plan.Entry] = [:]
  private var pending: [String: Plan.Pending] = [:]
  private let roots: [String]
  private let style: Style
  private var shown: Set<String> = []
  /// What has a tree of its own further down.
  private var later: [String] = []
  private var lines: [String] = []

  /// More sources than so many from one folder are told in one line.
  private static let folded = 4
  /// A tree is not indented further than this: a chain of steps would be a square of text.
  private static let deepest = 40

  init(_ plan: Plan, _ style: Style) {
    for entry in plan.entries { for output in entry.outputs { entries[output] = entry } }
    for rule in plan.pending { pending[rule.outputs] = rule }
    let films = plan.films.compactMap(\.outputs.first)
    let waited = Set(plan.entries.flatMap(\.waitsFor))
    roots = films + plan.pending.map(\.outputs).filter { !waited.contains($0) }
    self.style = style
  }

  mutating func text() -> String {
    for root in roots { show(root) }
    var next = 0
    while next < later.count {
      if !shown.contains(later[next]) { show(later[next]) }
      next += 1
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private struct Place {
    var name: String
    var lead = ""
    var branch = ""
    var depth = 0
  }

  /// Depth first without recursion: a chain of steps may be as long as the file.
  private mutating func show(_ root: String) {
    var stack = [Place(name: root)]
    while let place = stack.popLast() {
      let children = children(of: place.name)
      let isAbove = !children.isEmpty && shown.contains(place.name)
      let isBelow = !children.isEmpty && !isAbove && place.depth == Self.deepest
      lines.append(
        style(place.branch, .faint) + label(place.name)
          + (isAbove || isBelow ? style(isAbove ? "  …above" : "  …below", .faint) : ""))
      if isBelow { later.append(place.name) }
      if isAbove || isBelow { continue }
      shown.insert(place.name)
      for (index, child) in children.enumerated().reversed() {
        let (branch, lead) = index == children.count - 1 ? ("└─ ", "   ") : ("├─ ", "│  ")
        stack.append(
          Place(
            name: child, lead: place.lead + lead, branch: place.lead + branch, depth: place.depth + 1))
      }
    }
  }

  private func label(_ name: String) -> String {
    let text = Wording.clean(name)
    if let entry = entries[name] {
      let (word, tone) = (entry.verdict.word, entry.verdict.tone)
      return "\(text)  \(style(word, tone))  \(style(entry.action, .faint))"
    }
    return pending[name].map { "\(text)  \(style("later", .faint))  \(style($0.action, .faint))" } ?? text
  }

  private func children(of name: String) -> [String] {
    if let rule = pending[name] { return [rule.file] }
    guard let entry = entries[name] else { return [] }
    let steps = entry.sources.filter { entries[$0] != nil }
    let rules = entry.waitsFor.filter { pending[$0] != nil }
    return unique(steps + rules) + Self.fold(unique(entry.sources.filter { entries[$0] == nil }))
  }

  private func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// Many files of one folder and kind become a pattern.
  private static func fold(_ sources: [String]) -> [String] {
    let counts = Dictionary(sources.map { (pattern(of: $0), 1) }, uniquingKeysWith: +)
    var told: Set<String> = []
    return sources.compactMap { path in
      let pattern = pattern(of: path)
      guard let count = counts[pattern], count > folded else { return path }
      return told.insert(pattern).inserted ? "\(pattern) (\(count) files)" : nil
    }
  }

  private static func pattern(of path: String) -> String {
    (Files.folder(of: path).map { $0 + "/" } ?? "") + "*"
      + (path.lastIndex(of: ".").map { path[$0...] } ?? "")
  }
}

extension Plan.Entry {
  /// What an undecided step names as the reason.
  fileprivate var waitsFor: [String] { if case .undecided(let names) = verdict { names } else { [] } }
}

extension Plan.Verdict {
  var tone: Style.Tone {
    switch self {
    case .current: .good
    case .stale: .active
    case .restorable: .good
    case .kept, .edited, .awaiting: .warning
    case .undecided: .faint
    }
  }
}
