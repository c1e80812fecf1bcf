import CampaignCore
import Testing

/// `campaign-provider webhook`: one object, posted until someone takes it.
struct WebhookTests {
  private static let body = "{\"event\":\"on-failure\"}\n"

  /// Posts the object. Returns the exit code and what was said.
  private func post(_ url: String) throws -> (code: Int, words: String) {
    let test = try ProviderTest()
    try Files.write(Self.body, to: test.folder + "/body")
    var command = Command([ProviderTest.products + "/campaign-provider", "webhook", url])
    command.environment = ["CAMPAIGN_REHEARSAL_SPEED": "500"]
    let log = test.folder + "/log"
    let result = try command.run(log: log, input: test.folder + "/body", interrupt: Interrupt())
    return (result.code, try Files.text(log))
  }

  @Test func postsTheObject() throws {
    let server = try ScriptedServer { _, _ in .json(204, "") }
    #expect(try post(server.url + "/hook?key=secret") == (0, ""))
    #expect(server.requests.map(\.method) == ["POST"])
    #expect(server.requests.first?.body == Array(Self.body.utf8))
    #expect(server.requests.first?.headers["content-type"] == "application/json")
  }

  @Test func triesAgainWhatMayPass() throws {
    let server = try ScriptedServer { _, before in before < 2 ? .json(503, "{}") : .json(200, "{}") }
    #expect(try post(server.url).code == 0)
    #expect(server.requests.count == 3)
  }

  @Test func givesUpAtOnceWhatWillNotPass() throws {
    let server = try ScriptedServer { _, _ in .json(404, "{}") }
    let (code, words) = try post(server.url + "/hook/very-secret")
    #expect(code == 1 && words == "the webhook was not delivered: it answered with status 404\n")
    #expect(server.requests.count == 1)
  }

  @Test func speaksWithoutEncryptionToThisMachineAlone() throws {
    let (code, words) = try post("http://example.com/hook")
    #expect(code == 1 && words.contains("without encryption"))
  }
}
