import CampaignCore

/// Whether a job in Replicate's list is the one of our intent.
package enum PredictionMatch: Hashable, Sendable {
  case ours
  case another
  /// It may be ours: its input is gone, or nothing in it tells attempts apart.
  case perhaps

  /// Compares a job with what the intent would have sent.
  ///
  /// The address of an uploaded file is like no other, so one of ours settles it. Without files the seed has
  /// to do, and then a job older than the intent is not ours.
  package static func of(_ candidate: Prediction, _ intent: Intent) -> PredictionMatch {
    guard candidate.model == intent.model || (intent.version != nil && candidate.version == intent.version)
    else {
      return .another
    }
    guard case .object(let wanted) = intent.input, case .object(let given) = candidate.input else {
      return .perhaps
    }
    if given.isEmpty && !wanted.isEmpty { return .perhaps }
    let addresses = Set(intent.files)
    if contains(candidate.input, oneOf: addresses) { return .ours }
    let others = wanted.filter { member in !isEqual(member.value, candidate.input[member.name] ?? .null) }
    if addresses.isEmpty {
      guard others.isEmpty, isSince(intent, candidate) else { return .another }
      return intent.input["seed"] == nil ? .perhaps : .ours
    }
    // The service may have put an address of its own in the place of ours; one of its uploads is somebody
    // else's.
    let areRewritten = others.allSatisfy { member in
      contains(member.value, oneOf: addresses)
        && candidate.input[member.name]?.string?.contains("/files/") != true
    }
    return areRewritten ? .perhaps : .another
  }

  private static func isSince(_ intent: Intent, _ candidate: Prediction) -> Bool {
    candidate.createdAt.map { $0.seconds >= intent.since.seconds - 1 } ?? true
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
