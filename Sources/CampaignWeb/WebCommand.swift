import ArgumentParser
import CPlatform
import CampaignCore
import CampaignReporting
import Glibc
import NIOPosix

/// Serves campaigns: what `campaign serve` runs.
@main
struct WebCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "campaign-web", abstract: "Serve the page and the HTTP API of campaigns: campaign serve.")

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

  @Option(help: .hidden)
  var connections = 512

  @Option(help: .hidden)
  var patience = 30

  /// Leaves with the codes of `campaign`: 2 for a mistake in the call.
  static func main() async {
    campaign_begin()
    do {
      let command = try parse()
      try await command.run()
    } catch {
      let isHelp = exitCode(for: error) == .success
      (isHelp ? Output.results : .narration).write(fullMessage(for: error) + "\n")
      Glibc.exit(isHelp ? 0 : 2)
    }
  }

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("`--port` takes a number from 0 to 65535")
    }
    guard (1...64).contains(jobs) else { throw ValidationError("`--jobs` takes a number from 1 to 64") }
    guard (1...10_000).contains(queue) else {
      throw ValidationError("`--queue` takes a number from 1 to 10000")
    }
  }

  func run() async throws {
    let token = try token()
    let campaigns: Campaigns
    let builds: Builds
    do {
      campaigns = try Campaigns(root: folder)
      builds = try Builds(campaigns: campaigns, width: jobs, bound: queue)
    } catch { throw ValidationError("\(error)") }
    let pool = NIOThreadPool(numberOfThreads: 8)
    pool.start()
    try stopOnSignal(builds)
    var options = Server.Options(token: token)
    (options.host, options.port, options.allowedHosts) = (host, port, allowHost)
    (options.connections, options.patience) = (connections, patience)
    let server = Server(api: API(campaigns: campaigns, builds: builds, pool: pool), options: options)
    let name = host.contains(":") ? "[\(host)]" : host
    do {
      try await server.run { port in
        Output.results.write(
          "campaign serves \(campaigns.root) at\nhttp://\(name):\(port)/#token=\(token)\n")
      }
    } catch { throw ValidationError("cannot listen on \(name) port \(port): \(error)") }
  }

  // MARK: - The token

  /// Given, or a new one. It is kept from the builds that are started here.
  private func token() throws -> String {
    defer { unsetenv("CAMPAIGN_WEB_TOKEN") }
    if let tokenFile { return try Self.token(in: tokenFile) }
    guard let given = getenv("CAMPAIGN_WEB_TOKEN") else { return Gatekeeper.newToken() }
    return try Self.sound(String(cString: given))
  }

  private static func token(in path: String) throws -> String {
    var status = stat()
    guard stat(path, &status) == 0, let text = try? Files.text(path) else {
      throw ValidationError("cannot read the token in `\(path)`")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw ValidationError("`\(path)` can be read by others: chmod 600 \(path)")
    }
    return try sound(String(text.split(separator: "\n").first ?? ""))
  }

  private static func sound(_ token: String) throws -> String {
    guard token.wholeMatch(of: /[A-Za-z0-9._~-]{16,256}/) != nil else {
      throw ValidationError("a token has 16 to 256 letters, digits or ._~-")
    }
    return token
  }

  // MARK: - The end

  /// Builds are told to stop as by Ctrl-C, and waited for.
  private func stopOnSignal(_ builds: Builds) throws(FileError) {
    let signals = campaign_signal_pipe()
    let stopping = Guarded<Int32?>(nil)
    try startThread {
      let signal = Self.next(signals)
      stopping.withLock { $0 = signal }
      // A second signal does not wait.
      _exit(128 + Self.next(signals))
    }
    try startThread {
      let signal = stopping.wait { $0 }
      builds.stopAll()
      _exit(128 + signal)
    }
  }

  private static func next(_ signals: Int32) -> Int32 {
    var byte: UInt8 = 0
    while read(signals, &byte, 1) != 1 {
      // The pipe does not block.
      var polled = pollfd(fd: signals, events: Int16(POLLIN), revents: 0)
      _ = poll(&polled, 1, -1)
    }
    return Int32(byte)
  }
}
