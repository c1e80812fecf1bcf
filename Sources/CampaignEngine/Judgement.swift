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
  /// A person changed outputs; with what they are now, and the key of the step when that was, if it is another by now.
  case edited([Reason], [ContentHash], madeFor: ContentHash?)
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
  /// Whose the content of an output is that is not what was recorded.
  var owner: (_ path: String, _ hash: ContentHash) -> OutputLog.Owner
  /// What is wrong with such an output; nil: it is sound.
  var damage: (String) -> String?
  /// The path behind a checksum, to name inputs that are gone.
  var inputName: (UInt64) -> String?

  func judge() -> Judgement {
    if isInFlight { return .stale([.takeInFlight]) }
    if isForced { return .stale([.forced]) }
    let trace = trace.flatMap { $0.outputs.map(\.path) == outputs.map(\.path) ? $0 : nil }
    let changes = trace.map { key == $0.key ? [] : differences(from: $0) } ?? [.neverBuilt]
    let findings = findings(trace)
    let faults = findings.faults + (findings.adoptedFor == nil ? findings.outdated : [])
    let present = outputs.compactMap(\.hash)
    if faults.isEmpty && present.count == outputs.count {
      if !findings.edits.isEmpty {
        let before = findings.adoptedFor ?? trace?.key
        return .edited(findings.edits, present, madeFor: before == key ? nil : before)
      }
      if changes.isEmpty { return .current }
      if trace?.isEdited == true { return .kept }
      if trace == nil, let take, take == present { return .adoptTake(take) }
    }
    return restored(changes + faults)
  }

  /// What is to be said of outputs that are not as recorded.
  private struct Findings {
    /// Why they cannot stay.
    var faults: [Reason] = []
    /// What steps made last, whatever the trace says: it stays beside an edit that was taken in together with it.
    var outdated: [Reason] = []
    /// A person's work, which stays.
    var edits: [Reason] = []
    /// The key of the step when a build took such an edit in.
    var adoptedFor: ContentHash?
  }

  private func findings(_ trace: Trace?) -> Findings {
    var findings = Findings()
    for (index, output) in outputs.enumerated() where output.hash != trace?.outputs[index].hash {
      guard let hash = output.hash else {
        findings.faults.append(.outputMissing(output.path))
        continue
      }
      let owner = owner(output.path, hash)
      switch owner {
      // Its trace was lost, or it was never replaced.
      case .step: if trace != nil { findings.outdated.append(.outputOutdated(output.path)) }
      case .nobody where trace == nil: break
      case .nobody, .person, .adopted:
        if let problem = damage(output.path) {
          findings.faults.append(.outputDamaged(output.path, problem))
        } else {
          findings.edits.append(.outputEdited(output.path))
        }
      }
      if case .adopted(let key) = owner { findings.adoptedFor = key }
    }
    return findings
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
