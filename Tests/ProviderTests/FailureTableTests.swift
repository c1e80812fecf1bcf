import CampaignCore
import Testing

@testable import CampaignProviders

/// What answers mean, row by row.
@Suite struct FailureTableTests {
  private static func answer(_ status: Int, _ body: String, _ headers: [String: String] = [:]) -> HTTPAnswer {
    HTTPAnswer(status: status, headers: headers, body: Array(body.utf8))
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var status: Int
    var body: String
    var kind: ProviderFailure.Kind
    var says: String
    var testDescription: String { "\(status) \(body.prefix(60))" }
  }

  static let rows = [
    Row(
      status: 401,
      body: #"{"title":"Unauthenticated","detail":"Invalid or expired API token.","status":401}"#,
      kind: .credential, says: "Invalid or expired API token."),
    Row(
      status: 400, body: #"{"code":"invalid-argument","error":"incorrect API key is supplied"}"#,
      kind: .credential,
      says: "incorrect API key"),
    Row(status: 400, body: #"{"error":{"message":"bad body"}}"#, kind: .request, says: "bad body (HTTP 400)"),
    Row(
      status: 402, body: #"{"title":"Insufficient credit","detail":"You have insufficient credit"}"#,
      kind: .billing, says: "You have insufficient credit"),
    Row(
      status: 403, body: #"{"code":"permission-denied","error":"doesn't have any credits or licenses yet"}"#,
      kind: .billing, says: "credits or licenses"),
    Row(status: 403, body: #"{"detail":"blocked"}"#, kind: .permission, says: "blocked"),
    Row(
      status: 404, body: #"{"detail":"The requested resource could not be found.","status":404}"#,
      kind: .model,
      says: "asked for `veo`"),
    Row(
      status: 422,
      body: #"{"title":"Invalid version or not permitted","detail":"The specified version does not exist"}"#,
      kind: .model, says: "does not exist"),
    Row(
      status: 422,
      body:
        #"{"detail":"- input","invalid_fields":[{"type":"enum","field":"input.duration","description":"must be 4"}]}"#,
      kind: .request, says: "input.duration: must be 4"),
    Row(
      status: 429, body: #"{"error":{"message":"quota","code":"insufficient_quota"}}"#, kind: .billing,
      says: "quota"),
    Row(status: 413, body: "<html>too big</html>", kind: .request, says: "too big"),
    Row(
      status: 422, body: #"{"detail":[{"loc":["body"],"msg":"field required","type":"missing"}]}"#,
      kind: .request,
      says: "field required"),
    Row(status: 400, body: "", kind: .request, says: "HTTP 400"),
  ]

  @Test(arguments: rows)
  func readsEveryShapeOfError(row: Row) {
    let service = FailureTable.Service(name: "Shop", keyName: "SHOP_KEY", billing: "https://shop")
    let failure = FailureTable.failure(Self.answer(row.status, row.body), service, model: "veo")
    #expect(failure.kind == row.kind)
    #expect(failure.message.contains(row.says), "\(failure.message)")
  }

  @Test(arguments: [
    ("Prediction interrupted; please retry (code: PA)", ProviderFailure.Kind.infrastructure),
    ("Director: unexpected error handling prediction (E9828)", .infrastructure),
    ("The output was flagged as sensitive (E005)", .moderation), ("NSFW content detected", .moderation),
    ("CUDA out of memory", .resource), ("Input validation error: image", .infrastructure), ("else", .failed),
  ])
  func readsWhatModelsSay(text: String, kind: ProviderFailure.Kind) {
    #expect(FailureTable.failure(ofJob: text, status: "failed").kind == kind)
  }

  @Test(arguments: [
    (#"{"detail":"x","retry_after":9}"#, [:], 9), ("{}", ["retry-after": "7"], 7),
    (#"{"detail":"Your rate limit resets in ~30s."}"#, [:], 30),
    (#"{"detail":"Expected available in 1 second."}"#, [:], 1),
  ])
  func findsHowLongToWait(body: String, headers: [String: String], seconds: Double) {
    #expect(ErrorBody(Self.answer(429, body, headers)).retryAfter == seconds)
  }

  @Test func pricesAnswersToTheMicroDollar() throws {
    let ticks = ChatUsage(.members(["cost_in_usd_ticks": .int(37_756_001)]), prices: nil)
    #expect(ticks.dollars == "0.003776")
    let tokens: JSON = .members(["prompt_tokens": .int(1234), "completion_tokens": .int(210)])
    let prices: JSON = .members(["in": .string("1.25"), "out": .string("2.50")])
    #expect(ChatUsage(tokens, prices: prices).dollars == "0.002068")
    #expect(ChatUsage(tokens, prices: nil).dollars == nil)
  }

  @Test func readsPredictionsOfEveryShape() throws {
    func prediction(_ text: String) throws -> Prediction {
      try #require(Prediction(try JSON.parse(Array(text.utf8))))
    }
    #expect(try prediction(#"{"id":"a","output":"https://x/o.mp4"}"#).output == "https://x/o.mp4")
    #expect(try prediction(#"{"id":"a","output":["https://x/1","https://x/2"]}"#).output == "https://x/1")
    #expect(try prediction(#"{"id":"a","output":{"video":{"url":"https://x/v"}}}"#).output == "https://x/v")
    #expect(try prediction(#"{"id":"a","output":null}"#).output == nil)
    #expect(try prediction(#"{"id":"a","logs":"Using seed: 12\n 3%|..\n 45%|███ | 9/20"}"#).fraction == 0.45)
    #expect(try prediction(#"{"id":"a","logs":"Using seed: 12\n"}"#).seed == 12)
    #expect(Prediction(.members(["status": .string("x")])) == nil)
  }

  @Test func knowsWhoMaySeeAKey() throws {
    let base = try #require(WebAddress("https://api.replicate.com/v1"))
    #expect(base.hasSameOrigin(as: try #require(WebAddress("https://API.replicate.com/v2"))))
    #expect(!base.hasSameOrigin(as: try #require(WebAddress("https://api.replicate.com:444/"))))
    #expect(!base.hasSameOrigin(as: try #require(WebAddress("http://api.replicate.com/"))))
    #expect(WebAddress("https://api.replicate.com@evil.example/") == nil)
    #expect(WebAddress("file:///etc/passwd") == nil)
    #expect(WebAddress("https://x/a b") == nil)
    #expect(base.resolved("/v1/x")?.text == "https://api.replicate.com/v1/x")
    #expect(base.resolved("//evil.example/x") == nil)
    #expect(try #require(WebAddress("http://127.0.0.1:80/")).isLoopback)
    #expect(!(try #require(WebAddress("http://127.evil.example/")).host == "localhost"))
  }

  @Test func findsTheJSONInAnAnswer() {
    #expect(ChatCall.value(in: "```json\n{\"a\": 1}\n```") == .members(["a": .number("1")]))
    #expect(ChatCall.value(in: "no") == nil)
  }
}
