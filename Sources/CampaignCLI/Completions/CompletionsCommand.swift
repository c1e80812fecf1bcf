import ArgumentParser
import CampaignCore
import CampaignReporting

/// Prints the completion of a shell.
struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print the completions for a shell.",
    discussion: """
      They complete commands, options, profiles, builds, and targets with their state.

      Examples:
        campaign completions bash > /etc/bash_completion.d/campaign
        campaign completions zsh > ~/.zfunc/_campaign
        campaign completions fish > ~/.config/fish/completions/campaign.fish
      """)

  enum Shell: String, CaseIterable, ExpressibleByArgument { case bash, zsh, fish }

  @Argument(help: "The shell.")
  var shell: Shell

  func run() throws {
    guard let dump = try? JSON.parse(Array(CampaignCommand._dumpHelp().utf8)) else {
      throw Problem("the commands cannot be listed", code: .failure)
    }
    let script = CompletionScript(outline: CommandOutline(dump))
    switch shell {
    case .bash: Output.results.write(script.bash)
    case .zsh: Output.results.write(script.zsh)
    case .fish: Output.results.write(script.fish)
    }
  }
}
