import CPlatform
import Glibc

/// The wish to stop, shared by the build and the processes that its steps run.
///
/// Raised by Ctrl-C: what runs gets the signal, with all of its session; what has not started does not start.
package final class Interrupt: Sendable {
  private struct State {
    var signal: Int32?
    /// Programs that have not ended, or whose end nobody has taken in: their numbers are theirs.
    var programs: Set<pid_t> = []
  }

  private let state = Guarded(State())

  package init() {}

  package var isRaised: Bool { state.withLock { $0.signal != nil } }

  /// Stops everything: sends `signal` to every program now running and to any that starts later.
  package func raise(_ signal: Int32) {
    state.withLock { state in
      state.signal = signal
      for program in state.programs { campaign_signal(program, signal) }
    }
  }

  /// Ends what runs under this: SIGTERM now, SIGKILL when that has not helped after so many seconds.
  package func end(after seconds: Int32) {
    raise(SIGTERM)
    do throws(FileError) {
      try startThread { [self] in
        _ = poll(nil, 0, seconds * 1000)
        if state.withLock({ !$0.programs.isEmpty }) { raise(SIGKILL) }
      }
    } catch { raise(SIGKILL) }
  }

  /// Notes a running program; one that starts after the interrupt is signalled at once.
  func enter(_ program: pid_t) {
    state.withLock { state in
      state.programs.insert(program)
      if let signal = state.signal { campaign_signal(program, signal) }
    }
  }

  /// Waits for the end of a program, and ends what it left running in its process group; after an interrupt, in all of
  /// its session. Returns its exit code, or 128 + the signal that ended it.
  func end(of program: pid_t) -> Int {
    campaign_await(program)
    state.withLock { state in
      state.programs.remove(program)
      if state.signal == nil { kill(-program, SIGKILL) } else { campaign_signal(program, SIGKILL) }
    }
    return Int(campaign_wait(program))
  }
}
