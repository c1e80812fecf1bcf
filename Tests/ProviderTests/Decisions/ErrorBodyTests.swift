import CampaignProviders
import Testing

struct ErrorBodyTests {
  @Test(arguments: [
    (#"{"title":"Unauthenticated","detail":"No token","status":401}"#, "Unauthenticated: No token"),
    (
      #"{"detail":"The requested resource could not be found.","status":404}"#,
      "The requested resource could not be found."
    ),
    (
      """
      {"detail":"- input: prompt is required\\n","status":422,"title":"Input validation failed","invalid_fields":\
      [{"type":"required","field":"input","description":"prompt is required"},\
      {"type":"number_lte","field":"input.steps","description":"Must be less than or equal to 4"}]}
      """, "Input validation failed: input: prompt is required; input.steps: Must be less than or equal to 4"
    ),
    (
      #"{"detail":[{"loc":["body","input"],"msg":"field required","type":"missing"}]}"#,
      "body.input: field required"
    ),
    (#"{"code":"permission-denied","error":"no credits"}"#, "no credits"),
    (#"{"error":{"message":"bad","type":"invalid_request_error","param":null,"code":null}}"#, "bad"),
    (
      #"{"error":{"code":502,"message":"Provider error","metadata":{"raw":"overloaded"}}}"#,
      "Provider error: overloaded"
    ),
    (#"[{"error":{"code":400,"message":"API key not valid."}}]"#, "API key not valid."),
    (#"{"message":"plain"}"#, "plain"),
    (#"{"other":1}"#, #"{"other":1}"#),
    ("<html><head><title>502 Bad\n Gateway</title></head></html>", "502 Bad Gateway"),
    ("upstream  connect\nerror", "upstream connect error"),
    ("", ""),
  ])
  func speaksInTheServicesOwnWords(body: String, message: String) {
    #expect(ErrorBody(Array(body.utf8)).message == message)
  }

  @Test(arguments: [
    (
      #"{"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}}"#,
      "insufficient_quota"
    ),
    (#"{"error":{"message":"m","type":"insufficient_quota","code":null}}"#, "insufficient_quota"),
    (#"{"code":"permission-denied","error":"m"}"#, "permission-denied"),
  ])
  func findsTheCode(body: String, code: String) { #expect(ErrorBody(Array(body.utf8)).code == code) }

  @Test func findsTheStatusInsideAGoodAnswer() {
    let body = ErrorBody(Array(#"{"error":{"code":429,"message":"slow down"},"choices":[]}"#.utf8))
    #expect(body.status == 429)
  }
}
