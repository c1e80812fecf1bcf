import Glibc

/// The wish to stop, shared by the build and the processes that its steps run.
///
/// Raised by Ctrl-C: what runs gets the signal by its process group, what has not started does not start.
package final class Interrupt: Sendable {
  private struct State {
    var signal: Int32?
    var groups: Set<pid_t> = []
  }

  private let state = Guarded(State())

  package init() {}

  package var isRaised: Bool { state.withLock { $0.signal != nil } }

  /// Stops everything: sends `signal` to every process group now running and to any that starts later.
  package func raise(_ signal: Int32) {
    state.withLock { state in
      state.signal = signal
      for group in state.groups { kill(-group, signal) }
    }
  }

  /// Ends what runs under this: SIGTERM now, SIGKILL when that has not helped after so many seconds.
  package func end(after seconds: Int32) {
    raise(SIGTERM)
    startThread { [self] in
      _ = poll(nil, 0, seconds * 1000)
      if state.withLock({ !$0.groups.isEmpty }) { raise(SIGKILL) }
    }
  }

  /// Notes a running process group; one that starts after the interrupt is signalled at once.
  package func enter(_ group: pid_t) {
    state.withLock { state in
      state.groups.insert(group)
      if let signal = state.signal { kill(-group, signal) }
    }
  }

  /// Ends a group whose leader has ended, with whatever it left running.
  package func leave(_ group: pid_t) {
    state.withLock { state in
      state.groups.remove(group)
      kill(-group, SIGKILL)
    }
  }
}
