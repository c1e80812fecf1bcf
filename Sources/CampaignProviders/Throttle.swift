import CampaignCore

/// What a 429 says about when to come back.
package struct Throttle: Hashable, Sendable {
  package var seconds: Int
  /// How many requests may go at once, when it says so.
  package var burst: Int?

  /// By the header `Retry-After`, the body's `retry_after`, its words, or else `fallback`; in this order.
  init(_ answer: HTTPAnswer, _ body: ErrorBody, fallback: Int = 10) {
    let said =
      answer["Retry-After"].flatMap(Double.init) ?? body.retryAfter
      ?? Self.number(after: "resets in ~", in: body.message)
      ?? Self.number(after: "resets in ", in: body.message)
      ?? Self.number(after: "available in ", in: body.message)
    seconds = Int(max(1, min(3600, said ?? Double(fallback))).rounded(.up))
    burst = Self.number(after: "burst of ", in: body.message).map { Int(min(1e6, $0)) }
  }

  private static func number(after words: String, in text: String) -> Double? {
    guard let range = text.firstRange(of: words) else { return nil }
    return Double(String(text[range.upperBound...].prefix { $0.isASCII && $0.isNumber }))
  }
}
