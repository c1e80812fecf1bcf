import CampaignCore

/// What a chat service answered, read leniently.
package struct ChatAnswer: Sendable {
  private let json: JSON
  private var choice: JSON? { json["choices"]?.array?.first }

  package init?(_ bytes: [UInt8]) {
    do { json = try JSON.parse(bytes, repairs: true) } catch { return nil }
    guard case .object = json else { return nil }
  }

  /// An error inside an answer that began well.
  package var error: JSON? { [json["error"], choice?["error"]].compactMap { $0 }.first { $0 != .null } }

  package var model: String? { json["model"]?.string }
  package var id: String? { json["id"]?.string }
  package var fingerprint: String? { json["system_fingerprint"]?.string }
  package var tokensIn: Int? { tokens("prompt_tokens") }
  /// With those of its reasoning, which some services count in the total alone.
  package var tokensOut: Int? {
    guard let tokensIn, let total = tokens("total_tokens") else { return tokens("completion_tokens") }
    return max(total - tokensIn, tokens("completion_tokens") ?? 0)
  }

  private func tokens(_ name: String) -> Int? { json["usage"]?[name]?.int.map { max(0, $0) } }

  /// What it cost, stated by the service or by `prices` of a million tokens; nil when neither says.
  package func cost(prices: JSON?) -> Money? {
    if let ticks = json["usage"]?["cost_in_usd_ticks"]?.int { return TokenPrice.ofTicks(ticks) }
    guard let input = prices?["in"]?.scalar, let output = prices?["out"]?.scalar, let tokensIn, let tokensOut
    else { return nil }
    return TokenPrice.of(in: tokensIn, at: input, out: tokensOut, at: output)
  }

  /// The one JSON value of the answer as text; throws what is wrong with it.
  package func value() throws(Failure) -> String {
    let message = choice?["message"]
    if let refusal = message?["refusal"]?.string, !refusal.isEmpty {
      throw Failure(.failed, "the model refused: \(refusal)")
    }
    switch choice?["finish_reason"]?.string {
    case "length": throw Failure(.failed, "the answer was cut off: too many tokens")
    case "content_filter": throw Failure(.moderation, "the answer was held back by a content filter")
    default: break
    }
    guard let text = Self.text(message?["content"]), text.contains(where: { !$0.isWhitespace }) else {
      throw Failure(.failed, "the answer is empty")
    }
    guard let value = Self.extract(text) else {
      throw Failure(.failed, "the answer is not JSON: `\(text.prefix(120))`")
    }
    return value
  }

  private static func text(_ content: JSON?) -> String? {
    content?.string ?? content?.array?.compactMap { $0["text"]?.string }.joined()
  }

  /// The JSON value in a text: all of it, or what is in its fence, or its first object.
  package static func extract(_ text: String) -> String? {
    var text = text
    if let thought = text.firstRange(of: "</think>") { text = String(text[thought.upperBound...]) }
    let candidates = [text, fenced(text), braced(text)].compactMap { $0 }.map(trimmed)
    return candidates.first { candidate in
      do { return try JSON.parse(candidate).isContainer } catch { return false }
    }
  }

  private static func fenced(_ text: String) -> String? {
    let pieces = text.split(separator: "```", omittingEmptySubsequences: false)
    guard pieces.count >= 3 else { return nil }
    return String(pieces[1].drop { $0.isLetter })
  }

  private static func braced(_ text: String) -> String? {
    guard let start = text.firstIndex(of: "{"), let end = text.lastIndex(of: "}"), start < end else {
      return nil
    }
    return String(text[start...end])
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}

extension JSON {
  fileprivate var isContainer: Bool {
    switch self {
    case .object, .array: true
    case .null, .bool, .number, .string: false
    }
  }
}
