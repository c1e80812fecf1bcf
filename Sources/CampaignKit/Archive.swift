import CampaignCore
import CampaignEngine

/// What the builds of a workspace left behind: it is there and can be read whatever the Campaignfile says by now.
package struct Archive {
  private let state: StateFolder
  private let memory: Guarded<Memory>?

  /// Builds that have ended, as their logs told: those change no more.
  private struct Memory {
    var runs: [String: Run] = [:]
    var steps = 0
    /// About 40 MB. Who has more reads the oldest again.
    static let most = 100_000

    mutating func keep(_ run: Run) {
      guard runs[run.name.full] == nil else { return }
      while steps + run.steps.count > Self.most, let oldest = runs.keys.min(), oldest < run.name.full {
        steps -= runs.removeValue(forKey: oldest)!.steps.count
      }
      guard steps + run.steps.count <= Self.most else { return }
      steps += run.steps.count
      runs[run.name.full] = run
    }
  }

  /// - Parameter remembers: reads the log of a build that has ended once, for those who ask again and again.
  package init(root: String, remembers: Bool = false) {
    state = StateFolder(root: root)
    memory = remembers ? Guarded(Memory()) : nil
  }

  /// Whether the tool has worked here.
  package var exists: Bool { Files.exists(state.path) }

  /// Builds that had something to do, oldest first; at most the `limit` latest.
  package func history(limit: Int = .max) -> [Run] {
    runNames.suffix(limit).compactMap(run)
  }

  /// A build by its name or the end of it, e.g. `amber-heron`; the latest when several are called so. `last` is the
  /// latest of all.
  package func run(named name: String) throws(BuildError) -> Run {
    let names = runNames
    let found = name == "last" ? names.last : names.last { $0.full == name || $0.short == name }
    if let run = found.flatMap(run) { return run }
    let near = suggestion(for: name, among: names.map(\.short)).map { "did you mean `\($0)`?" }
    throw .invalid([
      Diagnostic(
        "E0417", "there is no build `\(name)`", at: nil, help: near ?? "`campaign history` lists them")
    ])
  }

  private func run(_ name: RunName) -> Run? {
    if let known = memory?.withLock({ $0.runs[name.full] }) { return known }
    guard let log = try? Files.text("\(state.runs)/\(name.full).jsonl") else { return nil }
    var run = Run(name: name, log: log)
    if run.summary != nil {
      memory?.withLock { $0.keep(run) }
    } else {
      run.isRunning = Workspace.run(state) == name.full
    }
    return run
  }

  private var runNames: [RunName] {
    Files.names(in: state.runs).filter { $0.hasSuffix(".jsonl") }.sorted().map {
      RunName(String($0.dropLast(".jsonl".count)))
    }
  }

  /// Paid requests that a build began.
  package func attempts(of run: Run) throws(BuildError) -> [Attempt] {
    do throws(FileError) {
      return try Ledger(path: state.journal).attempts.filter { $0.run == run.name.full }
    } catch { throw .file(error) }
  }

  /// What became of a target when its step last ran; nil: it has not run.
  package func lastStep(_ target: String) -> Run.Step? {
    for name in runNames.reversed() {
      if let step = run(name)?.steps.last(where: { $0.target == target && $0.start != nil }) { return step }
    }
    return nil
  }

  /// The log of the last run of the step that makes `target`; nil when it has not run.
  package func log(_ target: String) throws(BuildError) -> String? {
    let target = FilePath.normal(target)
    let path = state.resolve(StateFolder.log(of: target))
    guard Files.exists(path) else { return nil }
    do throws(FileError) { return try Files.text(path) } catch { throw .file(error) }
  }
}
