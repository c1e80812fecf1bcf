import CampaignActions
import CampaignCore
import CampaignEngine
import CampaignReporting
import CampaignSyntax
import Glibc

/// A workspace with its Campaignfile loaded and checked: the front door of the library.
///
///     let project = try await Project.load("villa", profile: "draft")
///     let result = try await project.build()
///
/// What is `public` is for programs that embed campaigns; it never blocks the caller. The command uses what lies below
/// it, which is synchronous, so that a build with nothing to do makes no task.
public struct Project: Sendable {
  /// How a Campaignfile is to be read.
  package struct Options: Sendable {
    /// The workspace folder.
    package var root = "."
    /// Relative to `root`.
    package var file = "Campaignfile"
    package var profile: String?
    /// From `--set name=value`.
    package var overrides: [(name: String, value: String)] = []
    /// Actions of the program that embeds us.
    package var actions: [any StepAction] = []

    package init() {}
  }

  /// What to build and how.
  package struct Request: Sendable {
    /// Empty: everything.
    package var targets: [String] = []
    /// Outputs to make anew although they are current.
    package var forced: [String] = []
    /// Targets whose steps count as done by what is there now.
    package var adopted: [String] = []
    /// Steps that would have to be bought wait, so that all else can be built.
    package var holdsPurchases = false
    /// `-B`: everything is stale.
    package var forceAll = false
    package var keepGoing = false
    /// Steps that choose choose anew, whatever they chose before.
    package var reselects = false
    /// The most that this build may spend; nil: as much as the budgets of the Campaignfile allow.
    package var maxCost: Money?
    /// Nothing is bought.
    package var isFrozen = false
    /// Overrides the seed of what is bought: `next`, `same`, `random` or a number.
    package var seed: String?
    /// Steps at once in the `cpu` pool; nil: one for each core.
    package var jobs: Int?
    /// What this build shares with those of other campaigns that run at once.
    package var batch: Batch?
    /// False: fail with `BuildError.locked` when another build holds the workspace.
    package var waitsForLock = true
    /// A plan lists what is current, too; without, only the last of it, e.g. the film.
    package var listsCurrent = true
    /// The call that it is for, so that a later one like it can know at once that nothing has changed.
    package var call: Call?

    package init() {}
  }

  /// `.`, or absolute: steps run in it, and their paths must hold from there and from here.
  package let root: String
  /// The folder as it was given, for people.
  package let folder: String
  package let profile: String?
  package let campaign: Campaign
  let recipe: CampaignEngine.Recipe
  let catalog: ActionCatalog
  private let aliases: Aliases
  let watched: [WatchedFile]

  /// Names for targets, sorted.
  package var aliasNames: [String] { aliases.names }

  var state: StateFolder { StateFolder(root: root) }
  package var archive: Archive { Archive(root: root) }

  /// Loads and checks a Campaignfile. Reads files, runs and writes nothing.
  package static func load(_ options: Options) throws(InvalidCampaign) -> Project {
    let state = StateFolder(root: options.root)
    let witnesses = Witnesses(root: options.root)
    let others = options.actions.map(EmbeddedAction.init)
    var catalog = ActionCatalog.builtIn(others: others)
    var request = LoadRequest(
      file: options.file,
      read: { path in
        witnesses.note(path)
        return try? Files.read(state.resolve(path))
      }, schemas: catalog.schemas)
    request.identity = { Files.absolute(state.resolve($0)) }
    request.overrides = options.overrides
    request.environment = campaignEnvironment()
    request.profile = options.profile
    let (campaign, diagnostics) = CampaignSyntax.load(request)
    guard let campaign else { throw InvalidCampaign(diagnostics: diagnostics, witnesses) }
    var lowering = Lowering(campaign, root: options.root, witnesses: witnesses)
    let lowered = lowering.lower()
    let mistakes = lowering.diagnostics + lowered.recipe.rules.compactMap(catalog.misfit)
    guard mistakes.isEmpty else { throw InvalidCampaign(diagnostics: mistakes, witnesses) }
    // The table is read only by those who need it.
    if lowered.recipe.rules.contains(where: catalog.mayBuy) || !campaign.models.isEmpty {
      do { catalog = .builtIn(models: try ModelTable(campaign.models), others: others) } catch {
        throw InvalidCampaign(diagnostics: [error.diagnostic], witnesses)
      }
    }
    catalog.fingerprint = Program.fingerprint(campaign.models)
    return Project(
      root: options.root == "." ? "." : Files.absolute(options.root), folder: options.root,
      profile: options.profile, campaign: campaign,
      recipe: lowered.recipe, catalog: catalog,
      aliases: lowered.aliases, watched: witnesses.files)
  }

