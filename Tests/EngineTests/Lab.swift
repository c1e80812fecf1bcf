import CampaignCore
import CampaignEngine
import Glibc

/// The engine over a throw-away folder, with actions that are plain functions: what ran, and why, is written down.
final class Lab: Sendable {
  let root: String
  let tools = LabTools()

  init() {
    // Memory where there is some: these tests are about decisions, not about a disk.
    let base = Files.isFolder("/dev/shm") ? "/dev/shm" : "/tmp"
    var template = Array("\(base)/campaign-lab-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil)
    root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Files.remove(root) }

  struct Run {
    var summary = Summary()
    /// First outputs of the steps that were performed, sorted.
    var ran: [String] = []
    var restored: [String] = []
    var adopted: [String] = []
    var failed: [String] = []
    /// What the failed steps said.
    var failures: [String] = []
    var reasons: [String: [Reason]] = [:]
    var notices: [String] = []
    var diagnostics: [Diagnostic] = []
  }

  @discardableResult
  func build(_ recipe: Recipe, _ change: (inout BuildRequest) -> Void = { _ in }) -> Run {
    var request = BuildRequest()
    change(&request)
    let run = Guarded(Run())
    tools.ran.withLock { $0 = [] }
    do throws(EngineError) {
      let summary = try Build.run(
        recipe, toolbox: tools, state: StateFolder(root: root), request: request, name: "test"
      ) { event in run.withLock { Self.note(event, in: &$0) } }
      run.withLock { $0.summary = summary }
    } catch {
      if case .invalid(let diagnostics) = error { run.withLock { $0.diagnostics = diagnostics } }
      if case .locked(let owner) = error { run.withLock { $0.notices.append("locked by \(owner)") } }
      if case .file(let failure) = error { run.withLock { $0.notices.append(failure.description) } }
    }
    return run.withLock { run in
      run.ran = tools.ran.withLock { $0.sorted() }
      return run
    }
  }

  func plan(_ recipe: Recipe, _ change: (inout BuildRequest) -> Void = { _ in }) throws -> Plan {
    var request = BuildRequest()
    change(&request)
    return try Planner.plan(recipe, toolbox: tools, state: StateFolder(root: root), request: request)
  }

  /// Whether the short answer is that there is nothing to do.
  func isKnownCurrent(_ call: ContentHash) -> Bool {
    PlanCache(path: root + "/.campaign/plan")?.current(call: call, root: root) != nil
  }

  private static func note(_ event: Event, in run: inout Run) {
    switch event.kind {
    case .stepStarted(let label, let reasons): run.reasons[label.target] = reasons
    case .stepFinished(let label, let result):
      switch result.outcome {
      case .restored: run.restored.append(label.target)
      case .adopted: run.adopted.append(label.target)
      case .failed(let failure):
        run.failed.append(label.target)
        run.failures.append(failure.message)
      case .made, .skipped, .interrupted: break
      }
    case .notice(let text): run.notices.append(text)
    default: break
    }
  }

  // MARK: - Files

  func write(_ path: String, _ text: String) {
    let full = root + "/" + path
    do {
      try Files.makeFolder(Files.folder(of: full)!)
      try Files.write(text, to: full)
    } catch { preconditionFailure("\(error)") }
  }

  /// Overwrites a file in place; no time that a program can set tells.
  func writeSecretly(_ path: String, _ text: String) {
    let full = root + "/" + path
    var status = stat()
    guard stat(full, &status) == 0 else { return write(path, text) }
    write(path, text)
    setTimes(path, status.st_atim, status.st_mtim)
  }

  /// Sets when a file was last modified, seconds from now.
  func touch(_ path: String, seconds: Int) {
    let time = timespec(tv_sec: Glibc.time(nil) + seconds, tv_nsec: 0)
    setTimes(path, time, time)
  }

  private func setTimes(_ path: String, _ access: timespec, _ modification: timespec) {
    precondition(utimensat(AT_FDCWD, root + "/" + path, [access, modification], 0) == 0)
  }

  /// Puts a hard link, or a symbolic one, to a file in the place of another.
  func link(_ path: String, to other: String, isSymbolic: Bool) {
    let full = root + "/" + path
    unlink(full)
    let code = isSymbolic ? symlink(root + "/" + other, full) : Glibc.link(root + "/" + other, full)
    precondition(code == 0)
  }

  func read(_ path: String) -> String? { try? Files.text(root + "/" + path) }
  func remove(_ path: String) { Files.remove(root + "/" + path) }
}

/// Actions for the lab: `join` writes its parameters and inputs, `list` makes a JSON array of its input's words.
final class LabTools: Toolbox {
  let ran = Guarded<[String]>([])
  /// First outputs of steps that fail when they run.
  let failing = Guarded<Set<String>>([])
  /// What happens while the next step runs.
  let meanwhile = Guarded<(@Sendable () -> Void)?>(nil)
  /// Most steps of a pool that ran at once.
  let peaks = Guarded<[String: (now: Int, most: Int)]>([:])

