import CampaignCore
import CampaignEngine

/// The `$` lines of a rule, run by `sh -eu` in the workspace.
///
/// Values reach the script as environment variables, never as pasted text: `$in` (all inputs), `$in1`, `$in2`...,
/// `$inputs` (a file that lists them), `$out`, `$out1`..., and the settings that it names.
package struct ShellAction: Sendable {
  package static let name = "shell"
  static let version = 1
  /// The parameter that holds the script; all others are variables.
  package static let script = "script"

  /// `EX_TEMPFAIL` of sysexits.h: the command says that the same may succeed later.
  private static let tryAgainLater = 75
  /// More than so many bytes of paths stand in `$inputs` alone: the system has a limit for an environment.
  private static let mostInEnvironment = 64 << 10

  static func action(_ parameters: [Parameter]) -> Action {
    var action = Action(name: name, version: version, parameters: parameters)
    action.seesNames = true
    return action
  }

  static func perform(_ job: Job) throws(StepFailure) -> JobReport {
    let result: Command.Result
    do { result = try run(job) } catch { throw StepFailure(error) }
    guard !job.interrupt.isRaised else { throw StepFailure("interrupted") }
    guard result.code == 0 else {
      let message = "the command failed with exit code \(result.code)"
      throw StepFailure(message, kind: result.code == tryAgainLater ? .trouble : .failed)
    }
    return JobReport()
  }

  private static func run(_ job: Job) throws(FileError) -> Command.Result {
    let lines = job.text(script)
    var command = Command(["/bin/sh", "-eu", "-c", lines])
    command.folder = job.root
    command.seesSecrets = true
    command.environment = try environment(of: job)
    if let direct = DirectCommand(lines, variables: command.environment) {
      command.arguments = direct.arguments
    }
    return try command.run(log: job.resolve(job.log), interrupt: job.interrupt)
  }

  private static func environment(of job: Job) throws(FileError) -> [String: String] {
    let paths = job.inputs.map(\.path)
    let isShort = paths.reduce(0) { $0 + $1.utf8.count + 1 } <= mostInEnvironment
    var variables = ["out": job.staged.joined(separator: " ")]
    for (index, path) in job.staged.enumerated() { variables["out\(index + 1)"] = path }
    if isShort {
      variables["in"] = paths.joined(separator: " ")
      for (index, path) in paths.enumerated() { variables["in\(index + 1)"] = path }
    }
    if !isShort || job.text(script).contains("inputs") {
      let list = job.scratch("inputs")
      try Files.write(paths.map { $0 + "\n" }.joined(), to: job.resolve(list))
      variables["inputs"] = list
    }
    for parameter in job.action.parameters where parameter.name != script {
      variables[parameter.name] = parameter.value
    }
    return variables
  }
}
