import CampaignCore
import CampaignEngine

extension Plan {
  /// What `campaign plan --json` prints.
  package var json: JSON {
    .members([
      "v": .int(1), "current": .bool(isCurrent), "forecast": forecast.json,
      "steps": .array(entries.map(\.json)), "pending": .array(pending.map(\.json)),
      "orphans": .strings(orphans),
    ])
  }
}

extension Plan.Entry {
  package var json: JSON {
    .members([
      "outputs": .strings(outputs), "inputs": .strings(inputs), "action": .string(action),
      "pool": .string(pool), "verdict": .string(verdict.word), "why": .strings(verdict.why),
      "usd": estimate.json, "payee": payee.map { .string($0) } ?? .null, "notes": .strings(notes),
      "usualSeconds": .seconds(usual), "site": site.json,
    ])
  }
}

extension Plan.Pending {
  var json: JSON {
    .members([
      "outputs": .string(outputs), "file": .string(file), "action": .string(action),
      "countAtMost": most.map { .int($0.count) } ?? .null, "usdAtMost": most?.cost.json ?? .null,
      "site": site.json,
    ])
  }
}

extension Plan.Verdict {
  /// The one word for it in JSON and graphs.
  package var word: String {
    switch self {
    case .current: "current"
    case .kept: "kept"
    case .stale: "stale"
    case .restorable: "restorable"
    case .edited: "edited"
    case .undecided: "undecided"
    case .awaiting: "awaiting"
    }
  }

  /// Reasons, or for an undecided step the targets that it waits for.
  package var why: [String] {
    switch self {
    case .current, .kept: []
    case .stale(let reasons), .restorable(let reasons), .edited(let reasons): reasons.map(\.description)
    case .undecided(let targets), .awaiting(let targets): targets
    }
  }
}

extension Site? {
  var json: JSON { map { .string("\($0.file):\($0.line)") } ?? .null }
}
