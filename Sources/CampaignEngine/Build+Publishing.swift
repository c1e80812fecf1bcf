import CampaignCore
import Glibc

extension Build {
  /// Writes the trace, then renames. A crash between the two is seen by what the trace says it replaced.
  func publish(_ step: StepID, _ product: StepWork.Product) throws(FileError) {
    let work = works[step]!
    let before = cache.trace(evaluation.graph.target(of: step))
    try keepStrangers(step, trace: before, replacedBy: product.files)
    try lock(step, product.report.take)
    var trace = try trace(step, outputs: product.files.map(\.hash), isEdited: false)
    trace.milliseconds =
      product.wasRestored ? before?.milliseconds ?? 0 : UInt32(nearest: product.seconds * 1000)
    trace.cost = product.wasRestored ? before?.cost ?? .zero : product.report.cost
    try cache.record(trace)
    for (index, id) in evaluation.graph.outputs(of: step).enumerated() {
      try move(work.job.staged[index], to: evaluation.graph.path(id))
      guard let stamp = FileStamp.of(state.resolve(evaluation.graph.path(id))) else {
        throw FileError("find", evaluation.graph.path(id))
      }
      let file = product.files[index]
      // Whatever changed it between the hash and here is to be seen.
      let isRacy = file.isRacy || !stamp.isSame(asBeforeMoving: file.stamp)
      try evaluation.note(id, .init(hash: file.hash, stamp: stamp), isRacy: isRacy)
    }
    summary.made += product.wasRestored ? 0 : 1
    summary.restored += product.wasRestored ? 1 : 0
    summary.cost = summary.cost + product.report.cost
    let isChanged = before.map { $0.outputs.map(\.hash) != trace.outputs.map(\.hash) } ?? true
    scheduler.settle(step)
    tell(
      .stepFinished(
        evaluation.label(step),
        StepResult(
          outcome: product.wasRestored ? .restored : .made, seconds: product.seconds,
          cost: product.report.cost,
          notes: product.report.notes, isChanged: isChanged, log: work.log,
          take: try evaluation.take(step))))
  }

  /// Writes down which take the step's output is.
  func lock(_ step: StepID, _ take: Take?) throws(FileError) {
    let before = evaluation.lock
    if let take, let order = try evaluation.offer(step)?.order {
      evaluation.lock.set(take, order: order, for: evaluation.graph.target(of: step))
    } else {
      try evaluation.noteTake(step)
    }
    if evaluation.lock != before { try Files.replaceDurably(state.lockFile, with: evaluation.lock.text) }
  }

  /// A file in the way that this campaign did not make may be someone's work: a copy goes to the store.
  private func keepStrangers(_ step: StepID, trace: Trace?, replacedBy files: [FileHash]) throws(FileError) {
    for (id, file) in zip(evaluation.graph.outputs(of: step), files) {
      let path = evaluation.graph.path(id)
      evaluation.forget(id)
      guard let content = try evaluation.content(id) else { continue }
      let recorded = trace?.outputs.first { $0.path == path }
      guard content.hash != recorded?.hash, content.hash != recorded?.replaced,
        content.hash != file.hash, !evaluation.store.holds(content.hash)
      else { continue }
      try evaluation.store.keep(state.resolve(path), hash: content.hash)
      tell(
        .notice(
          "`\(path)` held something that no step made; it is kept in the store as \(content.hash.short)"))
    }
  }

  private func move(_ staged: String, to path: String) throws(FileError) {
    do throws(FileError) {
      try Files.rename(state.resolve(staged), to: state.resolve(path))
    } catch {
      if error.code == ENOENT, let folder = Files.folder(of: path), !Files.exists(state.resolve(folder)) {
        try Files.makeFolder(state.resolve(folder))
        return try move(staged, to: path)
      }
      guard error.code == EXDEV else { throw error }
      let beside = state.resolve(
        (Files.folder(of: path).map { $0 + "/" } ?? "") + ".\(Files.name(of: path)).new")
      try Files.copy(state.resolve(staged), to: beside)
      try Files.rename(beside, to: state.resolve(path))
    }
  }

