import ArgumentParser
import CampaignCore

/// An amount on the command line: `5`, `5.00`, `$5` or `5.00 USD`.
struct Dollars: ExpressibleByArgument {
  var amount: Money

  init?(argument: String) {
    var digits = argument[...]
    if digits.hasPrefix("$") { digits = digits.dropFirst() }
    if digits.hasSuffix("USD") { digits = digits.dropLast(3) }
    while digits.last == " " { digits = digits.dropLast() }
    guard let amount = Money(dollars: digits) else { return nil }
    self.amount = amount
  }
}
