import CampaignCore

/// What a worker thread does for one step: perform or restore, then hash and keep what came out. Publishes nothing.
struct StepWork: Sendable {
  enum Task: Sendable {
    case perform
    /// Copy these outputs from the store.
    case restore([ContentHash])
  }

  /// Staged outputs, ready to be published.
  struct Product: Sendable {
    var files: [FileHash]
    var report: JobReport
    var seconds: Double
    var wasRestored: Bool
  }

  var step: StepID
  /// The number of its scratch folder.
  var slot: Int
  var job: Job
  /// Where the log ends up. A step that is over at once writes to one of its slot, which is moved there if it says
  /// anything: most say nothing, and a file more is a good part of their time.
  var log: String
  /// Of inputs and names; with the action and its take it gives the key.
  var filesKey: ContentHash
  var store: Store
  var toolbox: any Toolbox
  let started = FileHash.now()

  /// In the scratch folder.
  static let slotLog = "log"

  func run(_ task: Task) -> Result<Product, StepFailure> {
    let started = FileHash.now()
    do throws(StepFailure) {
      guard !job.interrupt.isRaised else { throw StepFailure.interrupted }
      try prepare()
      defer { settleLog() }
      let report = try carryOut(task)
      let files = try hashStaged()
      if job.action.isCostly, case .perform = task { try keep(files, take: report.take) }
      sweep()
      let seconds = Double(FileHash.now() - started) / 1e9
      if case .restore = task {
        return .success(Product(files: files, report: report, seconds: seconds, wasRestored: true))
      }
      return .success(Product(files: files, report: report, seconds: seconds, wasRestored: false))
    } catch {
      sweep()
      return .failure(error)
    }
  }

  /// Empties the scratch folder, but for the folders of staged outputs: those serve again.
  private func sweep() {
    let scratch = job.resolve(job.scratch)
    for name in Files.names(in: scratch) where Int(name) == nil && name != Self.slotLog {
      Files.remove(scratch + "/" + name)
    }
  }

  private func prepare() throws(StepFailure) {
    for output in job.outputs {
      if let obstacle = StateFolder(root: job.root).obstacle(at: output) { throw obstacle }
    }
    try failing { () throws(FileError) in
      for path in job.staged {
        let folder = Files.folder(of: job.resolve(path))!
        try Files.makeFolder(folder)
        for rest in Files.names(in: folder) { Files.remove(folder + "/" + rest) }
      }
      Files.remove(job.resolve(log))
      if job.log == log { try Files.makeFolder(Files.folder(of: job.resolve(log))!) }
    }
  }

  private func settleLog() {
    let path = job.resolve(job.log)
    guard job.log != log, let size = FileStamp.of(path)?.size, size > 0 else { return }
    do throws(FileError) {
      try Files.makeFolder(Files.folder(of: job.resolve(log))!)
      try Files.rename(path, to: job.resolve(log))
    } catch { Files.remove(path) }
  }

  private func carryOut(_ task: Task) throws(StepFailure) -> JobReport {
    guard case .restore(let hashes) = task else { return try toolbox.perform(job) }
    for (hash, path) in zip(hashes, job.staged) {
      let isSound = try failing { () throws(FileError) in try store.restore(hash, to: job.resolve(path)) }
      guard isSound else {
        throw StepFailure("the store's copy of `\(job.outputs[0])` was damaged", kind: .lostCopy)
      }
    }
    return JobReport()
  }

  private func hashStaged() throws(StepFailure) -> [FileHash] {
    var files: [FileHash] = []
    for (staged, output) in zip(job.staged, job.outputs) {
      do throws(FileError) {
        try detach(job.resolve(staged))
        files.append(try FileHash.of(job.resolve(staged)))
      } catch {
        guard FileStamp.of(job.resolve(staged)) == nil else { throw StepFailure(error) }
        throw StepFailure(
          "the step ended well but did not make `\(output)`",
          help: "write it to `$out`, the path given for it")
      }
    }
    return files
  }

  /// An output is a file of its own: what a link leads to would change it behind our back.
  private func detach(_ staged: String) throws(FileError) {
    guard Files.isShared(staged), FileStamp.of(staged) != nil else { return }
    let copy = job.resolve(job.scratch) + "/copy"
    try Files.copy(staged, to: copy)
    try Files.rename(copy, to: staged)
  }

  /// From here on the outputs survive whatever happens.
  private func keep(_ files: [FileHash], take: Take?) throws(StepFailure) {
    let action = take.map { job.action.with(take: $0.content) } ?? job.action
    let key = Evaluation.key(action: action.hash, files: filesKey)
    try failing { () throws(FileError) in
      for (file, staged) in zip(files, job.staged) { try store.keep(job.resolve(staged), hash: file.hash) }
      try store.recordTake(key, outputs: files.map(\.hash))
    }
  }

}

/// Turns a failed system call into a failed step.
private func failing<Value>(_ body: () throws(FileError) -> Value) throws(StepFailure) -> Value {
  do throws(FileError) { return try body() } catch { throw StepFailure(error) }
}
