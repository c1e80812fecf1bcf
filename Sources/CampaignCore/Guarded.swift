import CPlatform
import Glibc

/// A value that threads share under one lock.
///
/// Backed by a pthread mutex rather than `Synchronization.Mutex`, whose futex Thread Sanitizer cannot see.
package final class Guarded<Value>: Sendable {
  private let guarded: campaign_guarded

  package init(_ value: sending Value) {
    guarded = campaign_guarded_make(MemoryLayout<Value>.stride, MemoryLayout<Value>.alignment)
    guarded.storage.bindMemory(to: Value.self, capacity: 1).initialize(to: value)
  }

  deinit {
    guarded.storage.assumingMemoryBound(to: Value.self).deinitialize(count: 1)
    campaign_guarded_free(guarded)
  }

  /// Runs `body` on the value while no one else does, then wakes those who wait for a change.
  package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    pthread_mutex_lock(guarded.mutex)
    // In this order, so that whoever wakes finds it free.
    defer {
      pthread_mutex_unlock(guarded.mutex)
      pthread_cond_broadcast(guarded.changed)
    }
    return try body(&guarded.storage.assumingMemoryBound(to: Value.self).pointee)
  }

  /// Calls `body` now and after each change, and no later than it asks for, until it returns `.done`.
  package func wait<Result>(until body: (inout Value) -> Waiting<Result>) -> Result {
    pthread_mutex_lock(guarded.mutex)
    defer { pthread_mutex_unlock(guarded.mutex) }
    while true {
      switch body(&guarded.storage.assumingMemoryBound(to: Value.self).pointee) {
      case .done(let result): return result
      case .untilChange: pthread_cond_wait(guarded.changed, guarded.mutex)
      case .untilTime(let nanoseconds):
        var time = timespec(
          tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        pthread_cond_timedwait(guarded.changed, guarded.mutex, &time)
      }
    }
  }

  /// Waits until `body` returns something.
  package func wait<Result>(until body: (inout Value) -> Result?) -> Result {
    pthread_mutex_lock(guarded.mutex)
    defer { pthread_mutex_unlock(guarded.mutex) }
    while true {
      if let result = body(&guarded.storage.assumingMemoryBound(to: Value.self).pointee) { return result }
      pthread_cond_wait(guarded.changed, guarded.mutex)
    }
  }
}

/// How a wait on a guarded value goes on.
package enum Waiting<Result> {
  case done(Result)
  case untilChange
  /// Or until this time, in nanoseconds since 1970.
  case untilTime(Int64)
}

/// Runs `body` on a thread of its own that no one waits for.
package func startThread(_ body: @escaping @Sendable () -> Void) throws(FileError) {
  let body = Unmanaged.passRetained(ThreadBody(body))
  let error = campaign_thread_start(runThread, body.toOpaque())
  guard error == 0 else {
    body.release()
    throw FileError("start", "a thread", code: error)
  }
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  Unmanaged<ThreadBody>.fromOpaque(context!).takeRetainedValue().run()
  return nil
}
