import CampaignCore

/// Threads that run closures; as many as were ever busy at once.
///
/// A thread that spawned a child lives at least as long as the child, whose parent-death signal hangs on it.
package final class WorkerPool: Sendable {
  private struct State {
    var work: [@Sendable () -> Void] = []
    /// Work of which only `width` at once may run.
    var bounded: [@Sendable () -> Void] = []
    var width: Int
    var boundedRunning = 0
    var idle = 0
    var threads = 0
    var isClosed = false

    /// How much of what waits may start.
    var startable: Int { work.count + min(bounded.count, width - boundedRunning) }
  }

  private let state: Guarded<State>

  /// - Parameter width: how much bounded work runs at once.
  init(width: Int) { state = Guarded(State(width: width)) }

  /// Throws when there is no thread for it. Where there are some already, it waits for one of them.
  func run(isBounded: Bool = false, _ body: @escaping @Sendable () -> Void) throws(FileError) {
    let needsThread = state.withLock { state in
      if isBounded { state.bounded.append(body) } else { state.work.append(body) }
      return state.idle < state.startable
    }
    guard needsThread else { return }
    do throws(FileError) {
      try startThread { [state] in Self.loop(state) }
      state.withLock { $0.threads += 1 }
    } catch {
      let hasOthers = state.withLock { state in
        if state.threads == 0 { _ = isBounded ? state.bounded.popLast() : state.work.popLast() }
        return state.threads > 0
      }
      guard hasOthers else { throw error }
    }
  }

  /// Lets idle threads end; call it when nothing runs.
  func close() { state.withLock { $0.isClosed = true } }

  /// Runs `body` for each number below `count`, on `width` threads with this one, and returns when all are done.
  package static func forEach(_ count: Int, width: Int, _ body: @escaping @Sendable (Int) -> Void) {
    guard count > 1, width > 1 else { return (0..<count).forEach(body) }
    let next = Guarded(0)
    let work: @Sendable () -> Void = {
      while let index = next.withLock({ next in
        defer { next += 1 }
        return next < count ? next : nil
      }) { body(index) }
    }
    let helpers = Guarded(0)
    for _ in 1..<min(width, count) {
      helpers.withLock { $0 += 1 }
      do throws(FileError) {
        try startThread {
          work()
          helpers.withLock { $0 -= 1 }
        }
      } catch { helpers.withLock { $0 -= 1 } }
    }
    work()
    helpers.wait { $0 == 0 ? () : nil }
  }

  /// What `body` gives for each element, in their order, worked out on `width` threads. Where they are many each takes
  /// some at a time, for the lock's sake.
  package static func map<Element: Sendable, Value: Sendable>(
    _ elements: [Element], width: Int, _ body: @escaping @Sendable (Element) -> Value
  ) -> [Value] {
    let values = Guarded([Value?](repeating: nil, count: elements.count))
    let share = min(32, max(1, elements.count / 64))
    forEach((elements.count + share - 1) / share, width: width) { number in
      let range = number * share..<min((number + 1) * share, elements.count)
      let some = elements[range].map(body)
      values.withLock { $0.replaceSubrange(range, with: some) }
    }
    return values.withLock { $0 }.map { $0! }
  }

  private static func loop(_ state: Guarded<State>) {
    var wasBounded = false
    while let (body, isBounded) = take(from: state, after: wasBounded) {
      body()
      wasBounded = isBounded
    }
  }

  /// The next closure; nil when the pool is closed. Wakes no one: a place that is given up is taken by whoever gave it up.
  private static func take(
    from state: Guarded<State>, after wasBounded: Bool
  ) -> (@Sendable () -> Void, isBounded: Bool)? {
    var isIdle = false
    return state.wait { state -> (@Sendable () -> Void, isBounded: Bool)?? in
      if !isIdle {
        isIdle = true
        state.idle += 1
        if wasBounded { state.boundedRunning -= 1 }
      }
      guard state.isClosed || state.startable > 0 else { return nil }
      state.idle -= 1
      if !state.bounded.isEmpty && state.boundedRunning < state.width {
        state.boundedRunning += 1
        return (state.bounded.removeFirst(), true)
      }
      return .some(state.work.isEmpty ? nil : (state.work.removeFirst(), false))
    }
  }
}
