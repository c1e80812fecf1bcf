import CampaignCore
import Testing

/// A `campaign` that runs while the test goes on.
final class RunningCommand: Sendable {
  private let interrupt = Interrupt()
  private let ended = Guarded<Result<CommandTest.Run, any Error>?>(nil)

  /// Calls `body` on a thread of its own; it returns when the command has ended.
  init(_ body: @escaping @Sendable (Interrupt) throws -> CommandTest.Run) {
    do {
      try startThread { [self] in
        let result = Result { try body(interrupt) }
        ended.withLock { $0 = result }
      }
    } catch { ended.withLock { $0 = .failure(error) } }
  }

  /// Sends a signal to the command alone: its steps have process groups of their own.
  func signal(_ number: Int32) { interrupt.raise(number) }

  func wait() throws -> CommandTest.Run { try ended.wait { $0 }.get() }
}
