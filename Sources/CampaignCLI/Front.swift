import ArgumentParser
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import CampaignSyntax
import Glibc

/// From arguments to an exit code: all that leaves this program leaves here.
enum Front {
  static func run(_ arguments: [String]) -> ExitCode {
    let code = carryOut(arguments)
    guard let failure = Output.failure else { return code }
    Output.narration.write(Problem(failure).text(Style.plain))
    return code == .success ? .failure : code
  }

  private static func carryOut(_ arguments: [String]) -> ExitCode {
    if saysNothingToDo(arguments) { return .success }
    var rest = arguments
    do {
      rest = try changeFolder(arguments)
      if let code = explained(rest) { return try explain(code) }
      if rest.first == "help", let word = rest.dropFirst().first, !isHelped(word) { throw noHelp(word) }
      var command = try CampaignCommand.parseAsRoot(rest)
      try command.run()
      return .success
    } catch let code as ExitCode {
      return code
    } catch let problem as Problem {
      let style = Surroundings.of(STDERR_FILENO).style(LookOptions.choice(in: arguments))
      Output.narration.write(problem.text(style) + problem.annotations)
      return problem.code
    } catch {
      return finish(error, rest)
    }
  }

  /// The shortest way to the most frequent answer: it parses nothing, and reads no file but the plan cache.
  private static func saysNothingToDo(_ arguments: [String]) -> Bool {
    guard let call = Call(arguments: arguments), Surroundings.of(STDERR_FILENO).service == nil,
      let count = call.currentTargets()
    else { return false }
    var summary = Summary()
    summary.current = count
    let output = call.isPlan ? Output.results : .narration
    if !call.isQuiet { output.write(summary.text(Style(isColored: false))) }
    return true
  }

  /// Help and versions go to standard output; what is left is a mistake in the call.
  private static func finish(_ error: any Error, _ arguments: [String]) -> ExitCode {
    let text = CampaignCommand.fullMessage(for: error)
    if CampaignCommand.exitCode(for: error) == .success {
      Output.results.write(text + "\n")
      return .success
    }
    Output.narration.write(UsageMistake(CampaignCommand.message(for: error), arguments: arguments).text)
    return .usage
  }

  /// `campaign -C DIR build` is `campaign build -C DIR`, as in make and git.
  private static func changeFolder(_ arguments: [String]) throws(Problem) -> [String] {
    guard arguments.count > 1, arguments[0] == "-C" else { return arguments }
    if arguments.count > 4, arguments[2] == "-C", let command = arguments.firstIndex(of: "build") {
      return [arguments[command]] + arguments[..<command] + arguments[(command + 1)...]
    }
    try Workspace.enter(arguments[1])
    return try changeFolder(Array(arguments.dropFirst(2)))
  }

  // MARK: - campaign help E0204

  /// The code that `help` is asked about; other helps are ArgumentParser's.
  static func explained(_ arguments: [String]) -> String? {
    guard arguments.count == 2, arguments[0] == "help" else { return nil }
    let code = arguments[1].uppercased()
    return code.count == 5 && code.hasPrefix("E") && code.dropFirst().allSatisfy(\.isNumber) ? code : nil
  }

  private static func isHelped(_ word: String) -> Bool {
    word.hasPrefix("-") || word == "all" || word == "help" || CampaignCommand.names.contains(word)
  }

  private static func noHelp(_ word: String) -> Problem {
    let near = suggestion(for: word, among: CampaignCommand.names)
    return Problem(
      "there is no command `\(word)`",
      help: near.map { "did you mean `campaign help \($0)`?" } ?? "`campaign help` lists the commands",
      code: .usage)
  }

  private static func explain(_ code: String) throws(Problem) -> ExitCode {
    guard let text = explanation(of: code) else {
      throw Problem("there is no error `\(code)`", help: "codes stand in brackets, as in `error[E0204]`")
    }
    Output.results.write(text.hasSuffix("\n") ? text : text + "\n")
    return .success
  }
}
