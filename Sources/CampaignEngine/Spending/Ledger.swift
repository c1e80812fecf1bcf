import CampaignCore
import Glibc

/// The journal of all paid requests of a workspace: what was asked for, how far it came and what it cost.
///
/// One append-only file of JSON lines. A line is on disk for good before what it announces is done, so that a crash at
/// any instant leaves at most a question (was it sent?), never a loss. Only the holder of the workspace lock writes.
package final class Ledger: Sendable {
  private struct State {
    var attempts: [Attempt] = []
    var index: [String: Int] = [:]

    /// Takes in a line. Returns what is wrong with it, in words; what is right in it counts all the same.
    @discardableResult
    mutating func take(_ line: JSON) -> String? {
      guard let id = line["attempt"]?.string else { return "it names no attempt" }
      if let position = index[id] { return attempts[position].read(line) }
      guard let attempt = Attempt(line) else { return "it goes on with a request that no line begins" }
      index[id] = attempts.count
      attempts.append(attempt)
      return line["micros"]?.micros == nil ? Attempt.noAmount : nil
    }
  }

  private let path: String
  private let state: Guarded<State>
  /// Lines that cannot be trusted. As long as there are any, nobody knows what was spent.
  package let oddLines: [OddLine]

  /// Reads the file; a torn last line, left by a crash, counts as never written. One that is there and cannot be
  /// read is no empty one: what it says may have been paid.
  package init(path: String) throws(FileError) {
    self.path = path
    var read = State()
    oddLines = OddLine.reading(try Files.textIfPresent(path), of: path) { read.take($0) }
    state = Guarded(read)
  }

  /// Oldest first.
  package var attempts: [Attempt] { state.withLock { $0.attempts } }

  package subscript(id: String) -> Attempt? {
    state.withLock { state in state.index[id].map { state.attempts[$0] } }
  }

  /// The attempt at an order that has not ended.
  package func open(_ order: ContentHash) -> Attempt? {
    state.withLock { $0.attempts.last { $0.order == order && $0.isOpen } }
  }

  /// What was spent or may be, from a time on, in seconds since 1970.
  package func committed(since time: Int64 = 0) -> Money {
    state.withLock { state in
      state.attempts.reduce(Money.zero) { $1.began >= time ? $0 + $1.committed : $0 }
    }
  }

  /// Writes down a new attempt, before anything is sent.
  package func begin(_ attempt: Attempt) throws(FileError) { try append(attempt.line) }

  /// Writes down that an attempt has come further, with what is needed to find it again.
  package func advance(_ id: String, to stage: Attempt.State, data: JSON) throws(FileError) {
    try append(
      .members([
        "t": .int(Self.now), "attempt": .string(id), "state": .string(stage.rawValue), "data": data,
      ]))
  }

  /// Ends an attempt.
  package func end(
    _ id: String, _ stage: Attempt.State, cost: Money = .zero, basis: String = "", take: ContentHash? = nil,
    problem: String? = nil
  ) throws(FileError) {
    var line: [JSON.Member] = [
      .init("t", .int(Self.now)), .init("attempt", .string(id)), .init("state", .string(stage.rawValue)),
      .init("micros", .int(cost.micros)), .init("basis", .string(basis)),
    ]
    if let take { line.append(.init("take", .string(take.hex))) }
    if let problem { line.append(.init("problem", .string(problem))) }
    try append(.object(line))
  }

  private func append(_ line: JSON) throws(FileError) {
    var failure: FileError?
    state.withLock { state in
      do throws(FileError) {
        if let folder = Files.folder(of: path) { try Files.makeFolder(folder) }
        try Files.appendDurably(line.compact, to: path)
        state.take(line)
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private static var now: Int64 { Int64(time(nil)) }
}
