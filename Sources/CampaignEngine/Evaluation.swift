import CampaignCore
import CPlatform

/// A graph held against the disk: what files contain, and the verdict on each step. Plans and builds share it.
///
/// Reads and hashes; writes nothing but the hash cache. Used by one thread.
final class Evaluation {
  private(set) var graph: Graph
  let cache: HashCache
  let spending: Spending
  var store: Store { spending.store }
  let state: StateFolder
  let toolbox: any Toolbox
  private let forced: Forced
  /// As it is to be on disk in the end.
  var lock: LockFile
  /// What paid steps would buy.
  var offers: [StepID: Offer?] = [:]
  /// What each file contains; nil: missing. Not there: not looked at yet.
  private var contents: [ArtifactID: Content] = [:]

  struct Content: Hashable {
    var hash: ContentHash
    var stamp: FileStamp
  }

  /// Steps to make anew although they are current.
  struct Forced {
    var goals: Set<Graph.Goal> = []
    var all = false
  }

  init(
    graph: Graph, cache: HashCache, state: StateFolder, toolbox: any Toolbox, spending: Spending,
    forced: Forced
  ) {
    self.graph = graph
    self.cache = cache
    self.state = state
    self.toolbox = toolbox
    self.forced = forced
    self.spending = spending
    lock = LockFile(text: (try? Files.text(state.lockFile)) ?? "")
  }

  // MARK: - Files

  /// What a file contains now: by its stamp if that is known, else by reading it.
  func content(_ id: ArtifactID) throws(FileError) -> Content? {
    if let known = contents[id] { return known.stamp.inode == 0 ? nil : known }
    let content = try look(graph.path(id))
    contents[id] = content ?? Self.missing
    return content
  }

  private static let missing = Content(
    hash: ContentHash(high: 0, low: 0), stamp: FileStamp(size: 0, modified: 0, changed: 0, inode: 0))

  /// Looks again next time it is asked.
  func forget(_ id: ArtifactID) { contents[id] = nil }

  /// What is taken for granted: files that a build would bring back from the store.
  private var assumed: [ArtifactID: ContentHash] = [:]

  /// Takes for granted that a file will contain this.
  func assume(_ id: ArtifactID, _ hash: ContentHash) {
    assumed[id] = hash
    contents[id] = Content(hash: hash, stamp: FileStamp(size: 0, modified: 0, changed: 0, inode: 1))
  }

  func resolve(_ path: String) -> String { state.resolve(path) }

  /// Where the content of a file can be read, relative to the workspace: in its place, or still in the store.
  func readablePath(_ id: ArtifactID) -> String {
    assumed[id].flatMap { store.holds($0) ? StateFolder.storedObject($0) : nil } ?? graph.path(id)
  }

  /// Notes what a file was just made to contain.
  func note(_ id: ArtifactID, _ content: Content, isRacy: Bool) throws(FileError) {
    contents[id] = content
    try cache.remember(graph.path(id), .init(stamp: content.stamp, hash: content.hash, isRacy: isRacy))
  }

  private func look(_ path: String) throws(FileError) -> Content? {
    guard let stamp = FileStamp.of(state.resolve(path)) else { return nil }
    if let record = cache.file(path), record.stamp == stamp, !record.isRacy {
      return Content(hash: record.hash, stamp: stamp)
    }
    let hashed = try FileHash.of(state.resolve(path))
    try cache.remember(path, .init(stamp: hashed.stamp, hash: hashed.hash, isRacy: hashed.isRacy))
    return Content(hash: hashed.hash, stamp: hashed.stamp)
  }

