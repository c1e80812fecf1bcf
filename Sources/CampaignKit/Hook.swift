import CampaignActions
import CampaignCore
import CampaignEngine
import CampaignReporting

/// What a Campaignfile wants to be run or called when a build has ended: a command, or an address for a webhook.
///
/// It gets one JSON object on standard input, a webhook as the body of a POST. A hook that fails fails no build.
struct Hook: Sendable {
  enum Occasion: String, Sendable {
    case success = "on-success"
    case failure = "on-failure"
    case approvalNeeded = "on-approval-needed"

    /// What calls for a hook; nil: a build with nothing to do, or one that a person stopped.
    init?(_ summary: Summary) {
      if summary.isNothing || summary.isInterrupted { return nil }
      if summary.failed + summary.refused + summary.troubled > 0 {
        self = .failure
      } else {
        self = summary.awaiting > 0 ? .approvalNeeded : .success
      }
    }
  }

  var occasion: Occasion
  /// As written in the Campaignfile.
  var action: String
  var campaign: String
  var run: String
  var summary: Summary
  /// Targets that failed, with what they said.
  var failures: [(target: String, message: String)] = []
  /// What waits for an approval.
  var gates: [String] = []

  /// Runs it to its end. Returns what went wrong, in words.
  func carryOut(_ state: StateFolder) -> String? {
    let log = StateFolder.name + "/logs/\(occasion.rawValue).log"
    let input = state.path + "/hook.json"
    defer { Files.remove(input) }
    do throws(FileError) {
      try Files.makeFolder(state.logs)
      try Files.write(body.compact + "\n", to: input)
      let result = try command(in: state.root).run(
        log: state.resolve(log), input: input, interrupt: Interrupt())
      return result.code == 0
        ? nil : "`\(occasion.rawValue)` failed with exit code \(result.code), see \(log)"
    } catch { return "`\(occasion.rawValue)`: \(error.description)" }
  }

  private func command(in folder: String) -> Command {
    var command = Command(
      isWebhook
        ? [ProviderProgram.beside("campaign-provider"), "webhook", action] : ["/bin/sh", "-eu", "-c", action])
    command.folder = folder
    command.environment = [
      "event": occasion.rawValue, "campaign": campaign, "run": run, "message": message,
    ]
    return command
  }

  private var isWebhook: Bool { action.hasPrefix("https://") || action.hasPrefix("http://") }

  /// One line, as the build's last words.
  private var message: String {
    let line = summary.text(Style.plain).split(separator: "\n").first.map(String.init) ?? ""
    return "\(campaign): \(line)"
  }

  private var body: JSON {
    .members([
      "v": .int(1), "event": .string(occasion.rawValue), "campaign": .string(campaign), "run": .string(run),
      "message": .string(message), "text": .string(message), "summary": summary.json,
      "failed": .array(
        failures.map { .members(["target": .string($0.target), "message": .string($0.message)]) }),
      "awaiting": .strings(gates),
    ])
  }

  /// Takes in what it will tell.
  mutating func note(_ event: Event) {
    switch event.kind {
    case .stepFinished(let step, let result):
      if case .failed(let failure) = result.outcome { failures.append((step.target, failure.message)) }
    case .awaiting(let target, _): gates.append(target)
    default: break
    }
  }
}
