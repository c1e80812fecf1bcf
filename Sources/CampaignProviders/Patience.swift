import CPlatform
import Glibc

/// The only clock and the only place that waits; an interrupt ends every wait.
///
/// Time runs `CAMPAIGN_REHEARSAL_SPEED` times as fast as on the wall, so that tests need not wait.
package struct Patience: Sendable {
  private let signals: Int32
  private let start: Double
  let speed: Double

  /// From now on SIGINT, SIGTERM and SIGHUP are wishes to stop.
  package init(speed: String?) {
    signals = campaign_signal_pipe()
    self.speed = max(1, speed.flatMap(Double.init) ?? 1)
    start = Self.wall
  }

  /// Seconds since the start, at our speed.
  var elapsed: Double { (Self.wall - start) * speed }

  /// True once a signal has come.
  var isStopped: Bool { wait(also: -1, milliseconds: 0) == .stopped }

  /// Waits; false when a signal ended it.
  func wait(_ seconds: Double) -> Bool {
    wait(also: -1, milliseconds: Int32(min(1e6, (seconds * 1000 / speed).rounded(.up)))) != .stopped
  }

  /// `seconds` varied by up to a quarter, so that many processes do not ask at once.
  func waitAbout(_ seconds: Double) -> Bool { wait(seconds * Double.random(in: 0.75...1.25)) }

  /// Milliseconds on the wall for a time limit of the transport, never so short that a busy machine breaks
  /// it.
  func limit(_ seconds: Double) -> Int { Int(max(seconds / speed, min(seconds, 5)) * 1000) }

  enum Wake { case stopped, readable, over }

  /// Waits for a signal, for bytes on `descriptor`, or for the time; without a time, for ever.
  func wait(also descriptor: Int32, milliseconds: Int32?) -> Wake {
    let end = milliseconds.map { Self.wall + Double($0) / 1000 }
    while true {
      var polled = [
        pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let rest = end.map { Int32(max(0, ($0 - Self.wall) * 1000).rounded(.up)) } ?? -1
      let count = poll(&polled, 2, rest)
      if count < 0 { continue }
      // The signal stays in its pipe: whoever asks later sees it too.
      if polled[0].revents != 0 { return .stopped }
      if polled[1].revents != 0 { return .readable }
      if count == 0 { return .over }
    }
  }

  private static var wall: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// Growing times between tries.
struct Backoff {
  private var seconds: Double
  private let most: Double
  private let factor: Double

  init(from first: Double = 1, to most: Double = 30, factor: Double = 2) {
    seconds = first
    self.most = most
    self.factor = factor
  }

  mutating func next() -> Double {
    defer { seconds = min(most, seconds * factor) }
    return seconds
  }
}
