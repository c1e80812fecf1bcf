import CampaignCore

/// How much may be spent; nil: no such limit.
package struct SpendingLimits: Hashable, Sendable {
  /// In this build.
  package var run: Money?
  /// In this workspace, ever.
  package var campaign: Money?
  /// In this workspace, since the first of the month.
  package var month: Money?
  /// Nothing may be bought at all.
  package var isFrozen = false

  package init() {}

  /// What is left, whichever limit is nearest; nil: without limit.
  package func room(run: Money, campaign: Money, month: Money) -> (left: Money, limit: String)? {
    var nearest: (left: Money, limit: String)?
    for (limit, spent, name) in [
      (self.run, run, "this build"), (self.campaign, campaign, "the campaign's budget"),
      (self.month, month, "the month's budget"),
    ] {
      guard let limit else { continue }
      let left = limit - spent
      if nearest.map({ left < $0.left }) ?? true { nearest = (left, "\(limit) for \(name)") }
    }
    return nearest
  }
}
