import CSystem
import CampaignCore
import Glibc

/// All waiting of a provider: shortened in rehearsals, ended by a signal.
final class Pause {
  private let signals = campaign_signal_pipe()
  private let speed: Double
  private let start: Double
  private var isSignaled = false

  /// - Parameter speed: what every wait is divided by.
  init(speed: Double) {
    self.speed = max(1, speed)
    start = Self.now
  }

  static func fromEnvironment() -> Pause {
    let speed = getenv("CAMPAIGN_REHEARSAL_SPEED").flatMap { Double(String(cString: $0)) }
    return Pause(speed: speed ?? 1)
  }

  /// A signal has asked us to stop.
  var isStopped: Bool {
    wait(milliseconds: 0)
    return isSignaled
  }

  /// Seconds since this process began to wait, as the provider's clock goes.
  var elapsed: Double { (Self.now - start) * speed }

  /// Waits, a quarter more or less by chance, so that many do not come at once.
  func wait(seconds: Double) {
    guard !isSignaled else { return }
    let varied = seconds * Double.random(in: 0.75...1.25)
    wait(milliseconds: Int32(min(varied * 1000 / speed, 3_600_000)))
  }

  private func wait(milliseconds: Int32) {
    var polled = pollfd(fd: signals, events: Int16(POLLIN), revents: 0)
    if poll(&polled, 1, milliseconds) > 0 { isSignaled = true }
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
