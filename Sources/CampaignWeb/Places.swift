import CampaignCore
import Hummingbird
import NIOCore

/// The places for connections. Who has not shown the token keeps his only while there are others.
final class Places: Sendable {
  private struct State {
    var taken = 0
    /// Those without the token; who came first is first.
    var guests: [any Channel] = []
  }

  private let state = Guarded(State())
  private let count: Int

  init(_ count: Int) { self.count = count }

  /// Takes a place. When it is the last one, the guest who came first has to go, so that the next one finds a place.
  func enter(_ channel: any Channel) {
    let first = state.withLock { state in
      state.taken += 1
      state.guests.append(channel)
      return state.taken >= count && state.guests.count > 1 ? state.guests.removeFirst() : nil
    }
    first?.close(promise: nil)
  }

  /// The token was shown.
  func keep(_ channel: any Channel) {
    state.withLock { $0.guests.removeAll { $0 === channel } }
  }

  func leave(_ channel: any Channel) {
    state.withLock { state in
      state.taken -= 1
      state.guests.removeAll { $0 === channel }
    }
  }
}

/// Gives a connection its place, and drops one that does not take what is sent to it.
final class Visitor: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = Any
  typealias OutboundIn = Any

  private let places: Places
  /// How long a client may take nothing while something waits for it.
  private let patience: TimeAmount
  private var end: Scheduled<Void>?

  init(_ places: Places, patience: TimeAmount) {
    self.places = places
    self.patience = patience
  }

  func handlerAdded(context: ChannelHandlerContext) { places.enter(context.channel) }

  func handlerRemoved(context: ChannelHandlerContext) {
    places.leave(context.channel)
    end?.cancel()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    end?.cancel()
    end = nil
    if !context.channel.isWritable {
      let channel = context.channel
      end = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
    }
    context.fireChannelWritabilityChanged()
  }
}

/// What a request comes with: its connection.
struct Visit: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }
}
