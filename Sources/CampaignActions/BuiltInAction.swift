import CampaignCore
import CampaignEngine
import CampaignSyntax

/// One built-in action: what the language may say of it, and how it is done.
package protocol BuiltInAction: Sendable {
  var schema: ActionSchema { get }
  /// Raised when the same parameters and inputs would give another result.
  var version: Int { get }
  /// Outputs go to the store and come back from there.
  var isCostly: Bool { get }
  /// Names and order of inputs shape the result beyond their content.
  var seesNames: Bool { get }

  /// Refuses combinations of parameters that the schema alone cannot, e.g. an unknown provider.
  func check(_ parameters: [Parameter]) throws(StepFailure)

  /// Those of the parameters that shape the result and so belong to the key: all, unless an action knows better.
  func keyParameters(_ parameters: [Parameter]) -> [Parameter]

  /// What it needs of the machine.
  func tools(_ parameters: [Parameter]) -> [Tool]

  /// What is wrong with the inputs of a rule; nil: each of them has a use.
  func misfit(of inputs: [Rule.Input]) -> Misfit?

  /// Others do it for money, by these parameters.
  func isPaid(_ parameters: [Parameter]) -> Bool

  /// What a paid action would buy; without inputs, what it costs at most.
  func offer(_ action: Action, inputs: [Job.Input], earlier: [String], root: String) throws(StepFailure)
    -> Offer?

  /// The elements of the array that it will make, at most; nil: it makes none, or cannot tell.
  func expectedElements(_ action: Action) -> [JSON]?

  /// Writes `job.staged` and has verified it when it returns.
  func perform(_ job: Job) throws(StepFailure) -> JobReport

  /// What is wrong with an existing output, in words; nil when it is sound.
  func damage(of path: String) -> String?
}

extension BuiltInAction {
  package var version: Int { 1 }
  package var isCostly: Bool { false }
  package var seesNames: Bool { false }
  package func check(_ parameters: [Parameter]) throws(StepFailure) {}
  package func keyParameters(_ parameters: [Parameter]) -> [Parameter] { parameters }
  package func tools(_ parameters: [Parameter]) -> [Tool] { [] }
  package func misfit(of inputs: [Rule.Input]) -> Misfit? { nil }
  package func isPaid(_ parameters: [Parameter]) -> Bool { false }
  package func expectedElements(_ action: Action) -> [JSON]? { nil }

  package func offer(_ action: Action, inputs: [Job.Input], earlier: [String], root: String)
    throws(StepFailure) -> Offer?
  { nil }
}
