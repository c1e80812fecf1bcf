import CampaignActions
import CampaignCore
import CampaignReporting

extension Project {
  /// The models that this campaign can order from, with its own `model` blocks.
  package var models: [ModelListing] {
    // Its blocks were read without a mistake when it was loaded.
    (try? ModelTable(campaign.models))?.listing ?? []
  }
}

extension ModelListing {
  /// What `campaign models --json` prints of it.
  package var json: JSON {
    .members([
      "name": .string(name), "provider": .string(provider), "kind": .string(kind),
      "lengths": lengths.isEmpty ? .null : .string(lengths), "sizes": .array(sizes.map { .string($0) }),
      "price": price.map { .string($0) } ?? .null, "priced": priced.map { .string($0.description) } ?? .null,
      "source": source.map { .string($0) } ?? .null,
    ])
  }
}
