import CPlatform
import Glibc

/// What a program prints into a pipe, as far as it is there when the program has ended.
///
/// The pipe may stay open longer, in the hands of something that the program has left behind: that is not waited for.
struct Listening {
  private let source: Int32
  private let ended: Int32
  /// Bytes that were there when the program had ended; nil while it runs.
  private var left: Int?

  /// - Parameter source: the read end of the pipe, closed by whoever opened it.
  init(to program: pid_t, source: Int32) {
    self.source = source
    ended = campaign_watch(program)
  }

  /// Waits for more. Nil: that was all.
  mutating func read(into chunk: inout [UInt8]) -> ArraySlice<UInt8>? {
    while left != 0 {
      if left == nil && waitForEnd() { left = Int(campaign_readable(source)) }
      if left == 0 { break }
      let count = Glibc.read(source, &chunk, min(chunk.count, left ?? chunk.count))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      if let bytes = left { left = bytes - count }
      return chunk[..<count]
    }
    return nil
  }

  /// Returns whether the program has ended; else something can be read.
  private func waitForEnd() -> Bool {
    var polled = [
      pollfd(fd: source, events: Int16(POLLIN), revents: 0),
      pollfd(fd: ended, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&polled, 2, -1) < 0 && errno == EINTR {}
    return polled[1].revents != 0
  }

  func close() {
    if ended >= 0 { Glibc.close(ended) }
  }
}
