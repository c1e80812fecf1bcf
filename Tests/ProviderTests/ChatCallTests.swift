import CampaignCore
import Testing

/// A question with photos, asked for real.
struct ChatCallTests {
  private static let good = #"{\"pairs\":[]}"#

  private static func answer(_ content: String = good, finish: String = "stop") -> ScriptedServer.Reply {
    .json(
      200,
      """
      {"id":"c1","model":"grok-4.3","system_fingerprint":"fp_1","choices":[{"finish_reason":"\(finish)",\
      "message":{"role":"assistant","content":"\(content)"}}],"usage":{"prompt_tokens":1000,"completion_tokens":200}}
      """)
  }

  private func run(
    _ replies: [ScriptedServer.Reply], by service: String = "xai"
  ) throws -> (record: Conversation.Record, output: String?, server: ScriptedServer) {
    let server = try ScriptedServer { _, before in replies[min(before, replies.count - 1)] }
    let test = try ProviderTest(base: server.url)
    let record = try test.run(ProviderTest.chat(), by: service)
    return (record, try test.output().map { String(decoding: $0, as: UTF8.self) }, server)
  }

  @Test(arguments: ["xai", "openai", "openrouter", "ollama"])
  func theAnswerIsOneValue(service: String) throws {
    let (record, output, server) = try run([Self.answer("```json\\n" + Self.good + "\\n```")], by: service)
    #expect(record.end == "done" && record.states == ["intent"], "\(record.log)")
    #expect(output == #"{"pairs":[]}"#)
    #expect(record.last?["usd"]?.string == "0.00175")
    #expect(record.last?["billed"]?.compact == #"{"in":1000,"out":200}"#)
    #expect(record.last?["fingerprint"]?.string == "fp_1")
    let sent = try #require(server.requests.first)
    #expect(sent.path == "/v1/chat/completions" && sent.isAuthorized == (service != "ollama"))
    #expect(
      String(decoding: sent.body, as: UTF8.self).contains(#""url":"data:image/jpeg;base64,/9j/4GEuanBn""#))
  }

  @Test func itGivesWayToAServiceThatTakesNoSchema() throws {
    let objection = ScriptedServer.Reply.json(
      400, #"{"error":{"message":"response_format is not supported"}}"#)
    let (record, _, server) = try run([objection, objection, Self.answer()], by: "openai")
    #expect(record.end == "done" && record.states == ["intent", "intent", "intent"])
    let formats = try server.requests.map { try JSON.parse($0.body)["response_format"]?["type"]?.string }
    #expect(formats == ["json_schema", "json_object", nil])
  }

  @Test func troubleIsWaitedOut() throws {
    let (record, _, server) = try run([
      .silence, .json(503, "<html>"), .json(429, "{}", headers: ["Retry-After: 3"]),
      .json(200, #"{"error":{"code":502,"message":"Provider returned error"}}"#), Self.answer(),
    ])
    #expect(record.end == "done" && record.states == ["intent"] && server.requests.count == 5)
  }

  @Test(arguments: [
    (ScriptedServer.Reply.json(400, #"{"code":"x","error":"Incorrect API key provided"}"#), "credential"),
    (.json(403, #"{"code":"permission-denied","error":"no credits or licenses yet"}"#), "billing"),
    (.json(429, #"{"error":{"message":"quota","type":"insufficient_quota"}}"#), "billing"),
    (.json(404, #"{"error":"no such model"}"#), "model"),
    (.json(422, #"{"error":"the image is broken"}"#), "request"),
    (.json(200, #"{"error":{"code":402,"message":"Insufficient credits"}}"#), "billing"),
    (.json(503, "{}"), "network"), (.json(200, "[]"), "network"),
    (answer("sorry"), "failed"), (answer(good, finish: "length"), "failed"),
    (answer("", finish: "content_filter"), "moderation"),
  ])
  func badEnds(reply: ScriptedServer.Reply, kind: String) throws {
    let (record, output, _) = try run([reply])
    #expect(record.end == "failed \(kind)", "\(record.last?.compact ?? "")")
    #expect(output == nil)
  }

  @Test func aBadAnswerIsPaidFor() throws {
    #expect(try run([Self.answer("sorry")]).record.last?["usd"]?.string == "0.00175")
  }

  @Test func theKeyIsCheckedForFree() throws {
    let server = try ScriptedServer { _, _ in .json(200, #"{"data":[]}"#) }
    let record = try ProviderTest(base: server.url).run(JSON.parse(#"{"v":1,"do":"check"}"#), by: "xai")
    #expect(record.end == "done" && server.requests.map(\.path) == ["/v1/models"])
  }
}
