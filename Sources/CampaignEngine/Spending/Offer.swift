import CampaignCore

/// What a step would buy, known before it runs.
package struct Offer: Hashable, Sendable {
  /// Of all that shapes what the provider makes but the seed: the same order again gives another take.
  /// Nil when the step buys in several parts that are known one after the other.
  package var order: ContentHash?
  package var provider: String
  package var model: String
  /// The most that one attempt can cost; nil: unknown.
  package var price: Money?
  /// What a person should know beforehand, e.g. that 6 s are bought for 5 s.
  package var notes: [String]

  package init(
    order: ContentHash?, provider: String, model: String, price: Money?, notes: [String] = []
  ) {
    self.order = order
    self.provider = provider
    self.model = model
    self.price = price
    self.notes = notes
  }
}
