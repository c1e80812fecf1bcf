import CampaignActions
import CampaignCore
import CampaignEngine

/// The same campaign by two profiles, target by target: what each makes, costs and takes, and what came of it.
package struct Comparison: Sendable {
  /// One target as one profile has it.
  package struct Side: Hashable, Sendable {
    /// Who makes it, e.g. `local` or `replicate google/veo-3.1-fast`.
    package var maker: String
    /// What it cost, or, if it was not made yet, would cost at most.
    package var cost: Money
    /// Seconds that it took when it was last made by this profile; nil: that is not known.
    package var seconds: Double?
    /// Its result; nil: it was not made yet, or is kept nowhere.
    package var content: ContentHash?
  }

  package struct Row: Sendable {
    package var target: String
    /// Nil where a profile has no such target.
    package var left: Side?
    package var right: Side?
    /// Someone else makes it, or it came out different.
    package var differs: Bool {
      left?.maker != right?.maker || left?.cost != right?.cost || left?.content != right?.content
    }
  }

  package var profiles: (left: String, right: String)
  package var rows: [Row]
  /// A picture of what differs, left and right of each pair, relative to the workspace; nil: nothing to show yet.
  package var sheet: String?

  /// The sum of a side: what was spent, and what is still to be spent at most.
  package func cost(_ side: KeyPath<Row, Side?>) -> (spent: Money, open: Money) {
    rows.compactMap { $0[keyPath: side] }.reduce(into: (.zero, .zero)) { sum, side in
      if side.content == nil { sum.1 = sum.1 + side.cost } else { sum.0 = sum.0 + side.cost }
    }
  }

  /// The seconds of work that are known of a side.
  package func seconds(_ side: KeyPath<Row, Side?>) -> Double {
    rows.compactMap { $0[keyPath: side]?.seconds }.reduce(0, +)
  }
}

extension Project {
  /// Compares this project with the same one by another profile. Writes nothing but the picture.
  package func compare(_ other: Project) throws(BuildError) -> Comparison {
    let (left, right) = (try sides(), try other.sides())
    let targets = left.order + right.order.filter { left.sides[$0] == nil }
    var comparison = Comparison(
      profiles: (profile ?? "no profile", other.profile ?? "no profile"),
      rows: targets.map { Comparison.Row(target: $0, left: left.sides[$0], right: right.sides[$0]) })
    comparison.sheet = picture(comparison)
    return comparison
  }

  private func sides() throws(BuildError) -> (order: [String], sides: [String: Comparison.Side]) {
    let plan = try plan(Request())
    let attempts = Dictionary(grouping: try costs().attempts) { $0.take }
    let runs = archive.history().filter { $0.profile == profile }
    var sides: [String: Comparison.Side] = [:]
    for entry in plan.entries {
      let target = entry.outputs[0]
      let take = entry.parameters.first { $0.name == "take" }.flatMap { ContentHash(hex: $0.value) }
      let paid = take.flatMap { attempts[$0]?.first }
      let maker = entry.parameters.first { $0.name == "by" }?.value ?? entry.action
      let seconds = runs.reversed().lazy.flatMap(\.steps).first {
        $0.target == target && $0.outcome == "made"
      }?.seconds
      sides[target] = Comparison.Side(
        maker: maker, cost: paid?.committed ?? entry.estimate, seconds: seconds, content: entry.result)
    }
    return (plan.entries.map { $0.outputs[0] }, sides)
  }

  /// A frame from the middle of each clip that both have and that differs.
  private func picture(_ comparison: Comparison) -> String? {
    let store = Store(folder: state.store)
    var pairs: [(first: String, last: String)] = []
    let folder = StateFolder.name + "/review/compare"
    defer { Files.remove(state.resolve(folder)) }
    for row in comparison.rows where row.target.hasSuffix(".mp4") && pairs.count < 12 {
      guard let left = row.left?.content, let right = row.right?.content, left != right,
        store.holds(left), store.holds(right)
      else { continue }
      let frames = ["left", "right"].map { "\(folder)/\(pairs.count)-\($0).jpg" }
      let isDone = zip(frames, [left, right]).allSatisfy { frame, content in
        Still(of: store.path(of: content)).write(to: state.resolve(frame), width: 384)
      }
      if isDone { pairs.append((frames[0], frames[1])) }
    }
    guard !pairs.isEmpty else { return nil }
    let (left, right) = comparison.profiles
    let sheet = "\(StateFolder.name)/review/compare-\(left)-\(right).jpg"
    return (try? ContactSheet(pairs: pairs, columns: 1).write(to: sheet, root: root)).map { sheet }
  }
}
