import CampaignCore
import CampaignEngine

/// What a build came to, in steps.
public struct BuildResult: Hashable, Sendable {
  public var made: Int
  public var restored: Int
  public var adopted: Int
  public var current: Int
  public var failed: Int
  /// Not run because of a failure before them.
  public var skipped: Int
  /// Not bought because a limit forbade it.
  public var refused: Int
  /// A provider or the network kept them from being made; ``Project/retry(_:)`` goes on.
  public var troubled: Int
  /// Wait for an approval.
  public var awaiting: Int
  public var isInterrupted: Bool
  public var cost: Money
  public var seconds: Double
  /// What it was asked for.
  public var options: BuildOptions

  /// All that was asked for is there.
  public var isComplete: Bool { failed + skipped + refused + troubled + awaiting == 0 && !isInterrupted }

  init(_ summary: Summary, _ options: BuildOptions) {
    (made, restored, adopted) = (summary.made, summary.restored, summary.adopted)
    (current, failed, skipped) = (summary.current, summary.failed, summary.skipped)
    (refused, troubled, awaiting) = (summary.refused, summary.troubled, summary.awaiting)
    (isInterrupted, cost, seconds) = (summary.isInterrupted, summary.cost, summary.seconds)
    self.options = options
  }
}
