import CampaignActions
import CampaignCore
import CampaignReporting
import Glibc
import HTTPTypes

/// The builds that were asked for here: a bounded queue, so many at once, and a file that remembers them.
///
/// Each is a child process, `campaign build`: a crash of one harms no other, and the rule of one build a workspace
/// stays the kernel's to keep. All children die with this process; the next build recovers what they left.
final class Builds: Sendable {
  private struct State {
    var jobs: [Int: BuildJob] = [:]
    var running: [Int: Interrupt] = [:]
    var next = 1
    var isStopping = false
    var queued: [BuildJob] { jobs.values.filter { $0.state == .queued }.sorted { $0.id < $1.id } }
  }

  private let state = Guarded(State())
  private let campaigns: Campaigns
  private let folder: String
  /// Builds at once.
  private let width: Int
  /// Builds that may wait.
  private let bound: Int

  /// So many that have ended are remembered.
  private static let memory = 500
  /// Seconds until a build that is to stop is told so more strongly.
  private static let patience: Int32 = 20

  init(campaigns: Campaigns, width: Int, bound: Int) throws(FileError) {
    self.campaigns = campaigns
    self.width = width
    self.bound = bound
    folder = campaigns.root + "/.campaign/web"
    try Files.makeFolder(folder)
    try remember()
  }

  // MARK: - Asking

  func submit(_ order: BuildOrder, retryOf: Int? = nil) throws(Refusal) -> BuildJob {
    let job: BuildJob? = state.withLock { state in
      guard !state.isStopping, state.queued.count < bound else { return nil }
      var job = BuildJob(id: state.next, order: order, created: Self.now)
      job.retryOf = retryOf
      state.next += 1
      state.jobs[job.id] = job
      return job
    }
    guard let job else {
      var refusal = Refusal(.tooManyRequests, "\(bound) builds wait already", help: "try again later")
      refusal.headers[.retryAfter] = "30"
      throw refusal
    }
    do { try Files.appendDurably(job.line, to: file) } catch {
      state.withLock { $0.jobs[job.id] = nil }
      throw Refusal(.internalServerError, error.description)
    }
    startQueued()
    return job
  }

  func job(_ id: Int) throws(Refusal) -> BuildJob {
    guard let job = state.withLock({ $0.jobs[id] }) else {
      throw Refusal(.notFound, "there is no build \(id)")
    }
    return job
  }

  /// Latest first.
  var all: [BuildJob] { state.withLock { $0.jobs.values.sorted { $0.id > $1.id } } }

  func place(of job: BuildJob) -> String { (try? campaigns.find(job.order.campaign))?.place ?? "" }

  func json(_ job: BuildJob) -> JSON { job.json(place: place(of: job)) }

  /// Stops a build, or takes it out of the queue.
  func cancel(_ id: Int) throws(Refusal) -> BuildJob {
    let job = try job(id)
    guard !job.state.isOver else { throw Refusal(.conflict, "build \(id) is over: \(job.state.rawValue)") }
    let interrupt = state.withLock { state -> Interrupt? in
      if state.jobs[id]?.state == .queued {
        state.jobs[id]?.state = .canceled
        state.jobs[id]?.ended = Self.now
      }
      return state.running[id]
    }
    if let interrupt { stop(id, interrupt) } else { record(id) }
    return try self.job(id)
  }

  /// The same order once more. What is done already is not done again.
  func retry(_ id: Int) throws(Refusal) -> BuildJob {
    let job = try job(id)
    guard job.state.isOver else { throw Refusal(.conflict, "build \(id) is still \(job.state.rawValue)") }
    return try submit(job.order, retryOf: job.retryOf ?? id)
  }

  /// As Ctrl-C does, and more strongly when that has not helped.
  private func stop(_ id: Int, _ interrupt: Interrupt) {
    interrupt.raise(SIGINT)
    do throws(FileError) {
      try startThread { [self] in
        for signal in [SIGTERM, SIGKILL] {
          _ = poll(nil, 0, Self.patience * 1000)
          guard state.withLock({ $0.running[id] != nil }) else { return }
          interrupt.raise(signal)
        }
      }
    } catch { interrupt.raise(SIGTERM) }
  }

  /// Stops everything, and returns when all has ended; at last after so long that nothing is left to wait for.
  func stopAll() {
    let running = state.withLock { state in
      state.isStopping = true
      return state.running
    }
    for (id, interrupt) in running { stop(id, interrupt) }
    let end = (Self.now + Int64(Self.patience) * 2 + 5) * 1_000_000_000
    state.wait { state -> Waiting<Void> in
      state.running.isEmpty || Self.now * 1_000_000_000 >= end ? .done(()) : .untilTime(end)
    }
  }

