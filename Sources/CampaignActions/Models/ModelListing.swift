import CampaignCore

/// What the table says of a model, in words.
package struct ModelListing: Hashable, Sendable {
  package var name: String
  package var provider: String
  /// `clip`, `music` or `chat`.
  package var kind: String
  /// E.g. `4s, 6s, 8s; 1080p: 8s`; empty for what has no length.
  package var lengths: String
  /// The resolutions that it has, by its own names.
  package var sizes: [String]
  /// As the price list says it; nil: nobody knows.
  package var price: String?
  package var priced: Day?
  /// Where that was read.
  package var source: String?
}

extension Model {
  var listing: ModelListing {
    let others = lengthsAt.keys.sorted().map { "; \($0): \(lengthsInWords(at: $0))" }.joined()
    return ModelListing(
      name: name, provider: provider, kind: kind.rawValue,
      lengths: kind == .chat ? "" : lengthsInWords() + others,
      sizes: resolution?.sizes.map(\.value) ?? [], price: price?.text, priced: priced, source: source)
  }
}
