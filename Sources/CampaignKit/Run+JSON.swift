import CampaignCore
import CampaignEngine
import CampaignReporting

extension Run {
  /// What `campaign history --json` prints of each build.
  package var json: JSON {
    .members([
      "build": .string(name.short), "id": .string(name.full), "date": .string(Moment(name.date ?? 0).iso),
      "profile": profile.map { .string($0) } ?? .null, "targets": .strings(targets),
      "forced": .strings(forced),
      "outcome": .string(outcome), "seconds": .decimal(seconds, places: 3), "usd": cost.json,
      "changed": .strings(steps.filter(\.isChanged).map(\.target)), "summary": summary ?? .null,
    ])
  }

  /// What `campaign history BUILD --json` prints.
  package func details(_ attempts: [Attempt]) -> JSON {
    guard case .object(let members) = json else { return json }
    return .object(
      [JSON.Member("v", .int(1))] + members + [
        JSON.Member("steps", .array(steps.map(\.json))),
        JSON.Member("requests", .array(attempts.map(\.json))),
      ])
  }
}

extension Run.Step {
  fileprivate var json: JSON {
    .members([
      "target": .string(target), "action": .string(action), "pool": .string(pool), "why": .strings(why),
      "outcome": outcome.map { .string($0) } ?? .null, "start": .seconds(start),
      "seconds": .decimal(seconds, places: 3), "usd": cost.json, "changed": .bool(isChanged),
      "retries": .int(retries), "message": message.map { .string($0) } ?? .null,
    ])
  }
}
