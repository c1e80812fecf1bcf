import CPlatform
import CampaignCore
import Glibc

/// Brings targets up to date: the one place that acts on what graph, judgement and scheduler decide.
///
/// A loop on one thread: judge what is ready, start what has a place, publish what is done. Starting is recovering:
/// whatever a dead build left is swept away, and what it had published or kept counts.
package final class Build {
  let evaluation: Evaluation
  var scheduler: Scheduler
  let cache: HashCache
  let state: StateFolder
  let request: BuildRequest
  let toolbox: any Toolbox
  private let record: (Event) -> Void
  let tick: (() -> Void)?
  let run: String
  private let start: Int64

  let workers: WorkerPool
  /// Seconds that the latest steps of the `cpu` pool took, a running mean; it decides how far to start ahead.
  var pace = 1.0
  /// Some steps take more than one place.
  let usesUnits: Bool
  let mailbox: Mailbox
  let signals: Int32
  let interrupt = Interrupt()
  /// What runs, or waits for a place, is to do.
  var tasks: [StepID: StepWork.Task] = [:]
  var reasons: [StepID: [Reason]] = [:]
  var works: [StepID: StepWork] = [:]
  var vigil = Vigil()
  var paused = PausedPools()
  /// When they were last looked at.
  var pausesSeen: Int64 = 0
  /// Scratch folders are used again: making and removing folders costs more than a trivial step.
  var freeSlots: [Int] = []
  var summary = Summary()
  /// Steps whose outputs a person edited, and whose inputs have changed since.
  var kept: Set<StepID> = []
  /// Stale steps that wait for an approval, by what is to be approved.
  var held: [String: [StepID]] = [:]
  /// Targets that were not bought because nothing was to be.
  var unbought: [String] = []
  /// How many results of each model this build is to buy.
  var expected: [String: Int] = [:]
  /// No new step starts: something failed without `-k`, or a signal came.
  var isStopping = false
  /// The priorities are those of the graph as it is.
  private var isRanked = false
  /// The graph has grown since the last forecast.
  var isForecastDue = false
  /// What else to send, and when, to what still runs after a signal; a request that is being sent is given time to end.
  var escalation: [(time: Int64, signal: Int32)] = []

  /// Runs a build to its end. `record` gets each event in order, `tick` a call about every 100 ms, both on this thread.
  package static func run(
    _ recipe: Recipe, toolbox: any Toolbox, state: StateFolder, request: BuildRequest, name run: String,
    tick: (() -> Void)? = nil, record: @escaping (Event) -> Void
  ) throws(EngineError) -> Summary {
    let start = FileHash.now()
    // In a batch it is the batch that hears signals.
    let signals = request.batch == nil ? campaign_signal_pipe() : -1
    let lock: WorkspaceLock
    let cache: HashCache
    do throws(FileError) {
      try Files.makeFolder(state.path)
      lock = try WorkspaceLock(path: state.lock)
    } catch { throw .file(error) }
    guard
      try lock.wait(
        for: run, isAllowed: request.waitsForLock, signals: signals,
        isStopped: { request.batch?.isStopped ?? false },
        onWait: { owner in
          record(Event(time: FileHash.now() - start, kind: .waiting(owner: owner)))
        })
    else {
      var summary = Summary()
      summary.isInterrupted = true
      return summary
    }
    defer { lock.release() }
    cache = HashCache(path: state.cache, known: PlanCache(path: state.plan))
    do throws(FileError) { try cache.openForWriting() } catch { throw .file(error) }
    let evaluation = try Evaluation.open(
      recipe, toolbox: toolbox, state: state, cache: cache, request: request, run: run
    ) { files, bytes in
      record(Event(time: FileHash.now() - start, kind: .reading(files: files, bytes: bytes)))
    }
    do throws(FileError) {
      // What was read is known next time, whatever ends this build.
      defer { try? cache.flush() }
      let build = Build(
        evaluation, cache: cache, state: state, request: request, toolbox: toolbox, pools: recipe.pools,
        run: run,
        start: start, signals: signals, mailbox: try Mailbox(), tick: tick, record: record)
      return try build.toTheEnd()
    } catch { throw .file(error) }
  }

  private init(
    _ evaluation: Evaluation, cache: HashCache, state: StateFolder, request: BuildRequest,
    toolbox: any Toolbox,
    pools: [String: Recipe.Pool], run: String, start: Int64, signals: Int32, mailbox: Mailbox,
    tick: (() -> Void)?,
    record: @escaping (Event) -> Void
  ) {
    self.evaluation = evaluation
    self.cache = cache
    self.state = state
    self.request = request
    self.toolbox = toolbox
    self.run = run
    self.start = start
    self.signals = signals
    self.mailbox = mailbox
    self.tick = tick
    self.record = record
    workers = WorkerPool(width: pools["cpu"]?.width ?? request.jobs)
    usesUnits = evaluation.graph.recipe.rules.contains { $0.manner.units != 1 }
    scheduler = Scheduler(
      pools: pools, defaultWidth: request.jobs, remoteWidth: max(request.jobs, request.remoteJobs))
  }

  // MARK: - The loop

  private func toTheEnd() throws(FileError) -> Summary {
    Files.remove(state.stage)
    try openOutputLog()
    tell(.runStarted(run: run, targets: request.goals.map { evaluation.graph.description(of: $0) }))
    tellDoubts()
    grow()
    request.batch?.join(mailbox)
    repeat {
      try judgeReady()
      startQueued()
      guard scheduler.running > 0 || isWaiting else { break }
      try waitForWork()
    } while true
    request.batch?.leave(mailbox)
    for step in vigil.giveUp() { fail(step, .interrupted) }
    skipTheRest()
    tellGates()
    collectTheRest()
    settleRacy()
    workers.close()
    Files.remove(state.stage)
    closeBooks()
    summary.seconds = seconds
    tell(.runFinished(summary))
    return summary
  }

  private func openOutputLog() throws(FileError) {
    let isNew = !Files.exists(state.outputs)
    try evaluation.outputLog.openForWriting { try? Files.hash(state.resolve($0)) }
    guard isNew else { return }
    // Versions before this log knew of edits by the cache alone.
    var edits: [Trace] = []
    cache.forEachTrace { if $0.isEdited { edits.append($0) } }
    for trace in edits { try recordEdit(trace) }
  }

  private func judgeReady() throws(FileError) {
    repeat {
      while !isStopping, let step = scheduler.nextReady() { try judge(step) }
    } while !isStopping && expand()
    if isForecastDue && !tasks.isEmpty { tellForecast() }
  }

  func judge(_ step: StepID) throws(FileError) {
    if evaluation.isAsBefore(step) && request.adopted.isEmpty {
      summary.current += 1
      return scheduler.settle(step)
    }
    if request.adopted.contains(evaluation.graph.target(of: step)) {
      return try adopt(step, try evaluation.outputHashes(step), madeFor: nil)
    }
    switch try evaluation.judge(step) {
    case .current: try settleCurrent(step)
    case .kept:
      kept.insert(step)
      let target = evaluation.graph.target(of: step)
      tell(
        .notice(
          "`\(target)` was edited by hand and stays, although what it is made from has changed; `campaign build --force \(target)` makes it anew"
        ))
      try settleCurrent(step)
    case .adoptTake(let hashes):
      try cache.record(try trace(step, outputs: hashes, isEdited: false))
      try settleCurrent(step)
    case .edited(_, let hashes, let key): try adopt(step, hashes, madeFor: key)
    case .stale(let reasons): try enqueue(step, .perform, reasons)
    case .restorable(let reasons, let hashes): try enqueue(step, .restore(hashes), reasons)
    }
  }

  private func settleCurrent(_ step: StepID) throws(FileError) {
    if evaluation.graph.action(of: step).isPaid { try lock(step, nil) }
    summary.current += 1
    settle(step)
  }

  /// It is as it should be, on what its files contain by now.
  func settle(_ step: StepID) {
    if !kept.contains(step) { evaluation.noteSettled(step) }
    scheduler.settle(step)
  }

  private func enqueue(_ step: StepID, _ task: StepWork.Task, _ reasons: [Reason]) throws(FileError) {
    let gates = try evaluation.gates(step)
    guard gates.isEmpty else { return hold(step, for: gates) }
    if request.holdsPurchases, case .perform = task, try holdPurchase(step) { return }
    tasks[step] = task
    self.reasons[step] = reasons
    rank()
    var isUrgent = false
    if case .perform = task, evaluation.graph.action(of: step).isPaid { isUrgent = try foresee(step) }
    queue(step, isUrgent: isUrgent)
  }

  /// Gives rules their steps whose array is up to date.
  private func expand() -> Bool {
    let rules = evaluation.expandableRules { scheduler.state($0) == .settled }
    for rule in rules {
      do throws(StepFailure) {
        let count = try evaluation.expand(rule)
        if !tasks.isEmpty || summary.made > 0 {
          tell(.grew(file: evaluation.graph.recipe.rules[rule].each!, count: count))
        }
      } catch {
        // Some of its steps may be there; none is wanted.
        grow()
        failExpansion(of: rule, error)
        return false
      }
    }
    if !rules.isEmpty { grow() }
    return !rules.isEmpty
  }

  private func failExpansion(of rule: Int, _ failure: StepFailure) {
    let pattern = evaluation.graph.recipe.rules[rule].outputs[0].description
    let label = StepLabel(
      id: StepID(-1), target: pattern, action: evaluation.graph.recipe.rules[rule].action, pool: "cpu",
      usual: nil, site: evaluation.graph.recipe.rules[rule].site)
    summary.failed += 1
    isStopping = true
    tell(.stepFinished(label, StepResult(outcome: .failed(failure), seconds: 0)))
  }

  private func grow() {
    scheduler.update(from: evaluation.graph)
    isRanked = false
    isForecastDue = true
  }

  /// Priorities are worth their price only once something has to run.
  private func rank() {
    guard !isRanked else { return }
    let durations = evaluation.durations()
    scheduler.rank(evaluation.graph) { durations[Int($0.index)] }
    isRanked = true
  }

  // MARK: - Ending

  /// What is left when nothing runs was stopped, or waits for itself.
  private func skipTheRest() {
    let left = evaluation.graph.steps.indices.map { StepID($0) }.filter { step in
      evaluation.graph.step(step).isWanted && ![.settled, .failed].contains(scheduler.state(step))
    }
    guard !left.isEmpty else { return }
    if !held.isEmpty || !unbought.isEmpty {
      summary.awaiting = left.count
    } else if isStopping || summary.failed > 0 {
      summary.skipped += left.count
    } else {
      let names = left.prefix(5).map { "`\(evaluation.graph.target(of: $0))`" }.joined(separator: ", ")
      fail(left[0], .failed(StepFailure("these targets wait for each other: \(names)")))
    }
  }

  // MARK: - Telling

  private var seconds: Double { Double(FileHash.now() - start) / 1e9 }

  func tell(_ kind: Event.Kind) { record(Event(time: FileHash.now() - start, kind: kind)) }
}

extension Graph {
  /// A goal as the user would name it.
  fileprivate func description(of goal: Goal) -> String {
    switch goal {
    case .file(let path): path
    case .all(let rule): recipe.rules[rule].outputs[0].description
    }
  }
}
