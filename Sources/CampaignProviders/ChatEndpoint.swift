import Glibc

/// Where a chat provider is, and how it is paid.
struct ChatEndpoint {
  let name: String
  let base: WebAddress
  let service: FailureTable.Service

  private static let known: [(name: String, base: String, service: FailureTable.Service)] = [
    (
      "xai", "https://api.x.ai/v1",
      .init(name: "xAI", keyName: "XAI_API_KEY", billing: "https://console.x.ai")
    ),
    (
      "openai", "https://api.openai.com/v1",
      .init(
        name: "OpenAI", keyName: "OPENAI_API_KEY",
        billing: "https://platform.openai.com/settings/organization/billing")
    ),
    (
      "openrouter", "https://openrouter.ai/api/v1",
      .init(name: "OpenRouter", keyName: "OPENROUTER_API_KEY", billing: "https://openrouter.ai/credits")
    ),
    (
      "gemini", "https://generativelanguage.googleapis.com/v1beta/openai",
      .init(name: "Gemini", keyName: "GEMINI_API_KEY", billing: "https://aistudio.google.com")
    ),
    ("ollama", "http://localhost:11434/v1", .init(name: "Ollama", keyName: "", billing: "")),
  ]

  init(_ name: String) throws(ProviderFailure) {
    guard let known = Self.known.first(where: { $0.name == name }) else {
      throw ProviderFailure(.request, "there is no provider `\(name)`")
    }
    self.name = name
    service = known.service
    let variable = name.uppercased() + "_BASE_URL"
    let address = getenv(variable).map { String(cString: $0) } ?? known.base
    guard let base = WebAddress(address.hasSuffix("/") ? String(address.dropLast()) : address) else {
      throw ProviderFailure(.request, "\(variable) is no web address: `\(address)`")
    }
    self.base = base
  }
}
