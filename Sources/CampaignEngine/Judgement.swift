import CampaignCore

/// The verdict on a step whose inputs are all known: the one place that decides what is stale, and why.
enum Judgement: Hashable {
  case current
  /// Current by the take in the store; only the trace was lost.
  case adoptTake([ContentHash])
  /// A person's outputs stay although the inputs changed.
  case kept
  case stale([Reason])
  /// These outputs are in the store.
  case restorable([Reason], [ContentHash])
  /// A person changed outputs; with what they are now.
  case edited([Reason], [ContentHash], inputsChanged: Bool)
}

/// What a step is judged by.
struct Evidence {
  var key: ContentHash
  var action: Action
  var inputs: [Trace.Input]
  /// Paths and present contents, in order; nil: missing.
  var outputs: [(path: String, hash: ContentHash?)]
  var trace: Trace?
  /// Outputs that the store holds for `key`.
  var take: [ContentHash]?
  var isForced: Bool
  /// A take is on its way: an earlier build ordered it.
  var isInFlight: Bool
  /// What is wrong with an output whose content is not what was recorded; nil: sound, so a person's.
  var damage: (String) -> String?
  /// The path behind a checksum, to name inputs that are gone.
  var inputName: (UInt64) -> String?

  func judge() -> Judgement {
    if isInFlight { return .stale([.takeInFlight]) }
    if isForced { return .stale([.forced]) }
    guard let trace, trace.outputs.map(\.path) == outputs.map(\.path) else {
      return withoutTrace([.neverBuilt])
    }
    var missing: [Reason] = []
    var damaged: [Reason] = []
    var edits: [Reason] = []
    for (output, recorded) in zip(outputs, trace.outputs) where output.hash != recorded.hash {
      guard let hash = output.hash else {
        missing.append(.outputMissing(output.path))
        continue
      }
      // A crash between trace and rename left the old file: it was never published.
      if hash == recorded.replaced { missing.append(.outputMissing(output.path)); continue }
      if let problem = damage(output.path) {
        damaged.append(.outputDamaged(output.path, problem))
      } else {
        edits.append(.outputEdited(output.path))
      }
    }
    let present = outputs.compactMap(\.hash)
    let changes = key == trace.key ? [] : differences(from: trace)
    if missing.isEmpty && damaged.isEmpty {
      if !edits.isEmpty { return .edited(edits, present, inputsChanged: !changes.isEmpty) }
      if changes.isEmpty { return .current }
      if trace.isEdited { return .kept }
    }
    return restored(changes + missing + damaged)
  }

  private func withoutTrace(_ reasons: [Reason]) -> Judgement {
    if let take, take.map(Optional.some) == outputs.map(\.hash) { return .adoptTake(take) }
    return restored(reasons)
  }

  private func restored(_ reasons: [Reason]) -> Judgement {
    take.map { .restorable(reasons, $0) } ?? .stale(reasons)
  }

  /// Field by field; never empty.
  private func differences(from trace: Trace) -> [Reason] {
    var reasons: [Reason] = []
    if trace.action.hash != action.hash {
      reasons.append(.actionChanged(parameterChanges(from: trace.action)))
    }
    var changes = inputChanges(from: trace)
    if changes.isEmpty && reasons.isEmpty, let first = inputs.first {
      changes = [.init(path: name(first.path), kind: .reordered)]
    }
    if !changes.isEmpty || reasons.isEmpty { reasons.append(.inputChanged(changes)) }
    return reasons
  }

  private func parameterChanges(from old: Action) -> [Reason.ParameterChange] {
    guard old.name == action.name else { return [.init(name: "action", old: old.name, new: action.name)] }
    let names = Set(old.parameters.map(\.name)).union(action.parameters.map(\.name)).sorted()
    let changes = names.compactMap { name -> Reason.ParameterChange? in
      old[name] == action[name] ? nil : .init(name: name, old: old[name], new: action[name])
    }
    // Another order has other takes: that goes without saying.
    let others = changes.filter { $0.name != "take" }
    return others.isEmpty ? changes : others
  }

  private func inputChanges(from trace: Trace) -> [Reason.InputChange] {
    let old = Dictionary(trace.inputs.map { ($0.path, $0.hash) }, uniquingKeysWith: { first, _ in first })
    let new = Dictionary(inputs.map { ($0.path, $0.hash) }, uniquingKeysWith: { first, _ in first })
    var changes: [Reason.InputChange] = []
    for input in inputs where old[input.path] != input.hash {
      changes.append(.init(path: name(input.path), kind: old[input.path] == nil ? .added : .changed))
    }
    for input in trace.inputs where new[input.path] == nil {
      changes.append(.init(path: name(input.path), kind: .removed))
    }
    return changes
  }

  private func name(_ path: UInt64) -> String { inputName(path) ?? "a file" }
}
