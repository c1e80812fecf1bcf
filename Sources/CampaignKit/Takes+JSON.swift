import CampaignCore
import CampaignEngine
import CampaignReporting

extension Takes {
  /// What `campaign takes --json` prints.
  package var json: JSON {
    .members([
      "v": .int(1), "target": .string(target),
      "takes": .array(
        shelf.takes.enumerated().map { index, take in
          .members([
            "number": .int(index + 1), "content": .string(take.content.hex),
            "current": .bool(take.content == current && take.rejected == nil), "usd": take.price.json,
            "basis": .string(take.basis), "seed": take.seed.map { .int($0) } ?? .null,
            "provider": .string(take.provider), "model": .string(take.model),
            "version": take.version.map { .string($0) } ?? .null,
            "date": .string(Day(seconds: take.date).description),
            "rejected": take.rejected.map { .string($0) } ?? .null,
          ])
        }),
    ])
  }
}
