import CampaignCore

/// Threads that run closures; as many as were ever busy at once.
///
/// A thread that spawned a child lives at least as long as the child, whose parent-death signal hangs on it.
final class WorkerPool: Sendable {
  private struct State {
    var work: [@Sendable () -> Void] = []
    var idle = 0
    var isClosed = false
  }

  private let state = Guarded(State())

  func run(_ body: @escaping @Sendable () -> Void) {
    let needsThread = state.withLock { state in
      state.work.append(body)
      return state.idle < state.work.count
    }
    if needsThread { startThread { [state] in Self.loop(state) } }
  }

  /// Lets idle threads end; call it when nothing runs.
  func close() { state.withLock { $0.isClosed = true } }

  /// Runs `body` for each number below `count`, on `width` threads, and returns when all are done.
  static func forEach(_ count: Int, width: Int, _ body: @escaping @Sendable (Int) -> Void) {
    guard count > 1, width > 1 else { return (0..<count).forEach(body) }
    let next = Guarded(0)
    let left = Guarded(min(width, count))
    for _ in 0..<min(width, count) {
      startThread {
        while let index = next.withLock({ next in
          defer { next += 1 }
          return next < count ? next : nil
        }) { body(index) }
        left.withLock { $0 -= 1 }
      }
    }
    left.wait { $0 == 0 ? () : nil }
  }

  private static func loop(_ state: Guarded<State>) {
    while let body = take(from: state) { body() }
  }

  /// The next closure; nil when the pool is closed.
  private static func take(from state: Guarded<State>) -> (@Sendable () -> Void)? {
    state.withLock { $0.idle += 1 }
    return state.wait { state -> (@Sendable () -> Void)?? in
      guard state.isClosed || !state.work.isEmpty else { return nil }
      state.idle -= 1
      return .some(state.work.isEmpty ? nil : state.work.removeFirst())
    }
  }
}
