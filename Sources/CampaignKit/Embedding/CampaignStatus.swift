import CampaignCore
import CampaignEngine
import CampaignReporting

/// How a campaign stands.
public struct CampaignStatus: Hashable, Sendable {
  public struct Failure: Hashable, Sendable {
    public var target: String
    public var message: String
  }

  public var name: String
  /// Nothing has to be made, restored or adopted.
  public var isCurrent: Bool
  /// The build that runs now, in whatever process.
  public var builder: String?
  /// Targets that a person has to approve.
  public var approvals: [String]
  /// What failed in the last build and is not made since.
  public var failures: [Failure]
  public var spent: Money
  /// The most that requests which are in flight can cost.
  public var reserved: Money

  init(_ name: String, _ plan: Plan, _ now: Status.Circumstances) {
    self.name = name
    isCurrent = plan.isCurrent
    builder = now.builder
    approvals = Set(
      plan.entries.flatMap { entry -> [String] in
        if case .awaiting(let targets) = entry.verdict { targets } else { [] }
      }
    ).sorted()
    failures = now.failures.map { Failure(target: $0.target, message: $0.message) }
    (spent, reserved) = (now.spent, now.inFlightCost)
  }
}
