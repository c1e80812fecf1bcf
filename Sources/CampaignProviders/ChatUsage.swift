import CampaignCore

/// What an answer cost: as the service says, or by its tokens and their price.
struct ChatUsage {
  let tokensIn: Int
  let tokensOut: Int
  /// Decimal dollars, rounded up to a micro-dollar; nil: unknown.
  let dollars: String?

  /// xAI counts in ticks.
  private static let ticksPerMicro = 10_000

  /// - Parameter prices: `{"in": "1.25", "out": "2.50"}`, in dollars for a million tokens.
  init(_ usage: JSON, prices: JSON?) {
    tokensIn = usage["prompt_tokens"]?.int ?? 0
    tokensOut = usage["completion_tokens"]?.int ?? 0
    if let ticks = usage["cost_in_usd_ticks"]?.int {
      dollars = Self.text((ticks + Self.ticksPerMicro - 1) / Self.ticksPerMicro)
    } else if let price = prices?["in"]?.string.flatMap({ Money(dollars: $0) }),
      let written = prices?["out"]?.string.flatMap({ Money(dollars: $0) })
    {
      let micros = price.micros * Int64(tokensIn) + written.micros * Int64(tokensOut)
      dollars = Self.text(Int((micros + 999_999) / 1_000_000))
    } else {
      dollars = nil
    }
  }

  private static func text(_ micros: Int) -> String {
    let fraction = String(1_000_000 + micros % 1_000_000).dropFirst()
    return "\(micros / 1_000_000).\(fraction)"
  }
}
