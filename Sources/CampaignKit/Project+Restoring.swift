import CampaignCore
import CampaignEngine

/// What has to be chosen again for the clips to be what they were after an earlier build.
package struct Restoration: Sendable {
  package struct Choice: Sendable {
    package var takes: Takes
    /// The take of then, by its number.
    package var number: Int
    package var target: String { takes.target }
  }

  package var choices: [Choice] = []
  /// Targets whose take of then was ordered otherwise: with another prompt, other photos, in another profile, or by a
  /// rule that is gone. Those have to be put back first.
  package var others: [String] = []
  /// Takes of then that count.
  package var kept = 0
  /// Targets that are no takes and were made anew since: only sources as they were then bring them back.
  package var remade: [String] = []
}

extension Project {
  /// How the takes after a build differ from those of now. Reads only, builds of the past from `archive` if it is given.
  package func restoration(to run: Run, in archive: Archive? = nil) throws(BuildError) -> Restoration {
    let archive = archive ?? self.archive
    let plan = try plan(Request())
    let now = try takes(of: plan)
    var restoration = Restoration()
    if let pending = plan.pending.first {
      throw .invalid([
        Diagnostic(
          "E0406", "`\(pending.outputs)` is not known yet: build `\(pending.file)` first", at: pending.site)
      ])
    }
    let then = takes(after: run, in: archive)
    restoration.remade = changes(since: run, in: archive).subtracting(then.keys).sorted()
    for (target, take) in then.sorted(by: { $0.key < $1.key }) {
      guard let takes = now[target], let index = takes.shelf.takes.firstIndex(where: { $0.content == take })
      else {
        restoration.others.append(target)
        continue
      }
      if take == takes.current {
        restoration.kept += 1
      } else {
        restoration.choices.append(.init(takes: takes, number: index + 1))
      }
    }
    return restoration
  }

  /// Makes the takes count that did after a build, and brings their targets to them. Buys nothing.
  package func restore(_ restoration: Restoration) throws(BuildError) {
    for choice in restoration.choices {
      if let take = choice.takes.number(choice.number) { try use(take, of: choice.takes) }
    }
    try bring(restoration.choices.map(\.target))
  }

  /// Targets whose content is another than when a build had ended, as far as the logs tell.
  private func changes(since run: Run, in archive: Archive) -> Set<String> {
    let later = archive.history().filter { $0.name.full > run.name.full }
    return Set(later.flatMap(\.steps).filter(\.isChanged).map(\.target))
  }

  /// The take that each target was when a build had ended, as the logs tell it.
  private func takes(after run: Run, in archive: Archive) -> [String: ContentHash] {
    var takes: [String: ContentHash] = [:]
    for earlier in archive.history() {
      for step in earlier.steps { if let take = step.take { takes[step.target] = take } }
      if earlier.name.full == run.name.full { break }
    }
    return takes
  }
}
