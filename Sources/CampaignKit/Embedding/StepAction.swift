import CampaignActions
import CampaignCore
import CampaignEngine
import CampaignSyntax

/// An action of your own, written in Swift, that the rules of a Campaignfile can name.
///
///     struct Shout: StepAction {
///       let name = "shout"
///
///       func perform(_ step: ActionStep) throws {
///         let text = try String(contentsOfFile: step.inputs[0], encoding: .utf8)
///         try text.uppercased().write(toFile: step.outputs[0], atomically: false, encoding: .utf8)
///       }
///     }
///
///     build/loud.txt: words.txt
///         shout
///
/// A step runs on a thread of its own, so it may block. It is run again when its version, a parameter or the content of
/// an input has changed; its outputs appear in their places when it has returned.
public protocol StepAction: Sendable {
  /// What a rule calls it: lower-case words with hyphens.
  var name: String { get }
  /// One line for people.
  var summary: String { get }
  /// Raise it when the same inputs and parameters would give another result.
  var version: Int { get }
  /// What a rule can say below it.
  var parameters: [ActionParameter] { get }

  /// Makes `step.outputs` from `step.inputs`. An error that is thrown fails the step; its description is told.
  func perform(_ step: ActionStep) throws
}

extension StepAction {
  public var summary: String { "an action of this program" }
  public var version: Int { 1 }
  public var parameters: [ActionParameter] { [] }
}

/// A parameter of an action of your own.
public struct ActionParameter: Hashable, Sendable {
  public var name: String
  /// Taken when neither the rule nor a setting of that name says otherwise; nil: it may be missing.
  public var standard: String?
  public var isRequired: Bool

  public init(_ name: String, standard: String? = nil, isRequired: Bool = false) {
    self.name = name
    self.standard = standard
    self.isRequired = isRequired
  }
}

/// One step that an action of your own has to make.
public struct ActionStep: Sendable {
  /// Absolute paths, in the order of the rule.
  public let inputs: [String]
  /// Absolute paths to write to, in the order of the rule. Their folders exist.
  public let outputs: [String]
  public let parameters: [String: String]
  private let job: Job

  init(_ job: Job) {
    self.job = job
    let root = Files.absolute(job.root)
    let resolve = { (path: String) in path.hasPrefix("/") ? path : root + "/" + path }
    inputs = job.inputs.map { resolve($0.path) }
    outputs = job.staged.map(resolve)
    parameters = Dictionary((job.action.parameters + job.action.asides).map { ($0.name, $0.value) }) { $1 }
  }

  /// The build is being stopped: return soon, the step will not count.
  public var isCanceled: Bool { job.interrupt.isRaised }

  /// Tells how far it is, from 0 to 1, and a word on it.
  public func report(_ fraction: Double, _ words: String = "") { job.progress(fraction, words) }
}

/// Fits an action of an embedding program to the engine.
struct EmbeddedAction: BuiltInAction {
  let action: any StepAction

  var version: Int { action.version }

  var schema: ActionSchema {
    ActionSchema(
      action.name, action.summary,
      parameters: action.parameters.map { parameter in
        ParameterSchema(
          parameter.name, .text, standard: parameter.standard, isRequired: parameter.isRequired,
          action.summary)
      })
  }

  func perform(_ job: Job) throws(StepFailure) -> JobReport {
    do { try action.perform(ActionStep(job)) } catch {
      throw job.interrupt.isRaised ? .interrupted : StepFailure("\(error)")
    }
    if job.interrupt.isRaised { throw .interrupted }
    return JobReport()
  }

  func damage(of path: String) -> String? { nil }
}
