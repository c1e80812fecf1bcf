import CampaignCore

/// What to build and how.
package struct BuildRequest: Sendable {
  /// Empty: everything.
  package var goals: [Graph.Goal] = []
  /// What to make anew although it is current.
  package var forced: [Graph.Goal] = []
  /// Targets whose steps count as done by what is there now.
  package var adopted: Set<String> = []
  /// Everything is stale.
  package var forceAll = false
  package var keepGoing = false
  /// Steps that choose choose anew.
  package var reselects = false
  /// Steps that would have to be bought wait, so that all else can be built.
  package var holdsPurchases = false
  package var limits = SpendingLimits()
  /// Overrides the seed of what is bought.
  package var seed: String?
  /// Places in pools that bound no work of this machine, unless they say otherwise.
  package var remoteJobs = 8
  /// What waiting for providers is divided by: 1 but in rehearsals.
  package var speed = 1.0
  /// Places in the `cpu` pool, and in every pool that does not say.
  package var jobs = 2
  /// What this build shares with others that run at once; nil: it runs alone.
  package var batch: Batch?
  /// False: fail when another build holds the workspace.
  package var waitsForLock = true
  /// A plan lists what is current, too. Without, it says the same of all else, and sooner.
  package var listsCurrent = true
  /// Stands for this call, with all that shapes its verdict beside files; nil: its verdict is not to be kept.
  package var call: ContentHash?
  /// Files and folders that the recipe was read from, relative to the workspace, as they were before.
  package var watched: [WatchedFile] = []

  package init() {}
}

/// A file or folder that vouches for something as long as its stamp is this.
package struct WatchedFile: Hashable, Sendable {
  package var path: String
  package var stamp: FileStamp

  package init(path: String, stamp: FileStamp) {
    self.path = path
    self.stamp = stamp
  }
}

/// Why nothing was or could be built.
package enum EngineError: Error {
  /// Mistakes that show only against the workspace: missing inputs, cycles, unknown targets.
  case invalid([Diagnostic])
  /// Another build holds the workspace; says which.
  case locked(owner: String)
  /// The same, and that build runs the step that this one is part of: they would wait for each other.
  case nested(owner: String)
  /// The workspace cannot be read or written.
  case file(FileError)
}

extension Evaluation {
  /// The graph of a recipe with all that a request needs marked as wanted, and its sources read.
  static func open(
    _ recipe: Recipe, toolbox: any Toolbox, state: StateFolder, cache: HashCache, request: BuildRequest,
    run: String = "", onMuchToRead: (_ files: Int, _ bytes: Int64) -> Void = { _, _ in }
  ) throws(EngineError) -> Evaluation {
    var graph: Graph
    do throws(InvalidGraph) {
      graph = try Graph(recipe, toolbox: toolbox, paths: cache.plan?.paths ?? PathTable())
    } catch {
      throw .invalid(error.diagnostics)
    }
    let goals = request.goals.isEmpty ? recipe.rules.indices.map { Graph.Goal.all(rule: $0) } : request.goals
    let unknown = (goals + request.forced).filter { goal in
      !graph.want(goal) || !graph.isMakeable(goal)
    }
    guard unknown.isEmpty else { throw .invalid(graph.unknownTargets(unknown)) }
    let evaluation: Evaluation
    do throws(FileError) {
      evaluation = try Evaluation(
        graph: graph, cache: cache, state: state, toolbox: toolbox,
        spending: Spending(
          state, limits: request.limits, run: run, speed: request.speed,
          batch: request.batch),
        forced: Forced(goals: Set(request.forced), all: request.forceAll))
      try evaluation.readSources(onMuch: onMuchToRead)
    } catch { throw .file(error) }
    let missing = evaluation.missingSources()
    guard missing.isEmpty else { throw .invalid(missing) }
    return evaluation
  }
}

extension Graph {
  /// Whether some rule makes a goal; a source file is none.
  fileprivate func isMakeable(_ goal: Goal) -> Bool {
    guard case .file(let path) = goal else { return true }
    return producer(of: path) != nil || pendingRule(making: path) != nil
  }

  /// A rule is always known, a file may not be.
  fileprivate func unknownTargets(_ goals: [Goal]) -> [Diagnostic] {
    var mistakes = Mistakes()
    let names = steps.indices.map { target(of: StepID($0)) }
    for case .file(let path) in goals {
      let isSource = artifact(path) != nil
      mistakes.add(
        "E0406", isSource ? "`\(path)` is a source: no rule makes it" : "no rule makes `\(path)`", at: nil,
        help: (suggestion(for: path, among: names) ?? names.first { Files.name(of: $0) == path }).map {
          "did you mean `\($0)`?"
        } ?? "`campaign graph` shows the targets")
    }
    return mistakes.sorted
  }
}
