import CampaignProviders
import Testing

/// The table of failures, row by row: what was asked, what came, what is to be done.
struct TriageTests {
  typealias Stage = Triage.Stage

  private func decide(_ stage: Stage, _ outcome: HTTPOutcome, _ service: Service = .replicate) -> String {
    Triage(service: service, model: "google/veo-3.1", keyEnd: "wxyz").action(stage, outcome).summary
  }

  // MARK: - Transport

  @Test(arguments: [5, 6, 7, 35], Stage.allCases)
  func whatWasNotSentIsSentAgain(code: Int, stage: Stage) {
    #expect(decide(stage, .notSent(TransportTrouble(code, "no way there"))) == "again")
  }

  @Test(arguments: [16, 18, 28, 52, 55, 56, 92])
  func aCreationWithoutAnAnswerIsNeverRepeated(code: Int) {
    #expect(decide(.create, .ambiguous(TransportTrouble(code, "reset"))) == "reconcile")
  }

  @Test(arguments: [18, 28, 52, 55, 56], Stage.allCases.filter { $0 != .create })
  func everythingElseWithoutAnAnswerIs(code: Int, stage: Stage) {
    #expect(decide(stage, .ambiguous(TransportTrouble(code, "reset"))) == "again")
  }

  @Test func aBadCertificateIsNotWaitedOut() {
    #expect(decide(.poll, .notSent(TransportTrouble(60, "self-signed"))) == "fail network")
  }

  @Test func ourOwnTroubleIsNotTheServers() {
    var trouble = TransportTrouble(23, "write error")
    trouble.failure = Failure(.local, "no space left")
    #expect(decide(.download, .ambiguous(trouble)) == "fail local")
  }

  // MARK: - Answers

  @Test(arguments: [
    (Stage.create, 201, #"{"id":"a"}"#, "accept"),
    (.create, 202, #"{"id":"a"}"#, "accept"),
    (.create, 201, "<html>", "reconcile"),
    (.create, 400, "{}", "fail request"),
    (.create, 401, #"{"title":"Unauthenticated","detail":"no"}"#, "fail credential"),
    (.create, 402, #"{"title":"Insufficient credit","detail":"buy"}"#, "fail billing"),
    (.create, 403, #"{"detail":"not yours"}"#, "fail permission"),
    (.create, 404, #"{"detail":"not found"}"#, "fail model"),
    (.create, 408, "", "reconcile"),
    (.create, 409, "", "reconcile"),
    (.create, 413, "", "fail request"),
    (.create, 415, "", "fail request"),
    (.create, 422, #"{"title":"Invalid version or not permitted","detail":"none"}"#, "fail model"),
    (.create, 422, #"{"title":"Input validation failed","detail":"- input"}"#, "fail request"),
    (.create, 429, #"{"detail":"… resets in ~9s.","retry_after":9}"#, "throttled 9"),
    (.create, 500, "", "reconcile"),
    (.create, 502, "<html><title>Bad gateway</title>", "reconcile"),
    (.upload, 201, "{}", "accept"),
    (.upload, 409, "", "again"),
    (.upload, 413, "", "fail request"),
    (.upload, 429, #"{"detail":"Expected available in 3 seconds."}"#, "again 3"),
    (.upload, 503, "", "again"),
    (.poll, 200, "{}", "accept"),
    (.poll, 200, "<html>", "again"),
    (.poll, 401, "", "fail credential"),
    (.poll, 404, "", "missing"),
    (.poll, 408, "", "again"),
    (.poll, 429, "", "again 10"),
    (.poll, 500, "<html>", "again"),
    (.list, 502, "", "again"),
    (.cancel, 404, "", "missing"),
    (.download, 200, "any", "accept"),
    (.download, 206, "any", "accept"),
    (.download, 401, "", "authorize"),
    (.download, 403, "<Error/>", "authorize"),
    (.download, 404, "", "refresh"),
    (.download, 410, "", "refresh"),
    (.download, 416, "", "again"),
    (.download, 429, "", "again"),
    (.download, 503, "", "again"),
  ])
  func answersOfReplicate(stage: Stage, status: Int, body: String, expected: String) {
    #expect(decide(stage, .answered(HTTPAnswer(status, body: Array(body.utf8)))) == expected)
  }

  @Test(arguments: [
    (
      Service.xai, 400, #"{"code":"invalid","error":"Incorrect API key provided: xa***1"}"#, "fail credential"
    ),
    (.xai, 400, #"{"code":"invalid","error":"Invalid arguments passed"}"#, "fail request"),
    (
      .xai, 403,
      #"{"code":"permission-denied","error":"Your team doesn't have any credits or licenses yet."}"#,
      "fail billing"
    ),
    (.xai, 403, #"{"code":"permission-denied","error":"blocked"}"#, "fail permission"),
    (.xai, 429, #"{"error":"Too many requests"}"#, "again 10"),
    (
      .openai, 429, #"{"error":{"message":"You exceeded your quota","type":"insufficient_quota"}}"#,
      "fail billing"
    ),
    (.openai, 401, #"{"error":{"message":"Incorrect API key provided"}}"#, "fail credential"),
    (.openrouter, 402, #"{"error":{"code":402,"message":"Insufficient credits"}}"#, "fail billing"),
    (.openrouter, 403, #"{"error":{"code":403,"message":"flagged by moderation"}}"#, "fail moderation"),
    (.gemini, 400, #"[{"error":{"code":400,"message":"API key not valid."}}]"#, "fail credential"),
    (.ollama, 404, #"{"error":{"message":"model 'llava' not found"}}"#, "fail model"),
    (.xai, 503, "<html>", "again"),
  ])
  func answersOfChats(service: Service, status: Int, body: String, expected: String) {
    #expect(decide(.chat, .answered(HTTPAnswer(status, body: Array(body.utf8))), service) == expected)
  }

  // MARK: - Words

  @Test func theHeaderSaysFirstWhenToComeBack() {
    let headers = [HTTPAnswer.Header(name: "retry-after", value: "4")]
    let body = #"{"detail":"reduced to 6 requests per minute with a burst of 1 requests","retry_after":9}"#
    let answer = HTTPAnswer(429, headers: headers, body: Array(body.utf8))
    #expect(decide(.create, .answered(answer)) == "throttled 4 burst 1")
  }

  @Test(arguments: [
    (401, Service.replicate, "REPLICATE_API_TOKEN"), (401, .xai, "ends in `wxyz`"),
    (402, .replicate, "https://replicate.com/account/billing"), (402, .xai, "https://console.x.ai"),
    (404, .ollama, "ollama pull google/veo-3.1"), (413, .replicate, "100 MiB"),
  ])
  func helpSaysWhatToDo(status: Int, service: Service, words: String) throws {
    let failure = Triage(service: service, model: "google/veo-3.1", keyEnd: "wxyz")
      .failure(.create, status, ErrorBody(Array("{}".utf8)))
    let help = try #require(failure.help)
    #expect(help.contains(words))
    #expect(failure.cost == .zero)
  }
}

extension Triage.Action {
  /// The action in a word or two.
  fileprivate var summary: String {
    switch self {
    case .accept: "accept"
    case .again(let after, _): after.map { "again \($0)" } ?? "again"
    case .throttled(let throttle):
      "throttled \(throttle.seconds)" + (throttle.burst.map { " burst \($0)" } ?? "")
    case .reconcile: "reconcile"
    case .missing: "missing"
    case .refresh: "refresh"
    case .authorize: "authorize"
    case .fail(let failure): "fail \(failure.kind)"
    }
  }
}
