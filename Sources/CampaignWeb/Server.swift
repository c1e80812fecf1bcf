import CampaignCore
import Glibc
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Listens, lets requests in or not, and hands them on.
struct Server: Sendable {
  struct Options: Sendable {
    var host = "127.0.0.1"
    var port = 8377
    var token: String
    var allowedHosts: [String] = []
    /// Connections at once. One more takes the place of somebody without the token; where all have it, it waits.
    var connections = 512
    /// Seconds that a client may do nothing while something is expected of it.
    var patience = 30
  }

  let api: API
  let gate: Gatekeeper
  let options: Options

  private static let headerBytes = 16 << 10

  init(api: API, options: Options) {
    self.api = api
    self.options = options
    gate = Gatekeeper(token: options.token, host: options.host, allowedHosts: options.allowedHosts)
  }

  /// Serves until the process ends. `isListening` gets the port once it is known.
  func run(isListening: @escaping @Sendable (Int) -> Void) async throws {
    let patience = TimeAmount.seconds(Int64(options.patience))
    let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
      maxHeaderFieldSize: Self.headerBytes, maxHeaderListSize: Self.headerBytes, maxHeaderFieldCount: 100)
    let places = Places(options.connections)
    let channel = HTTP1Channel.Configuration(
      additionalChannelHandlers: [Visitor(places, patience: patience)], idleTimeout: patience,
      httpDecoderConfiguration: decoder)
    var logger = Logger(label: "campaign-web") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .critical
    let application = Application(
      responder: CallbackResponder<Visit> { request, visit in
        if gate.knows(request.head) { places.keep(visit.channel) }
        return await respond(to: request)
      },
      server: .http1(configuration: channel),
      configuration: ApplicationConfiguration(
        address: .hostname(options.host, port: options.port),
        availableConnectionsDelegate: .maximum(options.connections, logger: logger)),
      onServerRunning: { channel in isListening(channel.localAddress?.port ?? options.port) },
      logger: logger)
    try await application.run()
  }

  private func respond(to request: Request) async -> Response {
    var response: Response
    do {
      let call = try HTTPCall(request, patience: .seconds(options.patience))
      try gate.check(call)
      response = try await api.respond(to: call)
      response.headers[.setCookie] = gate.cookie(for: call)
    } catch let refusal as Refusal {
      response = refusal.response
      // What was not read of the request is not waited for.
      if [400, 408, 413, 501].contains(refusal.status.code) { response.headers[.connection] = "close" }
    } catch {
      response = Refusal(.internalServerError, "\(error)").response
    }
    Gatekeeper.harden(&response)
    if request.method == .head { response = response.withoutBody }
    return response
  }
}

extension Response {
  /// The same headers, also the length of what is left out.
  fileprivate var withoutBody: Response {
    var headers = headers
    if headers[.contentLength] == nil, let length = body.contentLength {
      headers[.contentLength] = String(length)
    }
    return Response(
      status: status, headers: headers,
      body: ResponseBody(contentLength: body.contentLength) { writer in
        try await writer.finish(nil)
      })
  }
}
