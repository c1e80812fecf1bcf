import ArgumentParser
import CampaignCore
import CampaignActions
import CampaignEngine
import CampaignKit
import CampaignReporting

/// Brings targets up to date: the only command that runs steps.
struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Bring targets up to date.",
    discussion: """
      Only what has changed is made; what was made before comes back from the store.
      Ctrl-C is safe.

      Examples:
        campaign build                             everything
        campaign build build/clips/hook.mp4        one clip and what it needs
        campaign build --force build/music.m4a     the same music once more
        campaign build --max-cost 5.00             spend up to $5, without asking
        campaign build -C villa -C lodge           two campaigns, one limit
        campaign build --events - > events.jsonl   for another program
      """)

  @OptionGroup var request: RequestOptions
  @OptionGroup var workspace: WorkspaceOptions

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Steps at once on this machine; one for each core when not given.", valueName: "n"))
  var jobs: Int?

  @Flag(name: .shortAndLong, help: "Go on with what does not depend on a failed step.")
  var keepGoing = false

  @Flag(name: [.customShort("n"), .long], help: "Only say what would be done: campaign plan.")
  var dryRun = false

  @Option(help: ArgumentHelp("Spend at most so many US dollars, without asking.", valueName: "usd"))
  var maxCost: Dollars?

  @Flag(help: "Buy nothing: what would have to be bought is an error.")
  var frozen = false

  @Flag(help: "Build what is free; what would have to be bought waits.")
  var free = false

  @Flag(help: "Choose pairs anew, and show what that changes before clips are bought.")
  var reselect = false

  @Option(help: ArgumentHelp("The seed of new takes: next, same, random or a number.", valueName: "seed"))
  var seed: String?

  @Option(help: ArgumentHelp("Buy so many takes of each target of --force.", valueName: "n"))
  var tries: Int?

  @Flag(help: "Leave with code 7 when another build holds the workspace.")
  var noWait = false

  @Option(
    help: ArgumentHelp("Write events as JSON lines to a file, or - for standard output.", valueName: "file"))
  var events: String?

  @Option(help: ArgumentHelp("Write a JUnit report to a file.", valueName: "file"))
  var junit: String?

  @Flag(help: "Print the summary as JSON.")
  var json = false

  @Flag(help: "Tell only what goes wrong.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Tell more: progress, and what is current.")
  var verbose = false

  func validate() throws {
    if let jobs, !(1...10_000).contains(jobs) {
      throw ValidationError("`-j` takes a number from 1 to 10000")
    }
    if json && events == "-" { throw ValidationError("`--json` and `--events -` both want standard output") }
    if dryRun && events != nil {
      throw ValidationError("`-n` runs nothing, so `--events` has nothing to tell")
    }
    if frozen && maxCost != nil { throw ValidationError("`--frozen` spends nothing, `--max-cost` something") }
    if free && (frozen || maxCost != nil) {
      throw ValidationError("`--free` goes without `--frozen` and `--max-cost`")
    }
    if let tries, !(1...20).contains(tries) { throw ValidationError("`--tries` takes a number from 1 to 20") }
    if tries != nil && request.force.isEmpty { throw ValidationError("`--tries` goes with `--force`") }
    if let seed, SeedPolicy(seed) == nil {
      throw ValidationError("`--seed` takes next, same, random or a number")
    }
    if quiet && verbose { throw ValidationError("`--quiet` and `--verbose` exclude each other") }
  }

  func run() throws {
    if let projects = try workspace.loadBatch() { return try build(projects) }
    let project = try workspace.loadHere()
    if dryRun { return try Planning.run(project, wanted, json: json, verbose: verbose, workspace.look.style) }
    var wanted = wanted
    let purse = Purse(projects: [project], style: workspace.look.style, tries: tries ?? 1)
    if reselect {
      guard try purse.reselect(&wanted, build: { try build($0, $1) }) else { return }
    } else {
      try purse.open(&wanted)
    }
    for _ in 1...(tries ?? 1) { try build(project, wanted) }
  }

  private func build(_ project: Project, _ wanted: Project.Request) throws {
    let narrator = try narrator(project.campaign.name)
    let summary: Summary
    do {
      summary = try project.build(wanted, tick: narrator.tick) { narrator.record($0) }
    } catch {
      narrator.abandon()
      throw Problem(error)
    }
    try narrator.report(summary, of: project, wanted)
    if json { Output.results.write(summary.document.pretty) }
    if summary.awaiting > 0 {
      do {
        try project.reviews(wanted).forEach { Output.narration.write($0.text(workspace.look.style)) }
      } catch {
        throw Problem(error)
      }
    }
    try narrator.exitCode(summary).map { throw $0 }
  }

  private func narrator(_ name: String, allowsRepainting: Bool = true) throws(Problem) -> Narrator {
    try Narrator(
      campaign: name, detail: quiet ? .quiet : verbose ? .verbose : .usual, color: workspace.look.color,
      reports: .init(events: events, junit: junit), allowsRepainting: allowsRepainting)
  }

  // MARK: - Several campaigns

  private func build(_ projects: [Project]) throws {
    if dryRun || reselect || tries != nil || junit != nil {
      throw Problem("`-n`, `--reselect`, `--tries` and `--junit` are for one campaign")
    }
    var wanted = wanted
    try Purse(projects: projects, style: workspace.look.style, tries: 1).open(&wanted)
    let narrator = try narrator("batch", allowsRepainting: false)
    let batch = BatchBuild(projects: projects)
    let results = batch.run(wanted, narrator: narrator)
    if json { Output.results.write(Self.json(projects, results).pretty) }
    var codes: [ExitCode] = []
    for (project, result) in zip(projects, results) {
      switch result {
      case .success(let summary): narrator.exitCode(summary).map { codes.append($0) }
      case .failure(let error):
        let problem = Problem(error)
        Output.narration.write("\(project.folder): " + problem.text(workspace.look.style))
        codes.append(problem.code)
      }
    }
    try codes.min { $0.rank < $1.rank }.map { throw $0 }
  }

  private static func json(_ projects: [Project], _ results: [Result<Summary, BuildError>]) -> JSON {
    .members([
      "v": .int(1),
      "campaigns": .array(
        zip(projects, results).map { project, result in
          .members([
            "folder": .string(project.folder), "campaign": .string(project.campaign.name),
            "summary": (try? result.get())?.json ?? .null,
          ])
        }),
    ])
  }

  private var wanted: Project.Request {
    var wanted = request.request
    wanted.jobs = jobs
    wanted.keepGoing = keepGoing
    wanted.waitsForLock = !noWait
    wanted.maxCost = maxCost?.amount
    wanted.isFrozen = frozen
    wanted.holdsPurchases = free
    if free { wanted.maxCost = .zero }
    wanted.seed = seed
    wanted.call = Call(arguments: Array(CommandLine.arguments.dropFirst()))
    return wanted
  }
}
