import ArgumentParser
import CampaignReporting

/// The root: alone, it says in a few lines what one can do.
struct CampaignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "campaign",
    abstract: "Makes films from photos, and only what has changed.",
    discussion: examples,
    version: "0.1.0",
    subcommands: [CompleteCommand.self],
    groupedSubcommands: [
      CommandGroup(
        name: "Start", subcommands: [InitCommand.self, DoctorCommand.self, CompletionsCommand.self]),
      CommandGroup(
        name: "Everyday",
        subcommands: [
          BuildCommand.self, PlanCommand.self, StatusCommand.self, WatchCommand.self, ServeCommand.self,
        ]),
      CommandGroup(
        name: "Money",
        subcommands: [
          TakesCommand.self, ApproveCommand.self, CostCommand.self, ModelsCommand.self, CancelCommand.self,
          RehearseCommand.self,
        ]),
      CommandGroup(
        name: "Inspect",
        subcommands: [
          ExplainCommand.self, HistoryCommand.self, LogCommand.self, GraphCommand.self, CompareCommand.self,
          ReportCommand.self,
        ]),
      CommandGroup(
        name: "Housekeeping",
        subcommands: [
          CheckCommand.self, FmtCommand.self, AdoptCommand.self, VerifyCommand.self, CleanCommand.self,
          GcCommand.self, PauseCommand.self, ResumeCommand.self, SchemaCommand.self,
        ]),
    ])

  private static let examples = """
    Examples:
      campaign init villa        start a campaign in the folder villa
      campaign plan              what would be made, why, and for how much
      campaign build             make it
    """

  static var commands: [any ParsableCommand.Type] {
    configuration.groupedSubcommands.flatMap(\.subcommands)
  }

  static var names: [String] { commands.compactMap { $0.configuration.commandName } }

  private static let short = """
    campaign makes films from photos, and only what has changed.

    \(examples)

    Commands:
      init      write a first Campaignfile
      build     bring targets up to date
      plan      say what a build would do
      status    how the film stands, in five lines
      explain   why a target is as it is
      doctor    check that this machine has what is needed

    `campaign help` lists all commands, `campaign help build` the options of one,
    `campaign help E0204` explains an error. Manual: man campaign

    """

  func run() { Output.results.write(Self.short) }
}
