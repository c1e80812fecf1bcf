import CampaignCore
import Glibc

extension Build {
  // MARK: - Starting

  func startQueued() {
    lookForPauses()
    requeueDue()
    while !isStopping, let step = startNext() {
      do throws(FileError) {
        if case .perform = tasks[step]!, evaluation.graph.action(of: step).isPaid,
          let obstacle = try obstacle(step)
        {
          mailbox.post(.finished(step, .failure(obstacle)))
          continue
        }
        let work = try work(step)
        works[step] = work
        if let timeout = evaluation.graph.rule(of: step).manner.timeout {
          vigil.limit(step, to: work.started + Int64(timeout.count) * 1_000_000)
        }
        tell(.stepStarted(evaluation.label(step), reasons: reasons[step] ?? []))
        let task = tasks[step]!
        let isBounded = evaluation.graph.action(of: step).pool == "cpu"
        try workers.run(isBounded: isBounded) { [mailbox] in mailbox.post(.finished(step, work.run(task))) }
      } catch {
        mailbox.post(.finished(step, .failure(StepFailure(error))))
      }
    }
  }

  /// The next step that has a place here, in a pool that is not paused, and among the builds of other campaigns.
  private func startNext() -> StepID? {
    let (paused, batch) = (paused, request.batch)
    return scheduler.start(now: FileHash.now()) { pool, units, width in
      !paused.contains(pool) && batch?.take(units, of: pool, width: width) ?? true
    }
  }

  /// Pools are paused and resumed while a build runs. A look every 10 ms at most: steps may be shorter.
  private func lookForPauses() {
    let time = FileHash.now()
    guard scheduler.queued > 0, time - pausesSeen > 10_000_000 else { return }
    pausesSeen = time
    let now = PausedPools(state)
    for pool in now.names.subtracting(paused.names).sorted() {
      let (what, name) = pool == PausedPools.all ? ("all pools are", "") : ("pool `\(pool)` is", " \(pool)")
      tell(.notice("\(what) paused: nothing more starts there until `campaign resume\(name)`"))
    }
    paused = now
  }

  private func requeueDue() {
    for step in vigil.takeDue(at: FileHash.now()) { queue(step) }
  }

  func queue(_ step: StepID, isUrgent: Bool = false) {
    scheduler.enqueue(
      step, pool: evaluation.graph.action(of: step).pool, manner: evaluation.graph.rule(of: step).manner,
      isUrgent: isUrgent)
  }

  private func work(_ step: StepID) throws(FileError) -> StepWork {
    let slot = freeSlots.popLast() ?? works.count
    let scratch = "\(StateFolder.name)/stage/\(run)/\(slot)"
    let outputs = evaluation.graph.outputPaths(of: step)
    let log = StateFolder.log(of: outputs[0])
    var job = Job(
      action: evaluation.graph.action(of: step), inputs: try evaluation.jobInputs(step), outputs: outputs,
      staged: outputs.enumerated().map { "\(scratch)/\($0.offset)/\(Files.name(of: $0.element))" },
      scratch: scratch,
      log: scheduler.ahead > 0 ? "\(scratch)/\(StepWork.slotLog)" : log, root: state.root,
      pieces: PieceStore(folder: state.pieces),
      spending: evaluation.spending, interrupt: Interrupt()
    ) { [mailbox] fraction, detail in mailbox.post(.progress(step, fraction: fraction, detail: detail)) }
    job.earlier = evaluation.earlier(step)
    job.take = try evaluation.take(step)
    job.wantsNewTake = evaluation.isForced(step)
    job.isReselect = request.reselects
    job.seed = request.seed
    return StepWork(
      step: step, slot: slot, job: job, log: log, filesKey: try evaluation.filesKey(step),
      store: evaluation.store,
      toolbox: toolbox)
  }

  // MARK: - Waiting

  /// Nothing may be running, but something will.
  var isWaiting: Bool { !isStopping && (vigil.hasPauses || scheduler.queued > 0) }

  func waitForWork() throws(FileError) {
    let (messages, caught) = mailbox.wait(signals: signals, milliseconds: patience)
    for signal in caught { stop(signal) }
    escalate()
    for step in vigil.takeLate(at: FileHash.now()) { works[step]?.job.interrupt.end(after: 5) }
    for message in messages {
      switch message {
      case .progress(let step, let fraction, let detail):
        tell(.stepProgress(evaluation.label(step), fraction: fraction, detail: detail))
      case .finished(let step, let result): try finish(step, result)
      case .signal(let number): stop(number)
      case .wake: break
      }
    }
    tick?()
  }

  /// Milliseconds until something is to be done whatever happens; -1: nothing is.
  private var patience: Int32 {
    if tick != nil || !escalation.isEmpty { return 100 }
    if scheduler.queued > 0 && !paused.names.isEmpty { return 200 }
    let now = FileHash.now()
    let next = [vigil.next, scheduler.nextOpening(after: now)].compactMap { $0 }.min()
    return next.map { Int32(clamping: max(0, $0 - now) / 1_000_000 + 1) } ?? -1
  }

  // MARK: - Finishing

