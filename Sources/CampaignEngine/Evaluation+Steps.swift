import CampaignCore

/// What is to be known of a step from what its files contain, and from its last run.
extension Evaluation {
  // MARK: - Keys

  /// The hash of all that shapes a step's outputs; its inputs must exist.
  func key(_ step: StepID) throws(FileError) -> ContentHash {
    let paid = graph.action(of: step).isPaid
    return Self.key(
      action: paid ? try action(step).hash : graph.step(step).actionHash, files: try filesKey(step))
  }

  static func key(action: ContentHash, files: ContentHash) -> ContentHash {
    var hasher = ContentHasher()
    hasher.append(action)
    hasher.append(files)
    return hasher.finish()
  }

  /// The hash of a step's inputs, and of the names that matter.
  func filesKey(_ step: StepID) throws(FileError) -> ContentHash {
    let action = graph.action(of: step)
    var hasher = ContentHasher()
    for (id, role) in zip(graph.inputs(of: step), graph.roles(of: step)) {
      hasher.append(UInt64(role))
      if action.seesNames { hasher.append(graph.path(id)) }
      if let content = try content(id) { hasher.append(content.hash) }
    }
    for id in graph.outputs(of: step) {
      hasher.append(action.seesNames ? graph.path(id) : Self.fileExtension(graph.path(id)))
    }
    return hasher.finish()
  }

  /// The kind of an output is in its extension, which an action may go by.
  private static func fileExtension(_ path: String) -> String {
    path.lastIndex(of: ".").map { String(path[$0...]) } ?? ""
  }

  func traceInputs(_ step: StepID) throws(FileError) -> [Trace.Input] {
    var inputs: [Trace.Input] = []
    for id in graph.inputs(of: step) {
      guard let content = try content(id) else { continue }
      inputs.append(Trace.Input(path: PathTable.key(graph.path(id)), hash: content.hash))
    }
    return inputs
  }

  /// What a step's outputs contain now; all of them exist.
  func outputHashes(_ step: StepID) throws(FileError) -> [ContentHash] {
    var hashes: [ContentHash] = []
    for id in graph.outputs(of: step) {
      guard let content = try content(id) else { throw FileError("read", graph.path(id), code: 2) }
      hashes.append(content.hash)
    }
    return hashes
  }

  // MARK: - Times and names

  /// Seconds that a step took last time; nil when it has not run.
  func usual(_ step: StepID) -> Double? {
    if !cache.hasNewTraces, let known = knownStep(step), known.trace != 0 {
      return Double(known.milliseconds) / 1000
    }
    return cache.milliseconds(graph.target(of: step)).map { Double($0) / 1000 }
  }

  /// For each step, the seconds to expect; of one that never ran the mean of those that did, or a second.
  func durations() -> [Double] {
    let usual = graph.steps.indices.map { self.usual(StepID($0)) }
    let known = usual.compactMap { $0 }
    let mean = known.isEmpty ? 1 : known.reduce(0, +) / Double(known.count)
    return usual.map { $0 ?? mean }
  }

  func label(_ step: StepID) -> StepLabel {
    let action = graph.action(of: step)
    return StepLabel(
      id: step, target: graph.target(of: step), action: action.name, pool: action.pool, usual: usual(step),
      site: graph.rule(of: step).site)
  }
}
