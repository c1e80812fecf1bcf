import CampaignCore
import CampaignEngine

/// The story of one target: what makes it, from what, down to its sources, and why it is current or not.
package struct Explanation: Sendable {
  package var entry: Plan.Entry
  /// What was asked for, if it is known only once `entry` is made.
  package var later: String?
  /// Every parameter, now and in the last good run.
  package var fields: [Field]
  package var inputs: [Input]
  /// Steps on the way from its sources, nearest first, and those sources.
  package var steps: [Plan.Entry]
  package var sources: [Input]
  /// The last good run, if any.
  package var last: LastRun?
  /// The last build failed to make it, and said so.
  package var failure: Failure?
  /// What was bought for it; nil when nothing is.
  package var takes: Takes?

  package struct Field: Hashable, Sendable {
    package var name: String
    /// Nil: it was not there.
    package var old: String?
    package var new: String?
    package var isChanged: Bool { old != new }
  }

  package struct Input: Sendable {
    package var path: String
    /// First digits of its content hash; nil when missing.
    package var hash: String?
    /// The same in the last good run.
    package var oldHash: String?
    /// All of it, for who can show what was there.
    package var oldContent: ContentHash?
    /// The step that makes it; nil for a source.
    package var maker: Plan.Entry?
    package var change: Change

    package enum Change: String, Sendable {
      case same = "unchanged"
      case changed, added, removed
      /// It was not looked at, or there was no run before.
      case unknown
    }
  }

  package struct Failure: Sendable {
    /// The build's name.
    package var run: String
    package var message: String
  }

  package struct LastRun: Sendable {
    /// Seconds since 1970.
    package var finished: Int64
    package var seconds: Double
    package var cost: Money
    package var wasEdited: Bool
    /// What it made is in the store: to go back costs nothing.
    package var isKept: Bool
  }
}

extension Project {
  /// Why a target is as it is, down to its sources. Reads and hashes files; writes nothing.
  package func explain(_ target: String, _ request: Request) throws(BuildError) -> Explanation {
    let target = FilePath.normal(target)
    var request = request
    request.targets = [target]
    let plan = try plan(request)
    guard let entry = plan.entries.first(where: { $0.outputs.contains(target) }) ?? plan.entries.last else {
      throw .invalid([
        Diagnostic(
          "E0406", "`\(target)` is not known yet: build `\(plan.pending.first?.file ?? target)` first",
          at: nil)
      ])
    }
    let cache = HashCache(path: state.cache, known: PlanCache(path: state.plan))
    let trace = cache.trace(entry.outputs[0])
    let lineage = Lineage(plan, of: entry)
    var names = Dictionary((trace?.inputs ?? []).map { ($0.path, $0.hash) }) { first, _ in first }
    var inputs = entry.inputs.map { path in
      input(path, was: names[PathTable.key(path)], isKnown: trace != nil, lineage, cache)
    }
    for path in entry.inputs { names[PathTable.key(path)] = nil }
    var gone = Explanation.Input.Change.removed
    // Its rule may yet give it again.
    if case .undecided = entry.verdict, !plan.pending.isEmpty { gone = .unknown }
    for (key, hash) in names {
      let path = cache.path(key: key) ?? "a file"
      inputs.append(
        .init(
          path: path, oldHash: hash.short, oldContent: hash, maker: lineage.makers[path], change: gone))
    }
    return Explanation(
      entry: entry, later: plan.pending.isEmpty || entry.outputs.contains(target) ? nil : target,
      fields: Self.fields(trace?.action.parameters, entry.parameters), inputs: inputs,
      steps: lineage.steps,
      sources: lineage.sources.map { input($0, was: nil, isKnown: false, lineage, cache) },
      last: trace.map(lastRun), failure: failure(of: entry),
      takes: entry.order == nil ? nil : try? takes(target))
  }

  private func input(
    _ path: String, was old: ContentHash?, isKnown: Bool, _ lineage: Lineage, _ cache: HashCache
  ) -> Explanation.Input {
    var hash = content(path, cache)
    // What comes back from the store counts as being there.
    if let maker = lineage.makers[path], case .restorable = maker.verdict, maker.outputs[0] == path {
      hash = maker.result
    }
    let change: Explanation.Input.Change =
      !isKnown ? .unknown : old == nil ? .added : old == hash ? .same : .changed
    return Explanation.Input(
      path: path, hash: hash?.short, oldHash: old?.short, oldContent: old, maker: lineage.makers[path],
      change: change)
  }

  /// Nil when it is missing. What has not changed since it was read is not read again.
  private func content(_ path: String, _ cache: HashCache) -> ContentHash? {
    let file = state.resolve(path)
    return FileStamp.of(file).flatMap { cache.content(path, $0) } ?? (try? Files.hash(file))
  }

  private func failure(of entry: Plan.Entry) -> Explanation.Failure? {
    guard entry.verdict != .current, let last = archive.history(limit: 1).first,
      let step = last.steps.first(where: { $0.outcome == "failed" && entry.outputs.contains($0.target) })
    else { return nil }
    return .init(run: last.name.short, message: step.message ?? "")
  }

  private func lastRun(_ trace: Trace) -> Explanation.LastRun {
    let store = Store(folder: state.store)
    return Explanation.LastRun(
      finished: trace.finished, seconds: Double(trace.milliseconds) / 1000, cost: trace.cost,
      wasEdited: trace.isEdited, isKept: store.take(trace.key) != nil)
  }

  private static func fields(_ old: [Parameter]?, _ new: [Parameter]) -> [Explanation.Field] {
    let before = old ?? new
    return Set(before.map(\.name)).union(new.map(\.name)).sorted().flatMap { name in
      field(name, before.first { $0.name == name }?.value, new.first { $0.name == name }?.value)
    }
  }

  /// A list of scenes and the like is told by the fields that changed in it.
  private static func field(_ name: String, _ old: String?, _ new: String?) -> [Explanation.Field] {
    guard let old, let new, let list = ListDifference(from: old, to: new) else {
      return [Explanation.Field(name: name, old: old, new: new)]
    }
    let names = ((try? JSON.parse(Array(new.utf8)))?.array ?? []).compactMap {
      $0["name"]?.string ?? $0["id"]?.string
    }
    let whole = Explanation.Field(
      name: name, old: names.joined(separator: " "), new: names.joined(separator: " "))
    return [whole]
      + list.fields.map { Explanation.Field(name: "\(name).\($0.name)", old: $0.old, new: $0.new) }
  }
}

/// What a step rests on in a plan.
private struct Lineage {
  /// The step that makes each file.
  private(set) var makers: [String: Plan.Entry] = [:]
  private(set) var steps: [Plan.Entry] = []
  private(set) var sources: [String] = []

  init(_ plan: Plan, of entry: Plan.Entry) {
    for entry in plan.entries { for output in entry.outputs { makers[output] = entry } }
    var seen: Set<String> = []
    var taken: Set<[String]> = []
    var queue = entry.inputs
    var next = 0
    while next < queue.count {
      let path = queue[next]
      next += 1
      guard seen.insert(path).inserted else { continue }
      guard let maker = makers[path] else {
        sources.append(path)
        continue
      }
      guard taken.insert(maker.outputs).inserted else { continue }
      steps.append(maker)
      queue += maker.inputs
    }
    sources.sort()
  }
}
