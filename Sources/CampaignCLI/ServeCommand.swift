import ArgumentParser
import CampaignActions
import CampaignReporting
import Glibc

/// Opens the page and the HTTP API: becomes `campaign-web`, so that this program links nothing of a server.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Show campaigns in a browser, and steer them from there or over HTTP.",
    discussion: """
      Prints an address to open. The token at its end lets one in. It is a new one
      each time, unless --token-file or CAMPAIGN_WEB_TOKEN gives one. The API is
      described at /api/v1/openapi.json.

      Examples:
        campaign serve              this campaign
        campaign serve campaigns    all campaigns in a folder
        campaign serve --port 0     on a free port
      """)

  @Argument(help: "The folder of a campaign, or one with many below it.")
  var folder = "."

  @Option(help: "The port to listen on; 0 takes a free one.")
  var port = 8377

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: ArgumentHelp("A further name that this server is called by.", valueName: "name"))
  var allowHost: [String] = []

  @Option(help: ArgumentHelp("A file with the token, readable by its owner alone.", valueName: "file"))
  var tokenFile: String?

  @Option(help: ArgumentHelp("Builds at once.", valueName: "n"))
  var jobs = 2

  @Option(help: ArgumentHelp("Builds that may wait.", valueName: "n"))
  var queue = 20

  @Option(
    name: .customShort("C", allowingJoined: true),
    help: ArgumentHelp("Work in another folder.", valueName: "dir"))
  var directory: String?

  func run() throws {
    if let directory { try Workspace.enter(directory) }
    var arguments = [ProviderProgram.beside("campaign-web"), folder, "--port", String(port), "--host", host]
    arguments += ["--jobs", String(jobs), "--queue", String(queue)]
    for name in allowHost { arguments += ["--allow-host", name] }
    if let tokenFile { arguments += ["--token-file", tokenFile] }
    var pointers = arguments.map { strdup($0) } + [nil]
    execvp(arguments[0], &pointers)
    throw Problem(
      "cannot run `campaign-web`: \(String(cString: strerror(errno)))",
      help: "it is installed beside `campaign`",
      code: .failure)
  }
}
