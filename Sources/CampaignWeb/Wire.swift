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

  /// Between two looks at the logs, in milliseconds.
  private static let pace: Int32 = 100
  /// A listener that has so many messages waiting is too slow: it is dropped, and may come again for what it missed.
  private static let patience = 600
  /// Looks between two signs of life.
  private static let pings = 150

  init(state workspace: StateFolder) {
    self.workspace = workspace
    state = Guarded(State(reader: RunReader(folder: workspace.runs)))
  }

  /// The live state now, and the last event that it includes.
  func now() -> (live: LiveState, event: String?) {
    change { state in
      tell(state.reader.advance(), &state)
      return (state.reader.live, state.reader.position)
    }
  }

  /// Events from now on, or from behind one that is known, as the bytes of an event stream.
  func listen(after event: String?) -> AsyncStream<ByteBuffer> {
    let (stream, listener) = AsyncStream.makeStream(
      of: ByteBuffer.self, bufferingPolicy: .bufferingOldest(Self.patience))
    let (number, mustStart) = change { state in
      tell(state.reader.advance(), &state)
      var missed = event.flatMap { RunReader(folder: workspace.runs, after: $0) }
      let lines = missed?.advance() ?? []
      listener.yield(ServerSentEvents.open(lines, isResumed: missed != nil, at: state.reader.position))
      state.next += 1
      state.listeners[state.next] = listener
      defer { state.isRunning = true }
      return (state.next, !state.isRunning)
    }
    listener.onTermination = { [weak self] _ in
      self?.state.withLock { $0.listeners[number] = nil }
    }
    if mustStart { startThread { [self] in follow() } }
    return stream
  }

  /// Looks on a thread of its own as long as anyone listens.
  private func follow() {
    var watch = Circumstances(workspace)
    var looks = 0
    while true {
      _ = poll(nil, 0, Self.pace)
      looks += 1
      let hasChanged = looks % 5 == 0 && watch.haveChanged()
      let goesOn = change { state in
        tell(state.reader.advance(), &state)
        if hasChanged { send(ServerSentEvents.changed(at: state.reader.position), &state) }
        if looks % Self.pings == 0 { send(ServerSentEvents.ping, &state) }
        state.isRunning = !state.listeners.isEmpty
        return state.isRunning
      }
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

  init(_ state: StateFolder) {
    self.state = state
    _ = haveChanged()
  }

  mutating func haveChanged() -> Bool {
    let files = ["Campaignfile", "Campaignfile.lock", "photos.csv", "brief.md"].map(state.resolve)
    let stamps = (files + [state.paused, state.journal]).map(FileStamp.of)
    let now = CampaignEngine.Workspace.builder(state)
    defer { (seen, builder) = (stamps, now) }
    return stamps != seen || now != builder
  }
}
