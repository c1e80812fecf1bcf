import CampaignCore
import Glibc
import Testing

/// A folder of campaigns and the real server for it, on a free port of this machine.
///
///     let web = try WebTest(["words": WebTest.words])
///     #expect(try web.get("campaigns/words").json["state"]?.string == "stale")
///
/// The server is what `campaign serve` becomes; it ends with the test.
final class WebTest: Sendable {
  let folder: String
  private let server: Guarded<Server>
  static let token = "test-token-0123456789"

  /// Three files, one made from the other.
  static let words = """
    build/a.txt: words.txt
        $ cp "$in" "$out"

    build/b.txt: build/a.txt
        $ cp "$in" "$out"

    """

  private struct Server {
    var conversation: Conversation
    var interrupt: Interrupt
    var port: Int
  }

  /// - Parameter campaigns: by folder, the rules of each; `words.txt` is there for all.
  init(
    _ campaigns: [String: String] = ["words": WebTest.words], options: [String] = [],
    environment: [String: String] = [:]
  ) throws {
    var template = Array("/tmp/campaign-web-XXXXXX".utf8CString)
    folder = String(cString: try #require(mkdtemp(&template)))
    for (name, rules) in campaigns {
      try Files.makeFolder(folder + "/\(name)")
      try Files.write("campaign \(name)\n\n" + rules, to: folder + "/\(name)/Campaignfile")
      try Files.write("hello\n", to: folder + "/\(name)/words.txt")
    }
    server = Guarded(try Self.start(folder, options, environment))
  }

  deinit {
    end(SIGTERM)
    Files.remove(folder)
  }

  private static func start(_ folder: String, _ options: [String], _ environment: [String: String]) throws
    -> Server
  {
    var command = Command([try program("campaign-web"), folder, "--port", "0"] + options)
    command.environment = ["CAMPAIGN_WEB_TOKEN": token].merging(environment) { $1 }
    let interrupt = Interrupt()
    let conversation = try Conversation(command, log: folder + "/server.log", interrupt: interrupt)
    while let line = conversation.hear() {
      guard let match = line.firstMatch(of: /:(\d+)\/#token=/) else { continue }
      return Server(conversation: conversation, interrupt: interrupt, port: try #require(Int(match.output.1)))
    }
    throw WebTestError.noServer(try Files.text(folder + "/server.log"))
  }

  enum WebTestError: Error { case noServer(String) }

  /// Sends a signal, and waits for the end.
  @discardableResult
  private func end(_ signal: Int32) -> Int {
    let (conversation, interrupt) = server.withLock { ($0.conversation, $0.interrupt) }
    interrupt.raise(signal)
    return conversation.end()
  }

  /// Ends the server, and starts another one for the same folder.
  func restart(by signal: Int32, options: [String] = []) throws {
    end(signal)
    let next = try Self.start(folder, options, [:])
    server.withLock { $0 = next }
  }

  var port: Int { server.withLock { $0.port } }

  static func program(_ name: String) throws -> String {
    let bundle = try #require(Files.folder(of: Files.absolute("/proc/self/exe"))) + "/" + name
    try #require(Files.exists(bundle), "there is no `\(name)` beside the tests: build the products first")
    return bundle
  }

  /// Runs `campaign` in one of the folders, as in another terminal. Returns its exit code.
  @discardableResult
  func campaign(_ arguments: String..., in name: String = "words") throws -> Int {
    var command = Command([try Self.program("campaign")] + arguments)
    command.folder = folder + "/" + name
    return try command.run(log: folder + "/terminal.log", interrupt: Interrupt()).code
  }

  func write(_ text: String, to path: String) throws { try Files.write(text, to: folder + "/" + path) }

  // MARK: - Calls

  func connect() throws -> WebConnection { try WebConnection(port: port) }

  /// With the token, unless the headers say otherwise. Paths without a slash before them are those of the API's version 1.
  static func head(_ method: String, _ path: String, _ headers: [String: String]) -> String {
    let target = path.hasPrefix("/") ? path : "/api/v1/" + path
    let all = ["Host": "localhost", "Authorization": "Bearer " + token].merging(headers) { $1 }
    return "\(method) \(target) HTTP/1.1\r\n" + all.map { "\($0.key): \($0.value)\r\n" }.joined() + "\r\n"
  }

  func get(_ path: String, _ headers: [String: String] = [:], method: String = "GET") throws -> Answer {
    let connection = try connect()
    connection.send(Self.head(method, path, headers))
    return try connection.answer(hasBody: method != "HEAD")
  }

  func post(_ path: String, _ body: String = "", _ headers: [String: String] = [:]) throws -> Answer {
    let connection = try connect()
    let standard = ["Content-Type": "application/json", "Content-Length": String(body.utf8.count)]
    connection.send(Self.head("POST", path, standard.merging(headers) { $1 }) + body)
    return try connection.answer()
  }

  /// Starts a build, which has to be accepted.
  func build(_ body: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Int {
    let answer = try post("builds", body)
    #expect(answer.status == 202, "\(answer.text)", sourceLocation: sourceLocation)
    return try #require(answer.json["id"]?.int, sourceLocation: sourceLocation)
  }

  /// Follows a build to its end, and returns how it ended.
  func wait(for id: Int) throws -> JSON {
    let connection = try connect()
    connection.send(Self.head("GET", "builds/\(id)/events", [:]))
    _ = try connection.head()
    var last = JSON.null
    while let event = connection.event() {
      if event["event"] == "build" { last = try JSON.parse(Array((event["data"] ?? "").utf8)) }
      if let state = last["state"]?.string, !["queued", "running"].contains(state) { break }
    }
    return last
  }
}
