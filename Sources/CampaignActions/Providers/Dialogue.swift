import CampaignCore
import CampaignEngine

/// One conversation with a provider about one attempt: its checkpoints are answered when they are on disk.
struct Dialogue {
  enum Ending {
    case delivered(ProviderEvent.Delivery)
    case failed(ProviderEvent.Failure)
  }

  private let job: Job
  private let order: Order
  private let attempt: Attempt
  private let provider: Conversation
  /// Why the provider was told not to go on.
  private var refusal: StepFailure?

  init(job: Job, order: Order, attempt: Attempt, output: String) throws(StepFailure) {
    self.job = job
    self.order = order
    self.attempt = attempt
    var command = Command(ProviderProgram.arguments(order.provider))
    command.folder = job.root
    command.seesSecrets = true
    do throws(FileError) {
      provider = try Conversation(command, log: job.resolve(job.log), interrupt: job.interrupt)
    } catch {
      guard error.code == 2 else { throw StepFailure(error) }
      throw StepFailure(
        "there is no provider `\(order.provider)`: `\(command.arguments[0])` is not installed",
        help: "built-in ones are " + ProviderProgram.builtIn.joined(separator: ", "))
    }
    provider.say(order.request(attempt, output: try job.absolute(output)).compact)
  }

  /// Listens until the provider has delivered or given up.
  mutating func hold() throws(StepFailure) -> Ending {
    var ending: Ending?
    var failure: StepFailure?
    while let line = provider.hear() {
      guard let event = ProviderEvent(line: line) else { continue }
      do throws(StepFailure) { ending = try answer(event) ?? ending } catch {
        failure = error
        provider.say(#"{"ok":false,"why":"it cannot be written down"}"#)
      }
    }
    let code = provider.end()
    job.spending.resumed(attempt)
    if let failure { throw failure }
    if let refusal, case .failed(var said)? = ending, said.kind == .refused {
      said.message = refusal.message
      try job.spending.end(attempt, .unsent, cost: .zero, fault: .own, because: refusal.message)
      throw refusal
    }
    return ending ?? .failed(silence(code))
  }

  /// A provider that ends without a word: what it had sent is in the ledger, and is asked after next time.
  private func silence(_ code: Int) -> ProviderEvent.Failure {
    ProviderEvent.Failure(
      kind: .network, message: "the provider `\(order.provider)` ended with code \(code) without an answer",
      help: "see `campaign log \(job.outputs[0])`; build again to go on")
  }

  private mutating func answer(_ event: ProviderEvent) throws(StepFailure) -> Ending? {
    switch event {
    case .checkpoint(.intent, let data):
      do throws(StepFailure) {
        try job.spending.intend(attempt, data: data)
        provider.say(#"{"ok":true}"#)
      } catch {
        refusal = error
        provider.say(JSON.members(["ok": .bool(false), "why": .string(error.message)]).compact)
      }
    case .checkpoint(let state, let data):
      try job.spending.advance(attempt, to: state, data: data)
      provider.say(#"{"ok":true}"#)
    case .throttled(let seconds, let burst):
      job.spending.throttle(attempt, seconds: seconds, burst: burst)
    case .progress(let words, let fraction):
      job.spending.resumed(attempt)
      job.progress(fraction ?? 0, words)
    case .note(let words): job.progress(0, words)
    case .done(let delivery): return .delivered(delivery)
    case .failed(let failure): return .failed(failure)
    }
    return nil
  }
}
