import CampaignCore

/// What a chat cost, in whole micro-dollars, rounded up.
package enum TokenPrice {
  /// 1 USD is 10^10 ticks.
  package static func ofTicks(_ ticks: Int) -> Money {
    let (micros, rest) = max(0, ticks).quotientAndRemainder(dividingBy: 10_000)
    return Money(micros: Int64(micros) + (rest > 0 ? 1 : 0))
  }

  /// `input` and `output` are the prices of a million tokens, as decimal text; nil when one cannot be read.
  package static func of(in inTokens: Int, at input: String, out outTokens: Int, at output: String) -> Money?
  {
    guard let input = Money(decimal: input), let output = Money(decimal: output) else { return nil }
    let (first, tooLarge) = input.micros.multipliedReportingOverflow(by: Int64(max(0, inTokens)))
    let (second, tooLargeToo) = output.micros.multipliedReportingOverflow(by: Int64(max(0, outTokens)))
    let (sum, isTooLarge) = first.addingReportingOverflow(second)
    guard !tooLarge, !tooLargeToo, !isTooLarge else { return nil }
    return Money(micros: sum / 1_000_000 + (sum % 1_000_000 > 0 ? 1 : 0))
  }
}

extension Money {
  /// Reads `1.25`, up to six decimals, never negative.
  package init?(decimal text: String) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? String(parts[1]) : ""
    guard let first = parts.first, let whole = Int64(first), whole >= 0, whole < 1_000_000,
      first.utf8.first != UInt8(ascii: "+"), fraction.utf8.count <= 6,
      fraction.utf8.allSatisfy({ $0 >= 48 && $0 < 58 })
    else { return nil }
    let padded = fraction + String(repeating: "0", count: 6 - fraction.utf8.count)
    self.init(micros: whole * 1_000_000 + (Int64(padded) ?? 0))
  }

  /// `1.25`: as the protocol writes an amount.
  package var decimal: String { description.filter { $0 != "$" } }
}
