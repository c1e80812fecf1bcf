import CampaignCore
import CampaignEngine
import CampaignReporting

/// What a build would do.
public struct BuildPlan: Hashable, Sendable {
  public struct Step: Hashable, Sendable {
    /// How it stands.
    public enum State: String, Hashable, Sendable {
      case current
      /// A person edited the output; it stays although its inputs have changed.
      case kept
      /// Would be made.
      case stale
      /// Would come back from the store for nothing.
      case restorable
      /// A person's edit that would be adopted.
      case edited
      /// Whether it has to run is known only once steps before it have.
      case undecided
      /// Waits for a person's approval.
      case awaiting
    }

    public var outputs: [String]
    public var inputs: [String]
    public var action: String
    public var state: State
    /// Why, or the targets that it waits for.
    public var reasons: [String]
    /// What it costs at most.
    public var price: Money
  }

  /// In an order in which they could run.
  public var steps: [Step]
  /// Rules whose steps are known only once a file is made, as written.
  public var later: [String]
  /// What the whole build costs at most, as far as is known, without what waits for an approval.
  public var price: Money
  /// Nothing would be done.
  public var isCurrent: Bool

  init(_ plan: Plan) {
    steps = plan.entries.map(Step.init)
    later = plan.pending.map(\.outputs)
    price = plan.forecast.most
    isCurrent = plan.isCurrent
  }
}

extension BuildPlan.Step {
  fileprivate init(_ entry: Plan.Entry) {
    self.init(
      outputs: entry.outputs, inputs: entry.inputs, action: entry.action, state: State(entry.verdict),
      reasons: entry.verdict.why, price: entry.estimate)
  }
}

extension BuildPlan.Step.State {
  fileprivate init(_ verdict: Plan.Verdict) {
    switch verdict {
    case .current: self = .current
    case .kept: self = .kept
    case .stale: self = .stale
    case .restorable: self = .restorable
    case .edited: self = .edited
    case .undecided: self = .undecided
    case .awaiting: self = .awaiting
    }
  }
}