  /// Looks at the sources of all wanted steps, hashing on all cores those whose stamp is not known.
  ///
  /// - Parameter onMuch: told before, when that will be felt.
  func readSources(onMuch: (_ files: Int, _ bytes: Int64) -> Void = { _, _ in }) throws(FileError) {
    var stale: [ArtifactID] = []
    var bytes: Int64 = 0
    for index in graph.steps.indices where graph.steps[index].isWanted {
      for id in graph.inputs(of: StepID(index)) where graph.producer(of: id) == nil && contents[id] == nil {
        let path = graph.path(id)
        let stamp = FileStamp.of(state.resolve(path))
        if let stamp, let record = cache.file(path), record.stamp == stamp, !record.isRacy {
          contents[id] = Content(hash: record.hash, stamp: stamp)
        } else {
          contents[id] = Self.missing
          if let stamp {
            stale.append(id)
            bytes += stamp.size
          }
        }
      }
    }
    if bytes > 100_000_000 { onMuch(stale.count, bytes) }
    try hashAll(stale)
  }

  private func hashAll(_ ids: [ArtifactID]) throws(FileError) {
    let paths = ids.map { state.resolve(graph.path($0)) }
    let results = Guarded([Result<FileHash, FileError>?](repeating: nil, count: ids.count))
    WorkerPool.forEach(ids.count, width: 8) { index in
      let result: Result<FileHash, FileError>
      do throws(FileError) { result = .success(try FileHash.of(paths[index])) } catch {
        result = .failure(error)
      }
      results.withLock { $0[index] = result }
    }
    for (id, result) in zip(ids, results.withLock { $0 }) {
      guard let hashed = try result?.get() else { continue }
      try note(id, Content(hash: hashed.hash, stamp: hashed.stamp), isRacy: hashed.isRacy)
    }
  }

