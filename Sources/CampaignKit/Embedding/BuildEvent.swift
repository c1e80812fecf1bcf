import CampaignCore
import CampaignEngine
import CampaignReporting

/// What happens in a build. Cases may be added: have a `default` in your `switch`.
public enum BuildEvent: Hashable, Sendable {
  /// How a step ended.
  public enum Outcome: Hashable, Sendable {
    case made, restored, adopted, interrupted
    /// In words, and what to do if that is known.
    case failed(String, help: String?)
    /// Because this target failed.
    case skipped(because: String)
  }

  /// The build's name, as `campaign history` has it.
  case started(run: String)
  /// Another build holds the workspace.
  case waiting(owner: String)
  /// How many steps there are to do, and the most that they cost; comes again when more is known.
  case planned(steps: Int, price: Money)
  case stepStarted(target: String, action: String, reasons: [String])
  case stepProgress(target: String, fraction: Double, words: String)
  /// It failed and is tried again.
  case stepRetrying(target: String, message: String)
  case stepFinished(target: String, Outcome, cost: Money)
  /// A person has to approve a target before what follows can be made.
  case awaitingApproval(target: String)
  case notice(String)
  /// The last of all.
  case finished(BuildResult)

  init?(_ event: Event) {
    switch event.kind {
    case .runStarted(let run, _): self = .started(run: RunName(run).short)
    case .waiting(let owner): self = .waiting(owner: owner)
    case .planned(let forecast):
      self = .planned(
        steps: forecast.toMake + forecast.toRestore + forecast.undecided,
        price: forecast.most)
    case .stepStarted(let step, let reasons):
      self = .stepStarted(target: step.target, action: step.action, reasons: reasons.map(\.description))
    case .stepProgress(let step, let fraction, let detail):
      self = .stepProgress(target: step.target, fraction: fraction, words: detail)
    case .stepRetrying(let step, let failure, _, _):
      self = .stepRetrying(target: step.target, message: failure.message)
    case .stepFinished(let step, let result):
      self = .stepFinished(target: step.target, Outcome(result.outcome), cost: result.cost)
    case .awaiting(let target, _): self = .awaitingApproval(target: target)
    case .notice(let words): self = .notice(words)
    case .reading, .grew, .interrupted, .runFinished: return nil
    }
  }
}

extension BuildEvent.Outcome {
  fileprivate init(_ outcome: StepResult.Outcome) {
    switch outcome {
    case .made: self = .made
    case .restored: self = .restored
    case .adopted: self = .adopted
    case .interrupted: self = .interrupted
    case .failed(let failure): self = .failed(failure.message, help: failure.help)
    case .skipped(let target): self = .skipped(because: target)
    }
  }
}
