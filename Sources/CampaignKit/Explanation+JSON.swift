import CampaignCore
import CampaignEngine
import CampaignReporting

extension Explanation {
  /// What `campaign explain --json` prints.
  package var json: JSON {
    .members([
      "v": .int(1), "step": entry.json, "fields": .array(fields.map(\.json)),
      "inputs": .array(inputs.map(\.json)),
      "steps": .strings(steps.compactMap(\.outputs.first)), "sources": .array(sources.map(\.json)),
      "last": last?.json ?? .null,
      "failed": failure.map { .members(["run": .string($0.run), "message": .string($0.message)]) } ?? .null,
      "takes": takes?.json ?? .null,
    ])
  }
}

extension Explanation.Field {
  fileprivate var json: JSON {
    .members([
      "name": .string(name), "old": old.map { .string($0) } ?? .null,
      "new": new.map { .string($0) } ?? .null, "changed": .bool(isChanged),
    ])
  }
}

extension Explanation.Input {
  fileprivate var json: JSON {
    .members([
      "path": .string(path), "hash": hash.map { .string($0) } ?? .null,
      "oldHash": oldHash.map { .string($0) } ?? .null, "madeBy": maker.map { .string($0.action) } ?? .null,
      "change": .string(change.rawValue),
    ])
  }
}

extension Explanation.LastRun {
  fileprivate var json: JSON {
    .members([
      "finished": .int(finished), "seconds": .decimal(seconds, places: 3), "usd": cost.json,
      "edited": .bool(wasEdited), "kept": .bool(isKept),
    ])
  }
}
