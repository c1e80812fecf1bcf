import CPlatform
import CampaignCore
import Glibc

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
  /// What the last build knew, if that speaks of this hash cache.
  let plan: PlanCache?
  private let forced: Forced
  /// As it is to be on disk in the end.
  var lock: LockFile
  /// What paid steps would buy.
  var offers: [StepID: Offer?] = [:]
  /// What each file contains, as far as it was looked at.
  private var contents: [Content] = []
  private var looks: [Look] = []
  /// Files whose content was hashed too soon to trust their stamp.
  private(set) var racy: Set<ArtifactID> = []
  /// For each rule its steps in the plan cache, where they are the same.
  private var knownSteps: [Range<Int32>?] = []
  /// Something is not as the plan cache says.
  private(set) var hasNews: Bool
  /// For each step that was judged and settled, of the contents that it was settled on.
  private var settledSteps: [ContentHash?] = []
  private var scratch: [ContentHash] = []
  let outputLog: OutputLog

  private enum Look: UInt8 {
    case none, missing, present
    /// It was there, and is as the plan cache says.
    case unchanged
  }

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
    graph: consuming Graph, cache: HashCache, state: StateFolder, toolbox: any Toolbox, spending: Spending,
    forced: Forced
  ) throws(FileError) {
    self.graph = graph
    self.cache = cache
    self.state = state
    self.toolbox = toolbox
    self.forced = forced
    self.spending = spending
    lock = try LockFile(path: state.lockFile)
    outputLog = OutputLog(path: state.outputs)
    plan = cache.plan
    hasNews = plan == nil
    if let plan { recall(plan) }
    makeRoom()
  }

  /// Takes from the plan cache what no file belies.
  private func recall(_ plan: PlanCache) {
    looks = plan.changes(root: state.root).map { $0 ? .none : .unchanged }
    contents = Array(repeating: Self.missing, count: looks.count)
    knownSteps = graph.recipe.rules.indices.map { number in
      let rule = graph.recipe.rules[number]
      guard rule.each == nil else { return nil }
      return plan.rule(graph.recipe.fingerprint(ofRule: number, tools: toolbox.fingerprint))?.steps
    }
  }

  // MARK: - Files

  /// What a file contains now: by its stamp if that is known, else by reading it.
  func content(_ id: ArtifactID) throws(FileError) -> Content? {
    switch looks[Int(id.index)] {
    case .missing: return nil
    case .present, .unchanged: return known(id)
    case .none:
      let content = try look(id)
      set(id, content)
      return content
    }
  }

  /// What a file contains, if it was looked at and is there.
  func known(_ id: ArtifactID) -> Content? {
    switch looks[Int(id.index)] {
    case .none, .missing: return nil
    case .present: return contents[Int(id.index)]
    case .unchanged: return plan?.file(id).map { Content(hash: $0.hash, stamp: $0.stamp) }
    }
  }

  private func set(_ id: ArtifactID, _ content: Content?) {
    looks[Int(id.index)] = content == nil ? .missing : .present
    if let content { contents[Int(id.index)] = content }
  }

  /// The graph may have grown.
  private func makeRoom() {
    let count = max(0, graph.artifactCount - looks.count)
    looks += Array(repeating: .none, count: count)
    contents += Array(repeating: Self.missing, count: count)
    settledSteps += Array(repeating: nil, count: graph.steps.count - settledSteps.count)
  }

  private static let missing = Content(hash: .zero, stamp: .nothing)

  /// Looks again next time it is asked.
  func forget(_ id: ArtifactID) { looks[Int(id.index)] = .none }

  /// What is taken for granted: files that a build would bring back from the store.
  private var assumed: [ArtifactID: ContentHash] = [:]

  /// Takes for granted that a file will contain this.
  func assume(_ id: ArtifactID, _ hash: ContentHash) {
    assumed[id] = hash
    set(id, Content(hash: hash, stamp: FileStamp(size: 0, modified: 0, changed: 0, inode: 1)))
  }

  func resolve(_ path: String) -> String { state.resolve(path) }

  /// Where the content of a file can be read, relative to the workspace: in its place, or still in the store.
  func readablePath(_ id: ArtifactID) -> String {
    assumed[id].flatMap { store.holds($0) ? StateFolder.storedObject($0) : nil } ?? graph.path(id)
  }

  /// Notes what a file was just made to contain.
  func note(_ id: ArtifactID, _ content: Content, isRacy: Bool) throws(FileError) {
    set(id, content)
    if isRacy { racy.insert(id) } else { racy.remove(id) }
    try cache.remember(graph.path(id), .init(stamp: content.stamp, hash: content.hash, isRacy: isRacy))
  }

  private func look(_ id: ArtifactID) throws(FileError) -> Content? {
    let path = graph.path(id)
    guard let stamp = FileStamp.of(state.resolve(path)) else { return nil }
    if let hash = cache.content(path, stamp) { return Content(hash: hash, stamp: stamp) }
    let hashed = try FileHash.of(state.resolve(path))
    let content = Content(hash: hashed.hash, stamp: hashed.stamp)
    try note(id, content, isRacy: hashed.isRacy)
    return content
  }

  /// Looks at the sources of all wanted steps, hashing on all cores those whose stamp is not known.
  ///
  /// - Parameter onMuch: told before, when that will be felt.
  func readSources(onMuch: (_ files: Int, _ bytes: Int64) -> Void = { _, _ in }) throws(FileError) {
    var stale: [ArtifactID] = []
    var bytes: Int64 = 0
    for index in graph.steps.indices where graph.steps[index].isWanted {
      for id in graph.inputs(of: StepID(index))
      where looks[Int(id.index)] == .none && graph.producer(of: id) == nil {
        let path = graph.path(id)
        let stamp = FileStamp.of(state.resolve(path))
        if let stamp, let hash = cache.content(path, stamp) {
          set(id, Content(hash: hash, stamp: stamp))
        } else {
          set(id, nil)
          if let stamp {
            stale.append(id)
            bytes += stamp.size
          }
        }
      }
    }
    if bytes > 100_000_000 { onMuch(stale.count, bytes) }
    // More than fits would only push out what others have in memory.
    try hashAll(stale, staysCached: bytes < Self.memory / 2)
  }

  /// Reads files whatever is known of them. One that is another by now stays racy: its stamp vouches for nothing that was
  /// judged by what it was.
  func readAgain(_ ids: [ArtifactID]) {
    let before = ids.map { known($0)?.hash }
    ids.forEach(forget)
    try? hashAll(ids)
    for (id, hash) in zip(ids, before) where hash == nil || known(id)?.hash != hash { racy.insert(id) }
  }

  /// Bytes of this machine's memory.
  private static var memory: Int64 { Int64(sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))) }

  /// Those that are gone are passed over.
  private func hashAll(_ ids: [ArtifactID], staysCached: Bool = true) throws(FileError) {
    let paths = ids.map { state.resolve(graph.path($0)) }
    let results = WorkerPool.map(paths, width: 8) { path in
      Result { () throws(FileError) in try FileHash.of(path, staysCached: staysCached) }
    }
    for (id, result) in zip(ids, results) {
      switch result {
      case .success(let hashed):
        try note(id, Content(hash: hashed.hash, stamp: hashed.stamp), isRacy: hashed.isRacy)
      case .failure(let error): if FileStamp.of(state.resolve(graph.path(id))) != nil { throw error }
      }
    }
    try cache.flush()
  }

  /// Inputs and arrays that are wanted, that nothing makes and that are not there.
  func missingSources() -> [Diagnostic] {
    var mistakes = Mistakes()
    var names = NearbyNames(state)
    var seen: Set<ArtifactID> = []
    for index in graph.steps.indices where graph.steps[index].isWanted {
      let step = StepID(index)
      for (id, role) in zip(graph.inputs(of: step), graph.roles(of: step))
      where looks[Int(id.index)] == .missing && graph.producer(of: id) == nil {
        guard graph.pendingRule(making: graph.path(id)) == nil, seen.insert(id).inserted else { continue }
        let rule = graph.rule(of: step)
        let site = rule.inputSites.indices.contains(Int(role)) ? rule.inputSites[Int(role)] : rule.site
        reportMissing(id, neededBy: graph.target(of: step), at: site, &names, &mistakes)
      }
    }
    for number in graph.pendingEachRules where graph.isWanted(rule: number) {
      let rule = graph.recipe.rules[number]
      guard let id = graph.artifact(rule.each!), graph.producer(of: id) == nil,
        graph.pendingRule(making: rule.each!) == nil, !Files.exists(state.resolve(rule.each!))
      else { continue }
      reportMissing(id, neededBy: rule.outputs[0].description, at: rule.site, &names, &mistakes)
    }
    return mistakes.sorted
  }

  private func reportMissing(
    _ id: ArtifactID, neededBy target: String, at site: Site?, _ names: inout NearbyNames,
    _ mistakes: inout Mistakes
  ) {
    let path = graph.path(id)
    if Files.isFolder(state.resolve(path)) {
      return mistakes.add(
        "E0405", "`\(path)` is a folder, and inputs are files; `\(target)` needs it", at: site,
        help: "name its files, e.g. `\(path)/*`")
    }
    if let kind = Files.kind(state.resolve(path)) {
      return mistakes.add(
        "E0405", "`\(path)` is \(kind.rawValue), and inputs are regular files; `\(target)` needs it",
        at: site,
        help: "put a file there, or name another")
    }
    mistakes.add(
      "E0405", "`\(path)` does not exist and no rule makes it; `\(target)` needs it", at: site,
      help: names.nearest(to: path, in: graph).map { "did you mean `\($0)`?" }
        ?? "put the file there, mend its name, or write a rule that makes it")
  }

  // MARK: - Verdicts

  /// A step as it was in the plan cache; nil when it is another now, or new.
  func knownStep(_ id: StepID) -> PlanCache.Step? {
    let number = graph.ruleNumber(of: id)
    guard let plan, let range = knownSteps[number], let steps = graph.steps(ofRule: number),
      range.count == steps.count
    else { return nil }
    let step = plan.steps[Int(range.lowerBound) + Int(id.index) - steps.lowerBound]
    guard step.actionHash == graph.step(id).actionHash,
      plan.outputs[step.outputs].elementsEqual(graph.outputs(of: id)),
      plan.inputs[step.inputs].elementsEqual(graph.inputs(of: id)),
      plan.roles[step.inputs].elementsEqual(graph.roles(of: id))
    else { return nil }
    return step
  }

  /// Whether a step was once settled on the contents that its files have now: the verdict is the same then.
  ///
  /// Of files that have changed since the plan cache was written the slow way knows more: it judges their steps.
  func isAsBefore(_ id: StepID) -> Bool {
    guard let step = knownStep(id), !isForced(id),
      graph.outputs(of: id).allSatisfy({ looks[Int($0.index)] == .unchanged }),
      graph.inputs(of: id).allSatisfy({ looks[Int($0.index)] == .unchanged })
    else {
      hasNews = true
      return false
    }
    return step.settled != .zero && step.settled == contentsHash(id)
      && (!cache.hasNewTraces || !cache.isNewTrace(graph.target(of: id)))
  }

  /// Notes that a step was judged, and found as it should be, on what its files contain by now. What is bought depends
  /// on more than files.
  func noteSettled(_ id: StepID) {
    if !graph.action(of: id).isPaid { settledSteps[Int(id.index)] = contentsHash(id) }
  }

  /// Of the contents that a step was settled on: in this build, or in one before it.
  func settled(_ id: StepID) -> ContentHash? {
    settledSteps[Int(id.index)] ?? knownStep(id)?.settled
  }

  /// Of what a step's outputs and inputs contain, in order; nil when one is missing.
  private func contentsHash(_ id: StepID) -> ContentHash? {
    scratch.removeAll(keepingCapacity: true)
    for file in graph.outputs(of: id) {
      guard let content = known(file) else { return nil }
      scratch.append(content.hash)
    }
    for file in graph.inputs(of: id) {
      guard let content = known(file) else { return nil }
      scratch.append(content.hash)
    }
    return scratch.withUnsafeBytes { ContentHasher.hash($0) }
  }

  func isRacy(_ id: ArtifactID) -> Bool { racy.contains(id) }

  func judge(_ step: StepID) throws(FileError) -> Judgement {
    let key = try key(step)
    let action = try action(step)
    let outputs = graph.outputs(of: step)
    var evidence = Evidence(
      key: key, action: action, inputs: try traceInputs(step), outputs: [],
      trace: cache.trace(graph.target(of: step)), take: nil,
      isForced: isForced(step), isInFlight: try isInFlight(step),
      owner: { [outputLog] in outputLog.owner(of: $0, holding: $1) },
      damage: { [state, toolbox] in Self.damage(of: state.resolve($0), madeBy: action, toolbox) },
      inputName: { [cache] in cache.path(key: $0) })
    for id in outputs { evidence.outputs.append((graph.path(id), try content(id)?.hash)) }
    if action.isCostly || evidence.trace?.isEdited == true {
      evidence.take = store.take(key).flatMap { action.isCostly || isAdopted($0, of: step) ? $0 : nil }
    }
    return evidence.judge()
  }

  /// Whether one of these outputs of a step is a person's, taken in by a build and not replaced since.
  func isAdopted(_ hashes: [ContentHash], of step: StepID) -> Bool {
    zip(graph.outputPaths(of: step), hashes).contains { isAdopted($1, at: $0) }
  }

  func isAdopted(_ hash: ContentHash, at path: String) -> Bool {
    if case .adopted = outputLog.owner(of: path, holding: hash) { true } else { false }
  }

  /// What is wrong with an output that a step did not make so; nil: it is sound.
  func damage(of path: String, madeBy step: StepID) throws(FileError) -> String? {
    Self.damage(of: state.resolve(path), madeBy: try action(step), toolbox)
  }

  private static func damage(of path: String, madeBy action: Action, _ toolbox: any Toolbox) -> String? {
    FileStamp.of(path)?.size == 0 ? "it is empty" : toolbox.damage(of: path, madeBy: action)
  }

  func isForced(_ step: StepID) -> Bool {
    guard !forced.all else { return true }
    guard !forced.goals.isEmpty else { return false }
    return forced.goals.contains(.all(rule: graph.ruleNumber(of: step)))
      || graph.outputs(of: step).contains { forced.goals.contains(.file(graph.path($0))) }
  }

  // MARK: - Growing

  /// Gives a rule its steps, whose file is settled. Returns their number.
  func expand(_ rule: Int) throws(StepFailure) -> Int {
    let each = graph.recipe.rules[rule].each!
    guard let id = graph.artifact(each) else { preconditionFailure("what is wanted has a number") }
    // It is looked at before it is read, so that an edit meanwhile is seen next time.
    let content: Content?
    do throws(FileError) { content = try self.content(id) } catch { throw StepFailure(error) }
    if let content, let count = try recallSteps(ofRule: rule, content.hash) { return count }
    hasNews = true
    let bytes: [UInt8]
    do throws(FileError) { bytes = try Files.read(state.resolve(readablePath(id))) } catch {
      throw StepFailure(error)
    }
    let array: JSON
    do throws(JSON.ParseError) { array = try JSON.parse(bytes) } catch {
      throw StepFailure(
        "`\(each)` is not valid JSON: \(error)",
        help: graph.producer(of: each) == nil ? "mend it" : "mend it, or make it anew with `--force \(each)`")
    }
    defer { makeRoom() }
    return try graph.expand(rule: rule, array: array).count
  }

  /// Gives a rule the steps that it had, if its array is the same; the array is not even read then.
  private func recallSteps(ofRule number: Int, _ array: ContentHash) throws(StepFailure) -> Int? {
    defer { makeRoom() }
    guard let plan,
      let rule = plan.rule(graph.recipe.fingerprint(ofRule: number, tools: toolbox.fingerprint)),
      rule.array == array, let steps = try graph.expand(rule: number, as: plan, rule.steps)
    else { return nil }
    knownSteps[number] = rule.steps
    return steps.count
  }

  /// Rules that wait for nothing but their expansion: the array is there, and so are the rules it draws from.
  func expandableRules(isSettled: (StepID) -> Bool) -> [Int] {
    graph.pendingEachRules.filter { number in
      let rule = graph.recipe.rules[number]
      guard graph.isWanted(rule: number), graph.knowsWhatIsDrawn(byRule: number) else { return false }
      guard let producer = graph.producer(of: rule.each!) else {
        return graph.pendingRule(making: rule.each!) == nil
      }
      return isSettled(producer)
    }
  }
}
