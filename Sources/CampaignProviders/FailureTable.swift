import CampaignCore

/// What an error means: the table of failures, as pure functions.
enum FailureTable {
  /// Where a key belongs and where money is added.
  struct Service: Hashable {
    var name: String
    var keyName: String
    var billing: String
  }

  /// What an answer with an error status means; never for 429 or 5xx, which are not final.
  static func failure(_ answer: HTTPAnswer, _ service: Service, model: String) -> ProviderFailure {
    let body = ErrorBody(answer)
    let said = "\(service.name) says: \(body.message)"
    let wrongKey = ProviderFailure(
      .credential, said, help: "see that \(service.keyName) is right and not expired")
    let noMoney = ProviderFailure(
      .billing, said,
      help: "add credit at \(service.billing), wait a few minutes and build again: nothing is lost")
    switch answer.status {
    case 401: return wrongKey
    case 400 where body.says("api key", "apikey"): return wrongKey
    case 402: return noMoney
    case 403 where body.says("credit", "license", "balance", "purchase"): return noMoney
    case 403: return ProviderFailure(.permission, said, help: "see what your account may use")
    case 404: return gone(said, model)
    case 422 where body.says("invalid version", "specified version does not exist"): return gone(said, model)
    case 429 where body.code == "insufficient_quota": return noMoney
    default: return ProviderFailure(.request, "\(said) (HTTP \(answer.status))")
    }
  }

  private static func gone(_ said: String, _ model: String) -> ProviderFailure {
    ProviderFailure(
      .model, "\(said) (asked for `\(model)`)",
      help: "see that the model still exists and that your account may use it")
  }

  /// What the error of a job that ended badly means.
  static func failure(ofJob text: String, status: String) -> ProviderFailure {
    let words = text.lowercased()
    func says(_ parts: String...) -> Bool { parts.contains { words.contains($0) } }
    let said = "the model says: \(text.isEmpty ? status : text)"
    if says(
      "e005", "flagged as sensitive", "nsfw", "safety", "moderation", "raimediafiltered", "content policy")
    {
      return ProviderFailure(.moderation, said)
    }
    if says("input validation error") {
      return ProviderFailure(.infrastructure, said, help: "the provider could not read an uploaded photo")
    }
    if says("e1001", "out of memory") {
      return ProviderFailure(.resource, said, help: "ask for a smaller size or a shorter clip")
    }
    if says("(code: pa)", "director:", "e6716", "e1000", "e9828", "e8765", "prediction interrupted") {
      return ProviderFailure(.infrastructure, said)
    }
    return ProviderFailure(.failed, said)
  }
}