  /// What a build would do now. Reads and hashes files, runs and writes nothing.
  package func plan(_ request: Request) throws(BuildError) -> Plan {
    do throws(EngineError) {
      return try Planner.plan(recipe, toolbox: catalog, state: state, request: lower(request))
    } catch { throw BuildError(error) }
  }

  /// Brings targets up to date. Synchronous; `record` is called on this thread for each event, in order; `tick`
  /// every 100 ms meanwhile when given. A raised signal (SIGINT, SIGTERM, SIGHUP) interrupts it.
  package func build(_ request: Request, tick: (() -> Void)? = nil, record: @escaping (Event) -> Void)
    throws(BuildError) -> Summary
  {
    try checkTools(request)
    let run = RunName.new()
    let history = RunLog(path: "\(state.runs)/\(run.full).jsonl", context: context(request))
    var hook = Hook(
      occasion: .success, action: "", campaign: campaign.name, run: run.short, summary: Summary())
    let summary: Summary
    do throws(EngineError) {
      summary = try Build.run(
        recipe, toolbox: catalog, state: state, request: lower(request), name: run.full, tick: tick
      ) { event in
        history.record(event)
        hook.note(event)
        record(event)
      }
    } catch { throw BuildError(error) }
    if let occasion = Hook.Occasion(summary), let action = campaign.hooks[occasion.rawValue] {
      (hook.occasion, hook.action, hook.summary) = (occasion, action, summary)
      let time = Int64(summary.seconds * 1e9)
      if let problem = hook.carryOut(state) { record(Event(time: time, kind: .notice(problem))) }
    }
    return summary
  }

  /// What the log of a build begins with.
  private func context(_ request: Request) -> RunLog.Context {
    RunLog.Context(
      campaign: campaign.name, profile: profile, targets: request.targets, forced: request.forced)
  }

  private func lower(_ request: Request) -> BuildRequest {
    var lowered = BuildRequest()
    lowered.goals = request.targets.flatMap(goals)
    lowered.forced = request.forced.flatMap(goals)
    lowered.forceAll = request.forceAll
    lowered.keepGoing = request.keepGoing
    lowered.jobs = max(1, request.jobs ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    lowered.waitsForLock = request.waitsForLock
    lowered.batch = request.batch
    lowered.listsCurrent = request.listsCurrent
    lowered.call = request.call?.fingerprint
    lowered.watched = watched
    lowered.adopted = Set(request.adopted)
    lowered.holdsPurchases = request.holdsPurchases
    lowered.reselects = request.reselects
    lowered.seed = request.seed
    lowered.limits.run = request.maxCost ?? campaign.runBudget
    lowered.limits.campaign = campaign.budget
    lowered.limits.month = campaign.monthBudget
    lowered.limits.isFrozen = request.isFrozen
    lowered.speed = rehearsalSpeed()
    return lowered
  }

  private func goals(_ target: String) -> [Graph.Goal] {
    let path = FilePath.normal(target)
    return aliases.goals(path) ?? [.file(path)]
  }
}

/// Everything that is wrong with a Campaignfile.
package struct InvalidCampaign: Error {
  package var diagnostics: [Diagnostic]
  /// What was read up to there: a change in it may mend the matter.
  package var watched = WatchedPaths(files: [])

  init(diagnostics: [Diagnostic], _ witnesses: Witnesses? = nil) {
    self.diagnostics = diagnostics
    watched = WatchedPaths(files: [], places: witnesses?.files.map(\.path) ?? [])
  }
}

/// Why nothing was or could be built.
package enum BuildError: Error {
  /// A mistake in the campaign that shows only against the workspace: missing inputs, cycles, unknown targets. Exit 2.
  case invalid([Diagnostic])
  /// Another build holds the workspace; says which. Exit 7.
  case locked(owner: String)
  /// That build runs the very step that this one is part of. Exit 7.
  case nested(owner: String)
  /// The workspace cannot be written or read. Exit 1.
  case file(FileError)

  init(_ error: EngineError) {
    switch error {
    case .invalid(let diagnostics): self = .invalid(diagnostics)
    case .locked(let owner): self = .locked(owner: owner)
    case .nested(let owner): self = .nested(owner: owner)
    case .file(let failure): self = .file(failure)
    }
  }
}
