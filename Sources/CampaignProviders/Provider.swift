import CampaignCore
import CSystem
import Glibc

/// The whole life of a provider process: a request in, events and a file out.
package enum Provider {
  /// Returns the exit code.
  package static func run(_ arguments: [String]) -> Int32 {
    guard arguments.count == 1, let name = arguments.first, !name.hasPrefix("-") else {
      print("campaign-provider NAME: spoken to by `campaign`, see campaign-provider(7)")
      print("NAME is replicate, xai, openai, openrouter, gemini or ollama")
      return 2
    }
    let exchange = Exchange(secrets: .visible())
    let pause = Pause.fromEnvironment()
    do throws(ProviderFailure) {
      guard let line = readLine() else { throw ProviderFailure(.request, "there is no request") }
      let request = try ProviderRequest(line: line)
      if name == "replicate" {
        try ReplicateJob(request, exchange, pause).run()
      } else {
        try ChatCall(name, request, exchange, pause).run()
      }
      return 0
    } catch {
      exchange.failed(error)
      return 1
    }
  }
}