  var fingerprint: ContentHash { ContentHash(high: 0, low: 1) }

  func action(named name: String, parameters: [Parameter], target: String) throws(StepFailure) -> Action {
    guard ["join", "list", "first", "nothing", "link", "symlink"].contains(name) else {
      throw StepFailure("no action `\(name)`")
    }
    return Action(name: name, version: 1, parameters: parameters)
  }

  func perform(_ job: Job) throws(StepFailure) -> JobReport {
    peaks.withLock {
      let now = ($0[job.action.pool]?.now ?? 0) + 1
      $0[job.action.pool] = (now, max(now, $0[job.action.pool]?.most ?? 0))
    }
    defer { peaks.withLock { $0[job.action.pool]!.now -= 1 } }
    ran.withLock { $0.append(job.outputs[0]) }
    meanwhile.withLock { ($0?(), $0 = nil) }
    if job.action.name.hasSuffix("link") {
      let (from, to) = (Files.absolute(job.resolve(job.inputs[0].path)), job.resolve(job.staged[0]))
      precondition((job.action.name == "link" ? Glibc.link(from, to) : symlink(from, to)) == 0)
      return JobReport()
    }
    do throws(FileError) {
      if failing.withLock({ $0.contains(job.outputs[0]) }) {
        try Files.write("partial", to: job.resolve(job.staged[0]))
        throw FileError("please", job.outputs[0], code: EIO)
      }
      for (index, staged) in job.staged.enumerated() where job.action.name != "nothing" {
        try Files.write(try text(job, index), to: job.resolve(staged))
      }
    } catch { throw StepFailure(error) }
    return JobReport()
  }

  private func text(_ job: Job, _ index: Int) throws(FileError) -> String {
    var inputs: [String] = []
    for input in job.inputs { inputs.append(try Files.text(job.resolve(input.path))) }
    switch job.action.name {
    case "list":
      let words = inputs.joined(separator: " ").split { $0 == " " || $0 == "\n" }
      return JSON.array(words.map { .members(["id": .string(String($0))]) }).pretty
    case "first": return String(inputs.joined().prefix(1))
    default:
      let parameters = job.action.parameters.map { "\($0.name)=\($0.value)" }
      let text = "\(index)(" + (parameters + inputs).joined(separator: ",") + ")"
      // Deep graphs would write exponentially long texts.
      return text.utf8.count < 300 ? text : "0(" + ContentHasher.hash(Array(text.utf8)).hex + ")"
    }
  }

  func damage(of path: String, madeBy action: Action) -> String? {
    (try? Files.text(path))?.hasPrefix("garbage") == true ? "it holds garbage" : nil
  }
}

/// A recipe from rules, for tests.
func recipe(_ rules: Rule...) -> Recipe {
  var recipe = Recipe()
  recipe.rules = rules
  return recipe
}

/// A rule that joins files, for tests.
func make(
  _ output: Template, from inputs: [Template], each: String? = nil, by action: String = "join",
  _ parameters: [(String, Template)] = [], pool: String? = nil, isCostly: Bool = false
) -> Rule {
  Rule(
    outputs: [output], inputs: inputs.map { .file($0) }, each: each, action: action,
    parameters: parameters.map { (name: $0.0, value: $0.1) }, pool: pool, isCostly: isCostly)
}

/// `{x.id}` in a path.
func each(_ before: String, _ after: String) -> Template {
  Template([.text(before), .field(variable: "x", name: "id"), .text(after)])
}
