import CampaignCore

/// What to build, and how.
public struct BuildOptions: Hashable, Sendable {
  /// Files or names to bring up to date; empty: everything.
  public var targets: [String]
  /// What to make anew although it is current.
  public var forced: [String] = []
  /// Go on with what does not depend on a failed step.
  public var keepsGoing = false
  /// The most that may be spent: nothing, unless you say so. The budgets of the Campaignfile hold as well.
  public var maxCost = Money.zero
  /// What would have to be bought waits, instead of being refused.
  public var holdsPurchases = false
  /// Steps at once on this machine; nil: one for each core.
  public var jobs: Int?
  /// False: fail with ``CampaignError/locked(owner:)`` when another build holds the workspace.
  public var waitsForOthers = true

  public init(_ targets: String...) { self.targets = targets }

  var request: Project.Request {
    var request = Project.Request()
    (request.targets, request.forced, request.keepGoing) = (targets, forced, keepsGoing)
    (request.maxCost, request.holdsPurchases) = (maxCost, holdsPurchases)
    (request.jobs, request.waitsForLock) = (jobs, waitsForOthers)
    return request
  }
}
