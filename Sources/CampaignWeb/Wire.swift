import CampaignCore
import CampaignEngine
import Glibc
import NIOCore

/// What happens in one campaign, told to everyone who listens: one reader of its logs, however many listen.
final class Wire: Sendable {
  private struct State {
    var reader: RunReader
    var listeners: [Int: AsyncStream<ByteBuffer>.Continuation] = [:]
    var next = 0
    var isRunning = false
    /// To be told that they are dropped, once the lock is free: that comes back to us.
    var dropped: [AsyncStream<ByteBuffer>.Continuation] = []
  }

  private let state: Guarded<State>
  private let workspace: StateFolder
  /// Files beside the logs whose change changes the state of the campaign.
  let watched = Guarded<[String]>(["Campaignfile"])

  /// Milliseconds between two looks at the logs: the more listen, the more is told at once. To tell one of them takes a
  /// tenth of a millisecond of a processor, so that up to 500 take at most a fortieth of one from the build.
  private static func pace(_ listeners: Int) -> Int32 { Int32(100 + 4 * min(listeners, 500)) }
  /// A listener that has so many messages waiting is too slow: it is dropped, and may come again for what it missed.
  private static let patience = 600
  /// Milliseconds between two looks at what stands around the logs.
  private static let rounds: Int32 = 500
  /// Milliseconds between two signs of life.
  private static let pings: Int32 = 15_000

  init(state workspace: StateFolder) {
    self.workspace = workspace
    state = Guarded(State(reader: RunReader(folder: workspace.runs)))
  }

  /// The live state now, and the last event that it includes.
  func now() -> (live: LiveState, event: String?) {
    change { state in
      tell(state.reader.advance(), &state)
      return (state.reader.live, state.reader.position?.description)
    }
  }

  /// Events from now on, or from behind one that is known, as the bytes of an event stream.
  func listen(after event: String?) -> AsyncStream<ByteBuffer> {
    let (stream, listener) = AsyncStream.makeStream(
      of: ByteBuffer.self, bufferingPolicy: .bufferingOldest(Self.patience))
    let (number, mustStart) = change { state in
      tell(state.reader.advance(), &state)
      // What is written while we read is left to the reader, which tells it to all.
      var missed = event.flatMap { RunReader(folder: workspace.runs, after: $0) }
      let told = state.reader.position
      let lines = (missed?.advance() ?? []).filter { line in told.map { line.place <= $0 } ?? false }
      listener.yield(
        ServerSentEvents.open(lines, isResumed: missed != nil, at: state.reader.position?.description))
      state.next += 1
      state.listeners[state.next] = listener
      defer { state.isRunning = true }
      return (state.next, !state.isRunning)
    }
    listener.onTermination = { [weak self] _ in
      self?.state.withLock { $0.listeners[number] = nil }
    }
    if mustStart {
      // Without a thread the next listener tries again; this one has the state as it is.
      do throws(FileError) { try startThread { [self] in follow() } } catch {
        state.withLock { $0.isRunning = false }
      }
    }
    return stream
  }

  /// Looks on a thread of its own as long as anyone listens.
  private func follow() {
    var watch = Circumstances(workspace, watched.withLock { $0 })
    var (unwatched, silent): (Int32, Int32) = (0, 0)
    while true {
      let pace = Self.pace(state.withLock { $0.listeners.count })
      _ = poll(nil, 0, pace)
      unwatched += pace
      silent += pace
      let hasChanged = unwatched >= Self.rounds && watch.haveChanged(watched.withLock { $0 })
      if unwatched >= Self.rounds { unwatched = 0 }
      let goesOn = change { state in
        tell(state.reader.advance(), &state)
        if hasChanged { send(ServerSentEvents.changed(at: state.reader.position?.description), &state) }
        if silent >= Self.pings { send(ServerSentEvents.ping, &state) }
        state.isRunning = !state.listeners.isEmpty
        return state.isRunning
      }
      if silent >= Self.pings { silent = 0 }
      guard goesOn else { return }
    }
  }

  private func tell(_ lines: [RunReader.Line], _ state: inout State) {
    guard !lines.isEmpty, !state.listeners.isEmpty else { return }
    send(ServerSentEvents.buffer(lines), &state)
  }

  private func send(_ message: ByteBuffer, _ state: inout State) {
    for (number, listener) in state.listeners {
      if case .enqueued = listener.yield(message) { continue }
      state.listeners[number] = nil
      state.dropped.append(listener)
    }
  }

  private func change<Result>(_ body: (inout State) -> Result) -> Result {
    let (result, dropped) = state.withLock { state in
      let result = body(&state)
      defer { state.dropped = [] }
      return (result, state.dropped)
    }
    dropped.forEach { $0.finish() }
    return result
  }
}

/// What stands around the logs and changes the state of a campaign, too.
private struct Circumstances {
  private let state: StateFolder
  private var seen: [FileStamp?] = []
  private var builder: String?

  init(_ state: StateFolder, _ files: [String]) {
    self.state = state
    _ = haveChanged(files)
  }

  mutating func haveChanged(_ files: [String]) -> Bool {
    let stamps = (files.map(state.resolve) + [state.lockFile, state.paused, state.journal]).map(FileStamp.of)
    let now = CampaignEngine.Workspace.builder(state)
    defer { (seen, builder) = (stamps, now) }
    return stamps != seen || now != builder
  }
}
