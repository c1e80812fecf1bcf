import CampaignCore
import Glibc
import Testing

/// What a provider does before and beside the net.
struct ProtocolTests {
  @Test func aModelThatIsNotInTheTableIsSaid() throws {
    let test = try ProviderTest()
    guard case .object(let members) = try ProviderTest.clip() else { return }
    let record = try test.run(.object(members.filter { $0.name != "native" }))
    #expect(record.end == "failed request" && record.code == 1)
    #expect(record.last?["help"]?.string?.contains("block `model google/veo-3.1-fast`") == true)
  }

  @Test func withoutAKeyItSaysWhichOne() throws {
    let record = try ProviderTest(["REPLICATE_API_TOKEN": ""]).run(ProviderTest.clip())
    #expect(record.end == "failed credential")
    #expect(record.last?["help"]?.string?.contains("REPLICATE_API_TOKEN") == true)
  }

  @Test func keysThatOthersMayReadAreNotUsed() throws {
    let test = try ProviderTest(["REPLICATE_API_TOKEN": ""])
    try Files.makeFolder(test.folder + "/.config/campaign")
    let keys = test.folder + "/.config/campaign/keys"
    try Files.write("REPLICATE_API_TOKEN=r8_rehearsal0123456789\n", to: keys)
    chmod(keys, 0o644)
    let record = try test.run(ProviderTest.clip())
    #expect(record.end == "failed credential")
    #expect(record.last?["help"]?.string?.contains("chmod 600") == true)
  }

  @Test func keysOfAFileOfOnesOwnAreUsed() throws {
    let server = try ScriptedServer { request, _ in
      .json(
        request.headers["authorization"] == "Bearer r8_fromfile0123456789" ? 200 : 401, #"{"username":"me"}"#)
    }
    let test = try ProviderTest(base: server.url, ["REPLICATE_API_TOKEN": ""])
    try Files.makeFolder(test.folder + "/.config/campaign")
    let keys = test.folder + "/.config/campaign/keys"
    try Files.write("REPLICATE_API_TOKEN=r8_fromfile0123456789\n", to: keys)
    chmod(keys, 0o600)
    #expect(try test.run(ProviderTest.clip(do: "check")).end == "done")
  }

  @Test func noKeyIsEverSaid() throws {
    let server = try ScriptedServer { request, _ in
      .json(401, #"{"title":"Bad","detail":"\#(request.headers["authorization"] ?? "") is no key"}"#)
    }
    let record = try ProviderTest(base: server.url).run(ProviderTest.clip(do: "check"))
    #expect(record.end == "failed credential")
    #expect(
      record.last?["message"]?.string == "Bad: *** is no key"
        || record.last?["message"]?.string == "Bad: Bearer *** is no key")
    #expect(record.last?["help"]?.string?.contains("ends in `wxyz`") == true)
    #expect(!record.events.description.contains(ProviderTest.key) && !record.log.contains(ProviderTest.key))
  }

  @Test func plainAddressesAreForThisMachineOnly() throws {
    let server = try ScriptedServer { _, _ in
      .json(200, "{}", headers: ["Date: Mon, 23 Nov 2026 11:00:00 GMT"])
    }
    let checkpoints = [
      try JSON.parse(#"{"state":"submitted","data":{"id":"a"}}"#),
      try JSON.parse(#"{"state":"succeeded","data":{"id":"a","output":"http://192.0.2.1/out.mp4"}}"#),
    ]
    let record = try ProviderTest(base: server.url).run(ProviderTest.clip(checkpoints: checkpoints))
    #expect(record.end == "failed request")
    #expect(record.last?["message"]?.string == "`192.0.2.1` is not spoken to without encryption")
  }

  @Test func whatCannotBeReachedWasNotPaid() throws {
    let record = try ProviderTest().run(ProviderTest.clip())
    #expect(record.end == "failed network" && record.states.isEmpty)
  }

  @Test(arguments: [[], ["replicate", "more"], ["nobody"]])
  func aWrongCallIsSaid(arguments: [String]) throws {
    let test = try ProviderTest()
    let record = try Conversation(
      [ProviderTest.products + "/campaign-provider"] + arguments, environment: [], folder: test.folder
    ).run(.null) { _ in .yes }
    #expect(record.code == 2 && record.log.hasPrefix("usage: campaign-provider NAME"))
  }

  @Test func theExampleOfTheManualSpeaksTheProtocol() throws {
    let test = try ProviderTest()
    let photo = test.folder + "/photo.jpg"
    let drawn = try Command([
      "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=red:s=64x48", "-frames:v", "1", photo,
    ])
    .run(log: test.folder + "/ffmpeg", interrupt: Interrupt())
    try #require(drawn.code == 0)
    let request = try JSON.parse(
      """
      {"v":1,"do":"make","kind":"clip","provider":"x","model":"still","attempt":"5f0c","output":"out","checkpoints":[],\
      "input":{"prompt":"x","first":"photo.jpg","last":"photo.jpg","seconds":1,"width":64,"height":36}}
      """)
    func run(_ answer: (String) -> Conversation.Answer) throws -> Conversation.Record {
      let variables = test.environment.map { "\($0.key)=\($0.value)" }
      return try Conversation([Self.example], environment: variables, folder: test.folder).run(
        request, answer: answer)
    }
    let refused = try run { _ in .no("the budget is spent") }
    #expect(refused.end == "failed refused" && refused.last?["message"]?.string == "the budget is spent")
    #expect(try run { _ in .silence }.end == "checkpoint")
    #expect(try test.output() == nil)
    let done = try run { _ in .yes }
    #expect(done.end == "done" && done.code == 0, "\(done.log)")
    #expect(done.states == ["intent", "submitted"])
    #expect(try test.output()?.dropFirst(4).prefix(4) == ArraySlice("ftyp".utf8))
  }

  /// The repository is two folders above this file's.
  private static var example: String {
    let folder = Files.folder(of: Files.folder(of: Files.folder(of: #filePath) ?? "") ?? "") ?? ""
    return folder + "/examples/campaign-provider-still"
  }
}
