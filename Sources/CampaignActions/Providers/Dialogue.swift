import CampaignCore
import CampaignEngine

/// One conversation with a provider about one attempt: its checkpoints are answered when they are on disk.
///
/// A provider may be anybody's program. What it says out of turn breaks its own step: what it may have bought is
/// written down all the same, and counts against the limits.
struct Dialogue {
  enum Ending {
    case delivered(ProviderEvent.Delivery)
    case failed(ProviderEvent.Failure)
  }

  let attempt: Attempt
  let spending: Spending
  /// The workspace.
  var root: String
  /// Receives what the provider prints on standard error.
  var log: String
  var interrupt: Interrupt
  /// Nothing new may be sent: what was sent before is only to be fetched, or looked for.
  var fetchesOnly = false
  var progress: @Sendable (Double, String) -> Void = { _, _ in }

  /// Sends a request and listens until the provider has delivered or given up.
  func hold(_ request: JSON) throws(StepFailure) -> Ending {
    let provider = try start()
    provider.say(request.compact)
    progress(0, "asked")
    var ending: Ending?
    var problem: StepFailure?
    /// The last word was that the request must not be sent.
    var isForbidden = false
    // It ends with the first `done` or `failed`, whatever follows and whoever else holds the pipe.
    while ending == nil, let line = provider.hear() {
      guard let event = ProviderEvent(line: line, hiding: provider.secrets) else { continue }
      do throws(StepFailure) {
        switch event {
        case .checkpoint(let state, let data):
          if isForbidden, state != .intent { try spending.admit(attempt) }
          isForbidden = state == .intent
          try note(state, data)
          isForbidden = false
          provider.say(#"{"ok":true}"#)
        case .throttled(let seconds, let burst):
          spending.throttle(attempt, seconds: seconds, burst: burst)
          progress(0, "\(attempt.provider) asks to wait \(JSON.fixed(seconds, places: 0))s")
        case .progress(let words, let fraction): report(fraction ?? 0, words)
        case .note(let words): report(0, words)
        case .done(let delivery): ending = .delivered(delivery)
        case .failed(let failure): ending = .failed(failure)
        }
      } catch {
        problem = error
        provider.say(JSON.members(["ok": .bool(false), "why": .string(error.message)]).compact)
      }
    }
    let code = provider.end(within: 2)
    spending.resumed(attempt)
    if let problem {
      // What was not sent is over; what was sent stays as it is in the ledger, even if its id could not be written.
      let wasSubmitted = spending.ledger[attempt.id].map { $0.state != .intent } ?? false
      if isForbidden, !wasSubmitted, case .failed(let said)? = ending, said.kind == .refused {
        try spending.end(attempt, .unsent, cost: .zero, fault: .own, because: problem.message)
      }
      throw problem
    }
    // What a shell says of a program that it cannot find, as `env` does of an interpreter.
    if ending == nil, code == 127 { throw notInstalled }
    return ending ?? .failed(silence(code))
  }

  private func start() throws(StepFailure) -> Conversation {
    var command = Command(ProviderProgram.arguments(attempt.provider))
    command.folder = root
    command.seesSecrets = true
    do throws(FileError) { return try Conversation(command, log: log, interrupt: interrupt) } catch {
      throw error.code == 2 ? notInstalled : StepFailure(error)
    }
  }

  private var notInstalled: StepFailure {
    StepFailure(
      "there is no provider `\(attempt.provider)`: "
        + "`\(ProviderProgram.arguments(attempt.provider)[0])`, or what it is run by, is not installed",
      help: "built-in ones are " + ProviderProgram.builtIn.joined(separator: ", "))
  }

  private func note(_ state: Attempt.State, _ data: JSON) throws(StepFailure) {
    let known = spending.ledger[attempt.id]
    switch (state, known?.state) {
    case (.intent, nil), (.intent, .intent):
      guard !fetchesOnly else { throw StepFailure("nobody wants it any more", kind: .refused) }
      try spending.intend(attempt, data: data)
    case (.intent, _): throw breach("wants to submit again what it has submitted")
    case (_, nil):
      try spending.admit(attempt)
      try spending.advance(attempt, to: state, data: data)
      throw breach("has submitted something without asking first")
    case (.submitted, .submitted), (.submitted, .succeeded), (.submitted, .downloaded):
      guard
        data["id"] == known?.checkpoints.last(where: { $0["state"]?.string == "submitted" })?["data"]?["id"]
      else { throw breach("has submitted a second job") }
    default: try spending.advance(attempt, to: state, data: data)
    }
  }

  private func breach(_ words: String) -> StepFailure {
    StepFailure(
      "the provider `\(attempt.provider)` \(words)",
      help: "up to \(attempt.reserved) count as spent; `man campaign-provider` says what a provider may do")
  }

  private func report(_ fraction: Double, _ words: String) {
    spending.resumed(attempt)
    progress(fraction, words)
  }

  /// A provider that ends without a word: what it had sent is in the ledger, and is asked after next time.
  private func silence(_ code: Int) -> ProviderEvent.Failure {
    ProviderEvent.Failure(
      kind: .network, message: "the provider `\(attempt.provider)` ended with code \(code) without an answer",
      help: "see `campaign log \(attempt.target)`; build again to go on")
  }
}
