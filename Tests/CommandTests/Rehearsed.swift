import CampaignCore
import Glibc
import Testing

/// A campaign whose clips are bought from the fake provider, and that provider.
///
///     let shop = try Rehearsed(clips: ["hook"])
///     try shop.script(#"[{"on": "create", "do": "accept_then_reset"}]"#)
///     try shop.build("--max-cost", "5")
///     #expect(try shop.creates == 1)
final class Rehearsed: Sendable {
  let test: CommandTest
  private let server: Server
  private let api: String

  static let token = "r8_rehearsal_0123456789"
  static let key = "xai-rehearsal-0123456789"
  private static let speed = "200"

  /// Ends with the test: its standard input closes.
  private final class Server: Sendable {
    let conversation: Guarded<Conversation>
    init(_ conversation: sending Conversation) { self.conversation = Guarded(conversation) }
  }

  static let head = """
    size = 64x36
    fps  = 12
    by   = replicate wan-video/wan-2.2-i2v-fast

    build/pairs.json: pairs.txt
        $ cp "$in" "$out"

    """

  static let clips = """
    build/clips/{pair.id}.mp4: {pair.first} {pair.last} for pair in build/pairs.json
        generate-clip
        duration = 5s
        prompt   = {pair.prompt}
        deadline = 200s
    """

  static let film = """


    build/film.mp4: build/clips/{pair.id}.mp4
        combine
    """

  init(clips: [String] = ["hook"], rules: String? = nil) throws {
    test = try CommandTest(rules ?? Self.head + Self.clips, [:])
    var command = Command([
      try CommandTest.program("campaign-rehearsal"), "--speed", Self.speed, "--while-stdin",
    ])
    command.folder = test.folder
    let conversation = try Conversation(command, log: test.folder + "/server", interrupt: Interrupt())
    let line = try #require(conversation.hear())
    api = try #require(try JSON.parse(Array(line.utf8))["api"]?.string)
    server = Server(conversation)
    for (name, bytes) in try Self.photos() {
      try Files.makeFolder(test.path("photos"))
      try Files.write(bytes, to: test.path("photos/\(name).jpg"))
    }
    try write(clips: clips)
  }

  /// One pair a clip; all of the same two photos but for the prompt.
  func write(clips: [String]) throws {
    let pairs = clips.map { name -> JSON in
      .members([
        "id": .string(name), "first": .string("photos/a.jpg"), "last": .string("photos/b.jpg"),
        "prompt": .string("Slowly through \(name)."),
      ])
    }
    try test.write(JSON.array(pairs).pretty, to: "pairs.txt")
  }

  /// Four small JPEG photos, made once.
  private static func photos() throws -> [String: [UInt8]] {
    try shared.withLock { photos in
      if !photos.isEmpty { return photos }
      for (name, colour) in ["a": "teal", "b": "navy", "c": "olive", "d": "maroon"] {
        var template = Array("/tmp/campaign-photo-XXXXXX".utf8CString)
        let folder = String(cString: try #require(mkdtemp(&template)))
        defer { Files.remove(folder) }
        let arguments = [
          "ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "color=c=\(colour):s=64x36:d=1",
        ]
        _ = try Command(arguments + ["-frames:v", "1", folder + "/p.jpg"]).run(
          log: "/dev/stderr", interrupt: Interrupt())
        photos[name] = try Files.read(folder + "/p.jpg")
      }
      return photos
    }
  }

  private static let shared = Guarded<[String: [UInt8]]>([:])

  // MARK: - The campaign

  var environment: [String] {
    [
      "REPLICATE_BASE_URL=\(api)/v1", "XAI_BASE_URL=\(api)/v1", "REPLICATE_API_TOKEN=\(Self.token)",
      "XAI_API_KEY=\(Self.key)", "CAMPAIGN_REHEARSAL_SPEED=\(Self.speed)",
    ]
  }

  @discardableResult
  func build(_ arguments: String..., exits code: Int = 0, sourceLocation: SourceLocation = #_sourceLocation)
    throws -> CommandTest.Run
  {
    let run = try test.run(["build"] + arguments, environment: environment)
    #expect(run.code == code, "it said: \(run.narration)", sourceLocation: sourceLocation)
    return run
  }

  func run(_ arguments: String...) throws -> CommandTest.Run {
    try test.run(arguments, environment: environment)
  }

  func run(_ arguments: [String]) throws -> CommandTest.Run {
    try test.run(arguments, environment: environment)
  }

  /// Runs `campaign` beside the test.
  func start(_ arguments: String...) -> RunningCommand {
    RunningCommand { [self] interrupt in
      try test.perform(arguments, environment, test.workspace, interrupt)
    }
  }

  /// Contents of the takes of a target, oldest first.
  func takes(_ target: String = "build/clips/hook.mp4") throws -> [JSON] {
    let run = try run("takes", "--json", target)
    return try JSON.parse(Array(run.output.utf8))["takes"]?.array ?? []
  }

  // MARK: - The provider

  func ask(_ path: String, _ body: String? = nil) throws -> JSON {
    let post = body.map { ["-X", "POST", "--data", $0] } ?? []
    let result = try Command(["curl", "-sS"] + post + ["\(api)\(path)"]).run(
      log: test.folder + "/curl", capture: true, interrupt: Interrupt())
    return try JSON.parse(result.output)
  }

  func script(_ faults: String) throws { _ = try ask("/_script", faults) }
  func advance(seconds: Int) throws { _ = try ask("/_clock", "{\"advance\": \(seconds)}") }

  var jobs: [JSON] { get throws { try ask("/_ledger")["jobs"]?.array ?? [] } }
  var creates: Int { get throws { try jobs.count } }
  var requests: Int { get throws { try ask("/_requests").array?.count ?? 0 } }

  /// The summary of a build, the ledger after it and the provider's bill come to the same, to the micro-dollar.
  func expectOneSum(_ run: CommandTest.Run, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let bill = Money(micros: Int64(try ask("/_ledger")["micros"]?.int ?? -1))
    #expect(run.narration.contains("spent \(bill)\n"), "\(run.narration)", sourceLocation: sourceLocation)
    let cost = try self.run("cost").output
    #expect(
      ["\n", ",", ";"].contains { cost.contains("spent \(bill)\($0)") }, "\(cost)",
      sourceLocation: sourceLocation)
  }

  /// No key at the wrong place, no create sent twice, no bill above a limit; and no key written down anywhere.
  func expectHonesty(spent cents: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(try ask("/_violations") == .array([]), sourceLocation: sourceLocation)
    if let cents {
      #expect(
        (try ask("/_ledger")["micros"]?.int ?? 0) <= cents * 10_000, sourceLocation: sourceLocation)
    }
    for secret in [Self.token, Self.key] {
      try test.expectNowhere(secret, said: "", sourceLocation: sourceLocation)
    }
  }
}
