import ArgumentParser
import CampaignActions
import CampaignCore
import CampaignKit
import CampaignReporting
import Glibc

/// Runs a production against a fake of the providers, for nothing.
struct RehearseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rehearse",
    abstract: "Run a whole production against a fake of the providers, for nothing.",
    discussion: """
      In a copy of the workspace: nothing of this one is changed, no key is used,
      nothing leaves this machine. The fake checks requests as strictly as the real
      providers, delivers placeholder clips, and says what the bill would be.

      Examples:
        campaign rehearse --profile production
        campaign rehearse --script faults.json         when things go wrong
      """)

  @OptionGroup var request: RequestOptions
  @OptionGroup var workspace: WorkspaceOptions

  @Option(help: ArgumentHelp("Faults to play, see `campaign-rehearsal --help`.", valueName: "file"))
  var script: String?

  @Flag(help: "Keep the copy, and say where it is.")
  var keep = false

  func run() throws {
    _ = try workspace.load()
    let copy = try Self.copyWorkspace()
    defer { if !keep { Files.remove(copy) } }
    let provider = try FakeProvider(script: script)
    try Workspace.enter(copy)
    var rehearsed = workspace
    rehearsed.folders = []
    let project = try rehearsed.load()
    let narrator = try Narrator(
      campaign: project.campaign.name, detail: .usual, color: workspace.look.color)
    var wanted = request.request
    wanted.maxCost = Money(micros: .max / 4)
    let code: ExitCode?
    do throws(BuildError) {
      let summary = try project.build(wanted, tick: narrator.tick) { narrator.record($0) }
      code = narrator.exitCode(summary)
    } catch {
      narrator.abandon()
      throw Problem(error)
    }
    Output.results.write(provider.end())
    if keep { Output.results.write("the rehearsal is in \(copy)\n") }
    if let code { throw code }
  }

  /// A folder with all of this one but what is made.
  private static func copyWorkspace() throws(Problem) -> String {
    var template = Array("/tmp/campaign-rehearsal-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Problem("cannot make a folder in /tmp", code: .failure) }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let made = ["build", ".campaign", ".git", "Campaignfile.lock"]
    let names = Files.names(in: ".").filter { !made.contains($0) }
    let copy = Command(["cp", "-R", "--"] + names + [folder])
    guard (try? copy.run(log: "/dev/null", interrupt: Interrupt()))?.code == 0 else {
      throw Problem("cannot copy this workspace to \(folder)", code: .failure)
    }
    return folder
  }
}

/// A running `campaign-rehearsal`, which this process and its children take for the providers.
private final class FakeProvider {
  private let conversation: Conversation
  private static let speed = "60"

  init(script: String?) throws(Problem) {
    var command = Command([
      ProviderProgram.beside("campaign-rehearsal"), "--speed", Self.speed, "--while-stdin",
    ])
    if let script { command.arguments += ["--script", script] }
    do { conversation = try Conversation(command, log: "/dev/null", interrupt: Interrupt()) } catch {
      throw Problem(
        "cannot run `campaign-rehearsal`: \(error.reason)", help: "it is installed beside `campaign`",
        code: .failure)
    }
    guard let line = conversation.hear(), let api = (try? JSON.parse(Array(line.utf8)))?["api"]?.string else {
      throw Problem("`campaign-rehearsal` does not start", code: .failure)
    }
    for name in ["REPLICATE", "XAI", "OPENAI", "OPENROUTER", "GEMINI", "OLLAMA"] {
      setenv("\(name)_BASE_URL", api + "/v1", 1)
      setenv("\(name)_API_KEY", name == "XAI" ? "xai-rehearsal-key" : "sk-rehearsal-key", 1)
    }
    setenv("REPLICATE_API_TOKEN", "r8_rehearsal_token", 1)
    setenv("CAMPAIGN_REHEARSAL_SPEED", Self.speed, 1)
  }

  /// Ends it, and returns what it has to say.
  func end() -> String {
    conversation.stopTalking()
    var text = ""
    while let line = conversation.hear() { text += line + "\n" }
    _ = conversation.end()
    return text
  }
}
