import CampaignCore
import Glibc

extension Build {
  /// Writes down what is to stand there and whose it is, then renames: our own half-published step is never mistaken for
  /// a person's edit.
  func publish(_ step: StepID, _ product: StepWork.Product) throws(FileError) {
    let work = works[step]!
    let before = cache.trace(evaluation.graph.target(of: step))
    let edits = try edits(of: step, trace: before, replacedBy: product.files)
    guard edits.isEmpty else { return try publish(step, product, around: edits) }
    try keepStrangers(step, trace: before, replacedBy: product.files)
    try lock(step, product.report.take)
    // An edit that comes back from the store is still an edit.
    let isEdited = product.wasRestored && evaluation.isAdopted(product.files.map(\.hash), of: step)
    var trace = try trace(step, outputs: product.files.map(\.hash), isEdited: isEdited)
    trace.milliseconds =
      product.wasRestored ? before?.milliseconds ?? 0 : UInt32(nearest: product.seconds * 1000)
    trace.cost = product.wasRestored ? before?.cost ?? .zero : product.report.cost
    try cache.record(trace)
    try move(Array(product.files.indices), of: product.files, step, key: trace.key, isEdited: isEdited)
    summary.made += product.wasRestored ? 0 : 1
    summary.restored += product.wasRestored ? 1 : 0
    let isChanged = before.map { $0.outputs.map(\.hash) != trace.outputs.map(\.hash) } ?? true
    settle(step)
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

  /// Which outputs of a step are a person's by now, and stay: it ran for the others, or they were changed meanwhile.
  private func edits(of step: StepID, trace: Trace?, replacedBy files: [FileHash]) throws(FileError) -> [Int]
  {
    var edits: [Int] = []
    for (index, id) in evaluation.graph.outputs(of: step).enumerated() {
      evaluation.forget(id)
      guard let hash = try evaluation.content(id)?.hash, hash != files[index].hash else { continue }
      let path = evaluation.graph.path(id)
      let isRecorded = hash == trace?.outputs.first { $0.path == path }?.hash
      guard !evaluation.isForced(step), !isRecorded || trace?.isEdited == true,
        evaluation.outputLog.owner(of: path, holding: hash).isPerson,
        try evaluation.damage(of: path, madeBy: step) == nil
      else { continue }
      edits.append(index)
    }
    return edits
  }

  /// Publishes what a step made but for outputs that are a person's: those are taken in.
  private func publish(_ step: StepID, _ product: StepWork.Product, around edits: [Int]) throws(FileError) {
    let rest = product.files.indices.filter { !edits.contains($0) }
    try move(rest, of: product.files, step, key: try evaluation.key(step), isEdited: false)
    for index in edits {
      let path = evaluation.graph.outputPaths(of: step)[index]
      tell(.notice("`\(path)` was edited by hand and stays; `campaign build --force \(path)` makes it anew"))
    }
    summary.cost = summary.cost + product.report.cost
    try adopt(step, try evaluation.outputHashes(step), madeFor: nil)
  }

  /// A file in the way that this campaign did not make may be someone's work: a copy goes to the store.
  private func keepStrangers(_ step: StepID, trace: Trace?, replacedBy files: [FileHash]) throws(FileError) {
    for (id, file) in zip(evaluation.graph.outputs(of: step), files) {
      let path = evaluation.graph.path(id)
      guard let content = try evaluation.content(id) else { continue }
      let recorded = trace?.outputs.first { $0.path == path }
      guard content.hash != recorded?.hash, content.hash != file.hash, !evaluation.store.holds(content.hash),
        evaluation.outputLog.owner(of: path, holding: content.hash) != .step
      else { continue }
      try evaluation.store.keep(state.resolve(path), hash: content.hash)
      tell(
        .notice(
          "`\(path)` held something that no step made; it is kept in the store as \(content.hash.short)"))
    }
  }

  /// Renames staged outputs, by their numbers, to their places.
  private func move(_ indices: [Int], of files: [FileHash], _ step: StepID, key: ContentHash, isEdited: Bool)
    throws(FileError)
  {
    let ids = Array(evaluation.graph.outputs(of: step))
    let outputs = indices.map { index in
      OutputLog.Output(
        path: evaluation.graph.path(ids[index]), hash: files[index].hash,
        replaced: evaluation.known(ids[index])?.hash,
        isEdited: isEdited && evaluation.isAdopted(files[index].hash, at: evaluation.graph.path(ids[index])))
    }
    try evaluation.outputLog.record(outputs, key: key)
    for (output, index) in zip(outputs, indices) {
      do throws(FileError) { try move(works[step]!.job.staged[index], to: output.path) } catch {
        // This one and those behind it stay what they were.
        let left = outputs.drop { $0.path != output.path }.map {
          OutputLog.Output(path: $0.path, hash: $0.replaced ?? $0.hash)
        }
        try evaluation.outputLog.record(left, key: .zero)
        throw error
      }
      guard let stamp = FileStamp.of(state.resolve(output.path)) else { throw FileError("find", output.path) }
      // Whatever changed it between the hash and here is to be seen.
      let isRacy = files[index].isRacy || !stamp.isSame(asBeforeMoving: files[index].stamp)
      try evaluation.note(ids[index], .init(hash: output.hash, stamp: stamp), isRacy: isRacy)
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
    Trace(
      key: try evaluation.key(step), action: try evaluation.action(step),
      outputs: zip(evaluation.graph.outputPaths(of: step), outputs).map { Trace.Output(path: $0, hash: $1) },
      inputs: try evaluation.traceInputs(step), milliseconds: 0, cost: .zero, finished: Int64(time(nil)),
      isEdited: isEdited)
  }

  /// Accepts a person's edit: it is kept in the store, and a build does not overwrite it unasked.
  ///
  /// - Parameter key: of the step when the edit was made, if it has another by now.
  func adopt(_ step: StepID, _ hashes: [ContentHash], madeFor key: ContentHash?) throws(FileError) {
    let before = cache.trace(evaluation.graph.target(of: step))
    var trace = try trace(step, outputs: hashes, isEdited: true)
    trace.milliseconds = before?.milliseconds ?? 0
    if let key {
      kept.insert(step)
      trace.key = key
      if let before, before.key == key { (trace.action, trace.inputs) = (before.action, before.inputs) }
    }
    for output in trace.outputs {
      try evaluation.store.keep(state.resolve(output.path), hash: output.hash)
    }
    try evaluation.store.recordTake(trace.key, outputs: hashes)
    try cache.record(trace)
    try recordEdit(trace)
    summary.adopted += 1
    settle(step)
    tell(.stepFinished(evaluation.label(step), StepResult(outcome: .adopted, seconds: 0)))
  }

  /// Writes down for good which outputs of a step are a person's: those that it did not make so, or all.
  func recordEdit(_ trace: Trace) throws(FileError) {
    var outputs = trace.outputs.map { output in
      let owner = evaluation.outputLog.owner(of: output.path, holding: output.hash)
      return OutputLog.Output(path: output.path, hash: output.hash, isEdited: owner != .step)
    }
    if !outputs.contains(where: \.isEdited) {
      for index in outputs.indices { outputs[index].isEdited = true }
    }
    try evaluation.outputLog.record(outputs, key: trace.key)
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

  // MARK: - What later builds start from

  /// Ends our own files. Without them the next build takes longer, so a full disk fails no build here.
  func closeBooks() {
    do throws(FileError) {
      try evaluation.outputLog.close(outputs: evaluation.graph.steps.count)
      try cache.close()
      try keepPlan()
    } catch { tell(.notice("\(error): the next build will take longer")) }
  }

  /// Writes the plan cache, unless what is there says the same.
  private func keepPlan() throws(FileError) {
    guard cache.isInStep else { return Files.remove(state.plan) }
    let watched = watched()
    let call = isAllCurrent ? request.call ?? .zero : .zero
    if !evaluation.hasNews, !cache.isChanged, let plan = evaluation.plan {
      // Another verdict of the same graph is no reason to forget the one that is kept.
      guard call != .zero, !plan.vouches(for: call, watched) else { return }
    }
    var draft = evaluation.draft()
    draft.watched = watched
    draft.header.call = draft.hasGaps ? .zero : call
    draft.header.current = UInt64(scheduler.states.count { $0 == .settled })
    try draft.write(to: state.plan)
  }

  /// Nothing is left to do, say or wait for.
  private var isAllCurrent: Bool {
    !summary.isIncomplete && summary.inFlight == 0 && kept.isEmpty && unbought.isEmpty
      && evaluation.racy.isEmpty
      && (try? LockFile(path: state.lockFile)) == evaluation.lock
  }

  /// What vouches for the verdict beside the files of the graph: what the recipe was read from, and our own files.
  private func watched() -> [WatchedFile] {
    request.watched
      + evaluation.memories.map { WatchedFile(path: $0, stamp: .ofAnything(state.resolve($0))) }
  }
}
