import CampaignCore
import CampaignProviders
import Testing

struct ChatTests {
  private func body(_ service: Service = .xai, _ model: String = "grok-4.3") throws -> ChatBody {
    let input =
      #"{"system":"s","parts":[{"text":"t"},{"image":"a.jpg"}],"schema":{"type":"object"},"temperature":0.3}"#
    return ChatBody(service: service, model: model, input: try JSON.parse(input))
  }

  @Test func theFirstWishIsTheStrictest() throws {
    let json = try body().json(images: ["a.jpg": "data:image/jpeg;base64,AA"])
    #expect(
      json.compact == """
        {"model":"grok-4.3","messages":[{"role":"system","content":"s"},{"role":"user","content":\
        [{"type":"text","text":"t"},{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,AA"}}]}],\
        "temperature":0.3,"reasoning_effort":"none","response_format":{"type":"json_schema","json_schema":\
        {"name":"answer","strict":true,"schema":{"type":"object"}}}}
        """)
  }

  @Test func itGivesWayStepByStep() throws {
    var body = try body()
    func gives(_ message: String) -> Bool { body.giveWay(to: message) }
    #expect(gives("Unsupported response_format"))
    #expect(body.json(images: [:])["response_format"]?["type"]?.string == "json_object")
    #expect(body.json(images: [:]).compact.contains(#"by this JSON schema: {\"type\":\"object\"}"#))
    #expect(gives("'response_format' is not supported"))
    #expect(body.json(images: [:])["response_format"] == nil)
    #expect(!gives("response_format"))
    #expect(gives("temperature is not supported"))
    #expect(body.json(images: [:])["temperature"] == nil)
    #expect(gives("unknown field reasoning_effort"))
    #expect(!gives("reasoning_effort"))
    #expect(!gives("the image is broken"))
  }

  @Test func onlyGrokIsToldNotToThink() throws {
    #expect(try body(.openai, "gpt-5").json(images: [:])["reasoning_effort"] == nil)
  }

  @Test(arguments: [
    (#"{"a":1}"#, #"{"a":1}"#), ("```json\n{\"a\":1}\n```", #"{"a":1}"#), ("```\n[1]\n```\n", "[1]"),
    ("Here you are: {\"a\":1}. Bye", #"{"a":1}"#), ("<think>{}</think>\n{\"a\":1}", #"{"a":1}"#),
    ("no json", nil), ("{\"a\":", nil), ("42", nil),
  ])
  func theValueIsFoundInTheText(text: String, value: String?) { #expect(ChatAnswer.extract(text) == value) }

  @Test(arguments: [
    (#"{"message":{"content":null,"refusal":"I cannot"},"finish_reason":"stop"}"#, Failure.Kind.failed),
    (#"{"message":{"content":"{\"a\":"},"finish_reason":"length"}"#, .failed),
    (#"{"message":{"content":""},"finish_reason":"content_filter"}"#, .moderation),
    (#"{"message":{"content":" "},"finish_reason":"stop"}"#, .failed),
    (#"{"message":{"content":"sorry"},"finish_reason":"stop"}"#, .failed),
  ])
  func badAnswersSaySo(choice: String, kind: Failure.Kind) throws {
    let answer = try #require(ChatAnswer(Array(#"{"choices":[\#(choice)]}"#.utf8)))
    let failure = #expect(throws: Failure.self) { try answer.value() }
    #expect(failure?.kind == kind)
  }

  @Test func theServicesOwnPriceCountsFirst() throws {
    let prices = try JSON.parse(#"{"in":"1.25","out":"2.50"}"#)
    let usage = #"{"usage":{"prompt_tokens":1000,"completion_tokens":200"#
    #expect(ChatAnswer(Array((usage + "}}").utf8))?.cost(prices: prices)?.decimal == "0.00175")
    #expect(
      ChatAnswer(Array((usage + #","cost_in_usd_ticks":5}}"#).utf8))?.cost(prices: prices)?.decimal
        == "0.000001")
    #expect(ChatAnswer(Array((usage + "}}").utf8))?.cost(prices: nil) == nil)
    // Tokens of reasoning that are in the total alone are paid like those of the answer.
    let reasoned = try #require(ChatAnswer(Array((usage + #","total_tokens":1700}}"#).utf8)))
    #expect(reasoned.tokensOut == 700 && reasoned.cost(prices: prices)?.decimal == "0.003")
  }
}
