/// A service that this program can speak to, and what is fixed about it.
package enum Service: String, CaseIterable, Sendable {
  case replicate, xai, openai, openrouter, gemini, ollama

  /// As its makers write it.
  package var title: String {
    switch self {
    case .replicate: "Replicate"
    case .xai: "xAI"
    case .openai: "OpenAI"
    case .openrouter: "OpenRouter"
    case .gemini: "Gemini"
    case .ollama: "Ollama"
    }
  }

  /// The name of its key, in the environment and in the file of keys; nil when it needs none.
  package var keyName: String? {
    switch self {
    case .replicate: "REPLICATE_API_TOKEN"
    case .xai: "XAI_API_KEY"
    case .openai: "OPENAI_API_KEY"
    case .openrouter: "OPENROUTER_API_KEY"
    case .gemini: "GEMINI_API_KEY"
    case .ollama: nil
    }
  }

  /// The variable that replaces `standardBase`.
  package var baseName: String { rawValue.uppercased() + "_BASE_URL" }

  package var standardBase: String {
    switch self {
    case .replicate: "https://api.replicate.com/v1"
    case .xai: "https://api.x.ai/v1"
    case .openai: "https://api.openai.com/v1"
    case .openrouter: "https://openrouter.ai/api/v1"
    case .gemini: "https://generativelanguage.googleapis.com/v1beta/openai"
    case .ollama: "http://localhost:11434/v1"
    }
  }

  /// Where a person buys credit.
  package var billingPage: String {
    switch self {
    case .replicate: "https://replicate.com/account/billing"
    case .xai: "https://console.x.ai"
    case .openai: "https://platform.openai.com/settings/organization/billing"
    case .openrouter: "https://openrouter.ai/settings/credits"
    case .gemini: "https://aistudio.google.com/usage"
    case .ollama: "https://ollama.com"
    }
  }

  /// Where a person makes a key.
  package var keyPage: String {
    switch self {
    case .replicate: "https://replicate.com/account/api-tokens"
    case .xai: "https://console.x.ai"
    case .openai: "https://platform.openai.com/api-keys"
    case .openrouter: "https://openrouter.ai/settings/keys"
    case .gemini: "https://aistudio.google.com/apikey"
    case .ollama: "https://ollama.com"
    }
  }
}