  private func finish(_ step: StepID, _ result: Result<StepWork.Product, StepFailure>) throws(FileError) {
    let pool = evaluation.graph.action(of: step).pool
    scheduler.stop(step, pool: pool)
    request.batch?.give(scheduler.units(of: step), of: pool)
    let isLate = vigil.end(step)
    defer {
      if let work = works.removeValue(forKey: step) { freeSlots.append(work.slot) }
    }
    switch result {
    case .failure(let failure) where interrupt.isRaised || failure.kind == .interrupted && !isLate:
      fail(step, .interrupted)
    case .failure(let failure) where failure.kind == .lostCopy:
      tell(.notice("\(failure.message); it is made anew"))
      try judge(step)
    case .failure(let failure):
      let failure = isLate ? lateness(of: step) : failure
      if !retry(step, failure) { fail(step, .failed(failure)) }
    case .success(let product):
      tasks[step] = nil
      if pool == "cpu" { keepAhead(of: product.seconds) }
      do throws(FileError) {
        try publish(step, product)
      } catch { fail(step, .failed(StepFailure(error))) }
    }
  }

  /// Where steps take hardly longer than to be told to start, some more are started, to wait at the workers' door.
  private func keepAhead(of seconds: Double) {
    pace += (seconds - pace) / 8
    scheduler.ahead = pace < 0.005 && request.batch == nil && !usesUnits ? 2 * request.jobs : 0
  }

  private func lateness(of step: StepID) -> StepFailure {
    let limit = evaluation.graph.rule(of: step).manner.timeout.map { " of \($0)" } ?? ""
    guard evaluation.graph.action(of: step).isPaid else {
      return StepFailure(
        "took longer than its `timeout`\(limit)", help: "raise it, or find out what hangs", kind: .timeout)
    }
    return StepFailure(
      "took longer than its `timeout`\(limit); what was ordered goes on at the provider",
      help: "`campaign build` picks it up", kind: .trouble)
  }

  /// Lets a failed step rest before its next try, if its rule grants it one.
  ///
  /// What is paid is tried again only where nothing can have been spent: after trouble with the provider.
  private func retry(_ step: StepID, _ failure: StepFailure) -> Bool {
    let manner = evaluation.graph.rule(of: step).manner
    guard !isStopping, manner.retries > 0, let hitch = failure.hitch, manner.retryOn.contains(hitch),
      hitch == .trouble || !evaluation.graph.action(of: step).isPaid
    else { return false }
    let number = vigil.countFailure(step)
    guard number <= manner.retries else { return false }
    let delay = manner.delay(beforeRetry: number, chance: .random(in: 0...1))
    scheduler.postpone(step)
    vigil.pause(step, until: FileHash.now() + Int64(delay.count) * 1_000_000)
    tell(.stepRetrying(evaluation.label(step), failure, number: number, seconds: delay.seconds))
    return true
  }

  func fail(_ step: StepID, _ outcome: StepResult.Outcome) {
    tasks[step] = nil
    let target = evaluation.graph.target(of: step)
    let work = works[step]
    if !request.keepGoing { isStopping = true }
    let log = work.flatMap { Files.exists(state.resolve($0.log)) ? $0.log : nil }
    let seconds = work.map { Double(FileHash.now() - $0.started) / 1e9 } ?? 0
    tell(.stepFinished(evaluation.label(step), StepResult(outcome: outcome, seconds: seconds, log: log)))
    let lost = scheduler.fail(step)
    summary.skipped += lost.count
    guard case .failed(let failure) = outcome else { return }
    summary.count(failure)
    for step in lost {
      tell(.stepFinished(evaluation.label(step), StepResult(outcome: .skipped(because: target), seconds: 0)))
    }
  }

  // MARK: - Stopping

  private func stop(_ signal: Int32) {
    guard !summary.isInterrupted else { return kill() }
    summary.isInterrupted = true
    isStopping = true
    let isSending = works.values.contains { $0.job.action.isPaid }
    let now = FileHash.now()
    let second: Int64 = 1_000_000_000
    escalation = [(now + (isSending ? 40 : 5) * second, SIGKILL)]
    if !isSending { escalation.insert((now + 2 * second, SIGTERM), at: 0) }
    evaluation.spending.stop()
    raise(signal)
    tell(.interrupted(signal: signal, isFinal: false))
  }

  /// Asks more strongly when it is time. A shell that is just starting a program loses an interrupt, but never SIGTERM.
  private func escalate() {
    guard let (time, signal) = escalation.first, FileHash.now() > time else { return }
    escalation.removeFirst()
    if signal == SIGKILL { kill() } else { raise(signal) }
  }

  private func kill() {
    escalation = []
    raise(SIGKILL)
    tell(.interrupted(signal: SIGKILL, isFinal: true))
  }

  private func raise(_ signal: Int32) {
    interrupt.raise(signal)
    for work in works.values { work.job.interrupt.raise(signal) }
  }
}

extension StepFailure {
  /// The kind of failure that it is, as far as another try may help.
  fileprivate var hitch: Manner.Hitch? {
    switch kind {
    case .failed: .failure
    case .timeout: .timeout
    case .trouble: .trouble
    case .refused, .interrupted, .lostCopy: nil
    }
  }
}
