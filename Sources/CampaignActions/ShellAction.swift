import CampaignCore
import CampaignEngine

/// The `$` lines of a rule, run by `sh -eu` in the workspace.
///
/// Values reach the script as environment variables, never as pasted text: `$in` (all inputs), `$in1`, `$in2`...,
/// `$out`, `$out1`..., and the settings that it names.
package struct ShellAction: Sendable {
  package static let name = "shell"
  static let version = 1
  /// The parameter that holds the script; all others are variables.
  package static let script = "script"

  /// `EX_TEMPFAIL` of sysexits.h: the command says that the same may succeed later.
  private static let tryAgainLater = 75

  static func action(_ parameters: [Parameter]) -> Action {
    var action = Action(name: name, version: version, parameters: parameters)
    action.seesNames = true
    return action
  }

  static func perform(_ job: Job) throws(StepFailure) -> JobReport {
    var command = Command(["/bin/sh", "-eu", "-c", job.text(script)])
    command.folder = job.root
    command.seesSecrets = true
    command.environment = environment(of: job)
    let result: Command.Result
    do {
      result = try command.run(log: job.resolve(job.log), interrupt: job.interrupt)
    } catch { throw StepFailure(error) }
    guard !job.interrupt.isRaised else { throw StepFailure("interrupted") }
    guard result.code == 0 else {
      let message = "the command failed with exit code \(result.code)"
      throw StepFailure(message, kind: result.code == tryAgainLater ? .trouble : .failed)
    }
    return JobReport()
  }

  private static func environment(of job: Job) -> [String: String] {
    var variables = [
      "in": job.inputs.map(\.path).joined(separator: " "), "out": job.staged.joined(separator: " "),
    ]
    for (index, input) in job.inputs.enumerated() { variables["in\(index + 1)"] = input.path }
    for (index, path) in job.staged.enumerated() { variables["out\(index + 1)"] = path }
    for parameter in job.action.parameters where parameter.name != script {
      variables[parameter.name] = parameter.value
    }
    return variables
  }
}
