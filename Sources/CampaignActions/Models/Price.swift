import CampaignCore
import CampaignEngine

/// What a model costs, as its price list says: `0.12 USD/s`, `0.27 USD`, `720p 0.08 USD/s, 1080p 0.12 USD/s`,
/// `1.25 USD/Mtok in, 2.50 USD/Mtok out`.
struct Price: Hashable, Sendable {
  private enum Unit: Hashable { case request, second, tokensIn, tokensOut }

  private struct Part: Hashable {
    /// The value of the resolution that it is for; nil: for all.
    var label: String?
    var amount: Money
    var unit: Unit
  }

  private let parts: [Part]
  /// As it is written.
  let text: String

  init?(_ text: String) {
    var parts: [Part] = []
    for piece in text.split(separator: ",") {
      guard let part = Self.part(piece.split(separator: " ").map(String.init)) else { return nil }
      parts.append(part)
    }
    guard !parts.isEmpty else { return nil }
    self.parts = parts
    self.text = text
  }

  private static func part(_ words: [String]) -> Part? {
    guard let position = words.firstIndex(where: { $0.hasPrefix("USD") }), (1...2).contains(position),
      let amount = Money(dollars: words[position - 1])
    else { return nil }
    let label = position == 2 ? words[0] : nil
    switch (words[position], words.dropFirst(position + 1).first) {
    case ("USD", nil): return Part(label: label, amount: amount, unit: .request)
    case ("USD/s", nil): return Part(label: label, amount: amount, unit: .second)
    case ("USD/Mtok", "in"): return Part(label: label, amount: amount, unit: .tokensIn)
    case ("USD/Mtok", "out"): return Part(label: label, amount: amount, unit: .tokensOut)
    default: return nil
    }
  }

  /// For one result of a length; nil: the list has no price for this resolution. Rounded up to a micro-dollar.
  func amount(_ length: Milliseconds, resolution: String?) -> Money? {
    amount(microseconds: length.count * 1000, resolution: resolution)
  }

  /// The same for a length as providers bill it, which may be any fraction.
  func amount(microseconds: Int, resolution: String?) -> Money? {
    let fitting = parts.filter { $0.label == nil || $0.label == resolution }
    return fitting.isEmpty
      ? nil : Self.sum(fitting, counts: [.request: Self.million, .second: microseconds])
  }

  /// For tokens that were read and written; nil: nobody writes so many.
  func amount(tokensIn: Int, tokensOut: Int) -> Money? {
    Self.sum(parts, counts: [.request: Self.million, .tokensIn: tokensIn, .tokensOut: tokensOut])
  }

  private static let million = 1_000_000

  /// - Parameter counts: of each unit, in millionths of what its price is for; of tokens in ones.
  private static func sum(_ parts: [Part], counts: [Unit: Int]) -> Money? {
    var sum = Money.zero
    for part in parts {
      guard let share = part.amount.times(counts[part.unit] ?? 0, per: million) else { return nil }
      sum = sum + share
    }
    return sum
  }

  /// For a million tokens, as a provider gets them with a question.
  var perMillion: (in: Money, out: Money)? {
    guard let read = parts.first(where: { $0.unit == .tokensIn }),
      let written = parts.first(where: { $0.unit == .tokensOut })
    else { return nil }
    return (read.amount, written.amount)
  }
}

extension Money {
  /// For `count` where this is for `unit`, rounded up; nil: no such amount.
  fileprivate func times(_ count: Int, per unit: Int) -> Money? {
    let (product, isTooLarge) = micros.multipliedReportingOverflow(by: Int64(count))
    guard count >= 0, !isTooLarge else { return nil }
    let (whole, rest) = product.quotientAndRemainder(dividingBy: Int64(unit))
    return Money(micros: whole + (rest > 0 ? 1 : 0))
  }
}
