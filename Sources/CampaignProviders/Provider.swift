import CampaignCore
import CPlatform

/// One run of `campaign-provider NAME`: a request in, events and one file out. The protocol is
/// campaign-provider(7).
package enum Provider {
  /// Serves the request on standard input, or posts it to a webhook; returns the exit code.
  package static func run(_ arguments: [String]) -> Int32 {
    campaign_begin()
    let environment = Self.environment()
    let patience = Patience(speed: environment["CAMPAIGN_REHEARSAL_SPEED"])
    if arguments.count == 2, arguments[0] == "webhook" {
      return Webhook(url: arguments[1], patience: patience).run()
    }
    let exchange = Exchange(patience: patience)
    guard arguments.count == 1, let service = Service(rawValue: arguments[0]) else {
      let names = Service.allCases.map(\.rawValue).joined(separator: ", ")
      exchange.log("usage: campaign-provider NAME\nNAME is one of \(names); campaign starts it")
      return 2
    }
    return run(service, environment, patience, exchange)
  }

  private static func run(
    _ service: Service, _ environment: [String: String], _ patience: Patience, _ exchange: Exchange
  ) -> Int32 {
    do throws(Failure) {
      let request = try exchange.readRequest()
      let secrets = try Secrets(for: service, environment: environment)
      exchange.masking = secrets.masking
      let client = try ServiceClient(
        service, model: request.model, secrets: secrets, environment: environment, patience: patience,
        exchange: exchange)
      exchange.done(try serve(request, client))
      return 0
    } catch {
      exchange.failed(error)
      return 1
    }
  }

  private static func serve(_ request: ProviderRequest, _ client: ServiceClient) throws(Failure) -> Delivery {
    let isReplicate = client.service == .replicate
    switch (request.deed, request.kind) {
    case (.check, _):
      return try isReplicate
        ? ReplicateJob(request, client: client).check() : ChatCall(request, client: client).check()
    case (.cancel, _) where isReplicate: return try ReplicateJob(request, client: client).cancel()
    case (.make, .clip) where isReplicate, (.make, .music) where isReplicate:
      return try ReplicateJob(request, client: client).make()
    case (.make, .chat) where !isReplicate: return try ChatCall(request, client: client).make()
    case (.cancel, _): return Delivery()
    case (.make, _):
      throw Failure(
        .request, "\(client.service.title) makes no \(request.kind.rawValue) here",
        help: isReplicate ? "use xai, openai, openrouter, gemini or ollama" : "use replicate", cost: .zero)
    }
  }

  private static func environment() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = campaign_environment()
    while let pointer = entry.pointee {
      let parts = String(cString: pointer).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      variables[String(parts[0])] = parts.count == 2 ? String(parts[1]) : ""
      entry += 1
    }
    return variables
  }
}
