import CPlatform
import CampaignCore
import Glibc

/// Messages from worker threads to the one thread that acts, with a pipe that wakes it.
final class Mailbox: Sendable {
  enum Message: Sendable {
    case finished(StepID, Result<StepWork.Product, StepFailure>)
    case progress(StepID, fraction: Double, detail: String)
    /// Look again: places have become free elsewhere.
    case wake
    case signal(Int32)
  }

  private let messages = Guarded<[Message]>([])
  private let readEnd: Int32
  private let writeEnd: Int32

  init() throws(FileError) {
    var ends: [Int32] = [-1, -1]
    let error = campaign_pipe(&ends)
    guard error == 0 else { throw FileError("make", "a pipe", code: error) }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  func post(_ message: Message) {
    let wasEmpty = messages.withLock { messages in
      messages.append(message)
      return messages.count == 1
    }
    if wasEmpty {
      var byte: UInt8 = 1
      _ = write(writeEnd, &byte, 1)
    }
  }

  /// Waits for a message, a byte from `signals` or `milliseconds` (-1: for ever).
  ///
  /// - Returns: the messages, and the signals that arrived.
  func wait(signals: Int32, milliseconds: Int32) -> (messages: [Message], signals: [Int32]) {
    var polled = [
      pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
    ]
    _ = poll(&polled, 2, milliseconds)
    var bytes = [UInt8](repeating: 0, count: 64)
    var caught: [Int32] = []
    if polled[1].revents != 0 {
      let count = read(signals, &bytes, bytes.count)
      if count > 0 { caught = bytes[..<count].map(Int32.init) }
    }
    if polled[0].revents != 0 { _ = read(readEnd, &bytes, 1) }
    return (
      messages.withLock { messages in
        defer { messages = [] }
        return messages
      }, caught
    )
  }
}
