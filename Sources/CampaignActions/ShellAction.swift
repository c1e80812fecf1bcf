import CampaignCore
import CampaignEngine
import Glibc

/// The `$` lines of a rule, run by `sh -eu` in the workspace.
///
/// Values reach the script as environment variables, never as pasted text: `$in` (all inputs), `$in1`, `$in2`...,
/// `$out`, `$out1`..., and the settings that it names. Inputs that are too many for that are in the file `$in_list`.
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

  static func perform(_ job: Job, _ inheritance: Inheritance) throws(StepFailure) -> JobReport {
    var command = Command(["/bin/sh", "-eu", "-c", job.text(script)])
    command.folder = job.root
    command.seesSecrets = true
    command.inheritance = inheritance
    command.environment = try environment(of: job)
    let result: Command.Result
    do throws(FileError) {
      if let direct = try runDirectly(command, job) {
        result = direct
      } else {
        result = try command.run(log: job.resolve(job.log), interrupt: job.interrupt)
      }
    } catch { throw StepFailure(error) }
    guard !job.interrupt.isRaised else { throw StepFailure("interrupted") }
    guard result.code == 0 else {
      let message = "the command failed with exit code \(result.code)"
      throw StepFailure(message, kind: result.code == tryAgainLater ? .trouble : .failed)
    }
    return JobReport()
  }

  /// Runs a script that needs no shell without one. Nil: it does need one, be it to say what is wrong.
  private static func runDirectly(_ shell: Command, _ job: Job) throws(FileError) -> Command.Result? {
    let simple = SimpleCommand(job.text(script)) { name in
      shell.environment[name] ?? getenv(name).map { String(cString: $0) }
    }
    guard let simple else { return nil }
    var command = shell
    command.arguments = simple.words
    do throws(FileError) {
      return try command.run(log: job.resolve(job.log), interrupt: job.interrupt)
    } catch {
      guard error.operation == "run" else { throw error }
      return nil
    }
  }

  /// The system takes no longer variable.
  private static let longest = 128 << 10
  /// And not many more of them than this, all together.
  private static let most = 1000

  private static func environment(of job: Job) throws(StepFailure) -> [String: String] {
    var variables = ["out": job.staged.joined(separator: " ")]
    let script = job.text(script)
    if strstr(script, "in_list") != nil { variables["in_list"] = try writeList(job) }
    let inputs = job.inputs.map(\.path).joined(separator: " ")
    if inputs.utf8.count < longest - 8 {
      variables["in"] = inputs
    } else if variables["in_list"] == nil {
      throw StepFailure(
        "\(job.inputs.count) inputs are too many for the variable `in`",
        help: "read them from the file \"$in_list\", one path a line")
    }
    for (index, input) in job.inputs.prefix(most).enumerated() { variables["in\(index + 1)"] = input.path }
    for (index, path) in job.staged.enumerated() { variables["out\(index + 1)"] = path }
    for parameter in job.action.parameters where parameter.name != script {
      variables[parameter.name] = parameter.value
    }
    return variables
  }

  /// A file with the path of each input on a line of its own.
  private static func writeList(_ job: Job) throws(StepFailure) -> String {
    let path = job.scratch + "/inputs"
    do throws(FileError) {
      try Files.write(job.inputs.map { $0.path + "\n" }.joined(), to: job.resolve(path))
    } catch { throw StepFailure(error) }
    return path
  }
}
