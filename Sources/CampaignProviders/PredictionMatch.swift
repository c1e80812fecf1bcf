import CampaignCore

/// Whether a job in Replicate's list is the one of our intent.
package enum PredictionMatch: Hashable, Sendable {
  case ours
  case another
  /// It may be ours: its input is gone, or nothing in it tells attempts apart.
  case perhaps

  /// Compares a job with what the intent would have sent.
  ///
  /// The address of an uploaded file is like no other, so one of ours settles it, whatever else the job says of
  /// itself. Where there is none, all else has to be equal, and the seed tells attempts apart.
  package static func of(_ candidate: Prediction, _ intent: Intent) -> PredictionMatch {
    let addresses = Set(intent.files)
    if contains(candidate.input, oneOf: addresses) { return .ours }
    guard mayBeModel(candidate, intent), isSince(intent, candidate) else { return .another }
    guard case .object(let wanted) = intent.input, case .object(let given) = candidate.input else {
      return .perhaps
    }
    if given.isEmpty && !wanted.isEmpty { return .perhaps }
    // The service may leave our addresses out, or put its own in their place; one of its uploads is somebody else's.
    let isEqual = wanted.allSatisfy { member in
      let value = candidate.input[member.name] ?? .null
      if contains(member.value, oneOf: addresses) { return value.string?.contains("/files/") != true }
      return Self.isEqual(member.value, value)
    }
    guard isEqual else { return .another }
    return intent.input["seed"] == nil ? .perhaps : .ours
  }

  /// An official model may be told by a name that it has behind the scenes.
  private static func mayBeModel(_ candidate: Prediction, _ intent: Intent) -> Bool {
    guard let model = candidate.model, model != intent.model, !model.hasPrefix("replicate-internal/") else {
      return true
    }
    return intent.version != nil && candidate.version == intent.version
  }

  private static func isSince(_ intent: Intent, _ candidate: Prediction) -> Bool {
    candidate.createdAt.map { $0.seconds >= intent.since.seconds - 5 } ?? true
  }

  private static func contains(_ json: JSON, oneOf addresses: Set<String>) -> Bool {
    switch json {
    case .string(let text): addresses.contains(text)
    case .array(let elements): elements.contains { contains($0, oneOf: addresses) }
    case .object(let members): members.contains { contains($0.value, oneOf: addresses) }
    case .null, .bool, .number: false
    }
  }

  private static func isEqual(_ left: JSON, _ right: JSON) -> Bool {
    if let first = left.number, let second = right.number { return first == second }
    if case .array(let first) = left, case .array(let second) = right {
      return first.count == second.count && zip(first, second).allSatisfy(isEqual)
    }
    return left == right
  }
}