  /// Inputs and arrays that are wanted, that nothing makes and that are not there.
  func missingSources() -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    var seen: Set<ArtifactID> = []
    for index in graph.steps.indices where graph.steps[index].isWanted {
      let step = StepID(index)
      for (id, role) in zip(graph.inputs(of: step), graph.roles(of: step))
      where graph.producer(of: id) == nil && contents[id] == Self.missing {
        guard graph.pendingRule(making: graph.path(id)) == nil, seen.insert(id).inserted else { continue }
        let rule = graph.rule(of: step)
        let site = rule.inputSites.indices.contains(Int(role)) ? rule.inputSites[Int(role)] : rule.site
        diagnostics.append(missing(id, neededBy: graph.target(of: step), at: site))
      }
    }
    for number in graph.pendingEachRules where graph.isWanted(rule: number) {
      let rule = graph.recipe.rules[number]
      guard let id = graph.artifact(rule.each!), graph.producer(of: id) == nil,
        graph.pendingRule(making: rule.each!) == nil, !Files.exists(state.resolve(rule.each!))
      else { continue }
      diagnostics.append(missing(id, neededBy: rule.outputs[0].description, at: rule.site))
    }
    return diagnostics
  }

  private func missing(_ id: ArtifactID, neededBy target: String, at site: Site?) -> Diagnostic {
    let path = graph.path(id)
    if Files.isFolder(state.resolve(path)) {
      return Diagnostic(
        "E0405", "`\(path)` is a folder, and inputs are files; `\(target)` needs it", at: site,
        help: "name its files, e.g. `\(path)/*`")
    }
    let outputs = graph.steps.indices.flatMap { graph.outputs(of: StepID($0)).map(graph.path) }
    let folder = Files.folder(of: path)
    let beside = Files.names(in: state.resolve(folder ?? ".")).sorted().map {
      (folder.map { $0 + "/" } ?? "") + $0
    }
    return Diagnostic(
      "E0405", "`\(path)` does not exist and no rule makes it; `\(target)` needs it", at: site,
      help: suggestion(for: path, among: outputs + beside).map { "did you mean `\($0)`?" }
        ?? "put the file there, mend its name, or write a rule that makes it")
  }

  // MARK: - Verdicts

  /// The hash of all that shapes a step's outputs; its inputs must exist.
  func key(_ step: StepID) throws(FileError) -> ContentHash {
    let paid = graph.step(step).action.isPaid
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
    let action = graph.step(step).action
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

  func judge(_ step: StepID) throws(FileError) -> Judgement {
    let key = try key(step)
    let action = try action(step)
    let outputs = graph.outputs(of: step)
    var evidence = Evidence(
      key: key, action: action, inputs: try traceInputs(step), outputs: [],
      trace: cache.trace(graph.target(of: step)), take: nil,
      isForced: isForced(step), isInFlight: try isInFlight(step),
      damage: { [state, toolbox] path in
        FileStamp.of(state.resolve(path))?.size == 0
          ? "it is empty" : toolbox.damage(of: state.resolve(path), madeBy: action)
      },
      inputName: { [cache] in cache.path(key: $0) })
    for id in outputs { evidence.outputs.append((graph.path(id), try content(id)?.hash)) }
    if action.isCostly || evidence.trace?.isEdited == true { evidence.take = store.take(key) }
    return evidence.judge()
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

  private func isInFlight(_ step: StepID) throws(FileError) -> Bool {
    guard let order = try offer(step)?.order else { return false }
    return spending.ledger.open(order) != nil
  }

  func isForced(_ step: StepID) -> Bool {
    guard !forced.all else { return true }
    guard !forced.goals.isEmpty else { return false }
    return forced.goals.contains(.all(rule: graph.step(step).rule))
      || graph.outputs(of: step).contains { forced.goals.contains(.file(graph.path($0))) }
  }

  func traceInputs(_ step: StepID) throws(FileError) -> [Trace.Input] {
    var inputs: [Trace.Input] = []
    for id in graph.inputs(of: step) {
      guard let content = try content(id) else { continue }
      inputs.append(Trace.Input(path: PathTable.key(graph.path(id)), hash: content.hash))
    }
    return inputs
  }

  /// Seconds that a step took last time; nil when it has not run.
  func usual(_ step: StepID) -> Double? {
    cache.milliseconds(graph.target(of: step)).map { Double($0) / 1000 }
  }

  /// What to expect of a step that never ran: the mean of those that did, or a second.
  func usualSeconds() -> Double {
    let known = graph.steps.indices.compactMap { usual(StepID($0)) }
    return known.isEmpty ? 1 : known.reduce(0, +) / Double(known.count)
  }

  func label(_ step: StepID) -> StepLabel {
    StepLabel(
      id: step, target: graph.target(of: step), action: graph.step(step).action.name,
      pool: graph.step(step).action.pool, usual: usual(step), site: graph.rule(of: step).site)
  }

  // MARK: - Growing

  /// Expands the wanted rules whose file is settled. Returns the number of new steps.
  func expand(_ rule: Int) throws(StepFailure) -> Int {
    let each = graph.recipe.rules[rule].each!
    let bytes: [UInt8]
    let path = graph.artifact(each).map(readablePath) ?? each
    do throws(FileError) { bytes = try Files.read(state.resolve(path)) } catch { throw StepFailure(error) }
    let array: JSON
    do throws(JSON.ParseError) { array = try JSON.parse(bytes) } catch {
      throw StepFailure(
        "`\(each)` is not valid JSON: \(error)", help: "mend it, or make it anew with `--force \(each)`")
    }
    return try graph.expand(rule: rule, array: array).count
  }

  /// Rules that wait for nothing but their expansion: the array is there, and so are the rules it draws from.
  func expandableRules(isSettled: (StepID) -> Bool) -> [Int] {
    graph.pendingEachRules.filter { number in
      let rule = graph.recipe.rules[number]
      guard graph.isWanted(rule: number) else { return false }
      for case .all(let other, _) in rule.inputs where graph.steps(ofRule: other) == nil { return false }
      guard let producer = graph.artifact(rule.each!).flatMap(graph.producer(of:)) else {
        return graph.pendingRule(making: rule.each!) == nil
      }
      return isSettled(producer)
    }
  }
}