  // MARK: - Building

  private func startQueued() {
    while let (job, interrupt) = next() {
      do throws(FileError) { try startThread { [self] in build(job, interrupt) } } catch {
        change(job.id) { $0.end(exit: 1, words: error.description, at: Self.now) }
        finish(job.id)
      }
    }
  }

  /// One campaign is not built twice at once: the second would only wait for the first.
  private func next() -> (BuildJob, Interrupt)? {
    state.withLock { state in
      guard !state.isStopping, state.running.count < width else { return nil }
      let busy = Set(state.running.keys.compactMap { state.jobs[$0]?.order.campaign })
      guard var job = state.queued.first(where: { !busy.contains($0.order.campaign) }) else { return nil }
      job.state = .running
      job.started = Self.now
      state.jobs[job.id] = job
      let interrupt = Interrupt()
      state.running[job.id] = interrupt
      return (job, interrupt)
    }
  }

  private func build(_ job: BuildJob, _ interrupt: Interrupt) {
    record(job.id)
    let log = "\(folder)/build-\(job.id).log"
    Files.remove(log)
    do {
      let campaign = try campaigns.find(job.order.campaign)
      var command = Command(
        [ProviderProgram.beside("campaign")] + job.order.arguments + ["--quiet", "--events", "-"])
      command.folder = campaign.root
      command.seesSecrets = true
      let conversation = try Conversation(command, log: log, interrupt: interrupt)
      conversation.stopTalking()
      while let line = conversation.hear() {
        if let event = try? JSON.parse(Array(line.utf8)) { change(job.id) { $0.hear(event) } }
      }
      let exit = conversation.end()
      let words = (try? Files.text(log)) ?? ""
      change(job.id) { $0.end(exit: exit, words: words, at: Self.now) }
    } catch {
      let reason = (error as? Refusal)?.detail ?? "\(error)"
      change(job.id) { $0.end(exit: 1, words: reason, at: Self.now) }
    }
    finish(job.id)
    startQueued()
    call(back: job.id)
  }

  private func finish(_ id: Int) {
    // Written down first: who waits for the end of all builds ends with the last one.
    record(id)
    state.withLock { $0.running[id] = nil }
  }

  private func change(_ id: Int, _ body: (inout BuildJob) -> Void) {
    state.withLock { state in
      if var job = state.jobs[id] {
        body(&job)
        state.jobs[id] = job
      }
    }
  }

  // MARK: - Telling

  /// Posts how a build has ended to the address that was given for it.
  private func call(back id: Int) {
    guard let job = try? job(id), let address = job.order.callback else { return }
    let body = "\(folder)/callback-\(id).json"
    defer { Files.remove(body) }
    let command = Command([ProviderProgram.beside("campaign-provider"), "webhook", address])
    var isDelivered = false
    do {
      try Files.write(json(job).compact + "\n", to: body)
      let log = "\(folder)/build-\(id).log"
      isDelivered = try command.run(log: log, input: body, interrupt: Interrupt()).code == 0
    } catch {}
    change(id) { $0.callback = isDelivered ? "delivered" : "failed" }
    record(id)
  }

  // MARK: - On disk

  private var file: String { folder + "/builds.jsonl" }

  private func record(_ id: Int) {
    guard let job = try? job(id) else { return }
    try? Files.appendDurably(job.line, to: file)
  }

  /// Reads what an earlier server was asked for: what waited waits on, what ran has ended with it.
  private func remember() throws(FileError) {
    var jobs: [Int: BuildJob] = [:]
    for line in (try? Files.text(file))?.split(separator: "\n") ?? [] {
      if let job = (try? JSON.parse(Array(line.utf8))).flatMap(BuildJob.init) { jobs[job.id] = job }
    }
    for id in jobs.keys where jobs[id]?.state == .running {
      jobs[id]?.end(exit: 137, words: "the server ended before this build did", at: Self.now)
    }
    let kept = jobs.values.sorted { $0.id < $1.id }.suffix(Self.memory)
    try Files.replaceDurably(file, with: kept.map { $0.line + "\n" }.joined())
    state.withLock { state in
      for job in kept { state.jobs[job.id] = job }
      state.next = (jobs.keys.max() ?? 0) + 1
    }
    startQueued()
  }

  static var now: Int64 { Int64(time(nil)) }
}