  func trace(_ step: StepID, outputs: [ContentHash], isEdited: Bool) throws(FileError) -> Trace {
    var recorded: [Trace.Output] = []
    for (id, hash) in zip(evaluation.graph.outputs(of: step), outputs) {
      recorded.append(
        Trace.Output(path: evaluation.graph.path(id), hash: hash, replaced: try evaluation.content(id)?.hash))
    }
    return Trace(
      key: try evaluation.key(step), action: try evaluation.action(step), outputs: recorded,
      inputs: try evaluation.traceInputs(step), milliseconds: 0, cost: .zero, finished: Int64(time(nil)),
      isEdited: isEdited)
  }

  /// Accepts a person's edit: it is kept in the store, and a build does not overwrite it unasked.
  func adopt(_ step: StepID, _ hashes: [ContentHash], inputsChanged: Bool) throws(FileError) {
    let before = cache.trace(evaluation.graph.target(of: step))
    var trace = try trace(step, outputs: hashes, isEdited: true)
    trace.milliseconds = before?.milliseconds ?? 0
    if inputsChanged, let before {
      kept.insert(step)
      (trace.key, trace.action, trace.inputs) = (before.key, before.action, before.inputs)
    }
    for (id, hash) in zip(evaluation.graph.outputs(of: step), hashes) {
      try evaluation.store.keep(state.resolve(evaluation.graph.path(id)), hash: hash)
    }
    try evaluation.store.recordTake(trace.key, outputs: hashes)
    try cache.record(trace)
    summary.adopted += 1
    scheduler.settle(step)
    tell(.stepFinished(evaluation.label(step), StepResult(outcome: .adopted, seconds: 0)))
  }

  /// Hashes files again that changed in the clock's tick of their hash, so that the next build need not; not if they are
  /// big. A clock that is behind the stamps is not waited for. It only saves time, so it never fails.
  func settleRacy() {
    let racy = evaluation.racy.sorted()
    let stamps = racy.map { evaluation.known($0)?.stamp ?? .unknown }
    guard !racy.isEmpty, stamps.reduce(0, { $0 + $1.size }) < 1 << 30, !summary.isInterrupted else { return }
    // First those whose tick is over; by then it often is for all.
    let now = FileHash.clock()
    evaluation.readAgain(zip(racy, stamps).filter { $1.changed < now }.map(\.0))
    for _ in 0..<24 where FileHash.clock() <= stamps.map(\.changed).max()! { usleep(500) }
    evaluation.readAgain(zip(racy, stamps).filter { $1.changed >= now }.map(\.0))
  }

  // MARK: - The plan cache

  /// Writes down what the next build can start from, if that is not there already.
  func keepPlan() throws(FileError) {
    guard cache.isInStep else { return Files.remove(state.plan) }
    let watched = watched()
    let call = isAllCurrent ? request.call ?? PlanCache.none : PlanCache.none
    if !evaluation.hasNews, !cache.isChanged, let plan = evaluation.plan {
      // Another verdict of the same graph is no reason to forget the one that is kept.
      guard call != PlanCache.none, !plan.vouches(for: call, watched) else { return }
    }
    var draft = evaluation.draft(isSettled: isSettled)
    draft.watched = watched
    draft.header.call = call
    draft.header.current = UInt64(scheduler.states.count { $0 == .settled })
    try draft.write(to: state.plan)
  }

  /// Nothing is left to do, say or wait for.
  private var isAllCurrent: Bool {
    !summary.isIncomplete && summary.inFlight == 0 && kept.isEmpty && unbought.isEmpty
      && evaluation.racy.isEmpty
      && LockFile(text: (try? Files.text(state.lockFile)) ?? "") == evaluation.lock
  }

  /// What vouches for the verdict beside the files of the graph: what the recipe was read from, and our own files.
  private func watched() -> [WatchedFile] {
    request.watched
      + evaluation.memories.map { WatchedFile(path: $0, stamp: .ofAnything(state.resolve($0))) }
  }

  /// Whether a step needs no judging while no file changes. What is bought depends on more.
  private func isSettled(_ step: StepID) -> Bool {
    let wasSettled = evaluation.knownStep(step)?.isSettled == 1
    guard evaluation.graph.step(step).isWanted else { return wasSettled }
    // What was settled before is not paid: its action need not be worked out to know that.
    return scheduler.state(step) == .settled && !kept.contains(step)
      && (wasSettled || !evaluation.graph.action(of: step).isPaid)
  }
}
