import CampaignCore
import CampaignEngine
import CampaignReporting

extension CostReport {
  /// What `campaign cost --json` prints.
  package var json: JSON {
    .members([
      "v": .int(1), "usd": total.json, "usableClips": .int(usableClips), "usdClips": clipCost.json,
      "requests": .array(attempts.map(\.json)),
    ])
  }
}

extension Attempt {
  /// A paid request as `cost` and `history` print it.
  package var json: JSON {
    .members([
      "attempt": .string(id), "target": .string(target), "kind": .string(kind),
      "provider": .string(provider), "model": .string(model), "state": .string(state.rawValue),
      "usd": committed.json, "usdReserved": reserved.json, "basis": .string(basis), "began": .int(began),
      "ended": ended.map { .int($0) } ?? .null, "run": .string(run),
      "job": jobID.map { .string($0) } ?? .null, "problem": problem.map { .string($0) } ?? .null,
    ])
  }
}
