import CampaignCore

/// An OpenAI-compatible chat model that looks at what it is sent and answers by the schema.
extension World {
  mutating func chat(_ request: WebRequest) -> WebAnswer {
    let key = request.headers["authorization"].map { String($0.dropFirst("Bearer ".count)) } ?? ""
    let isXAI = key.hasPrefix("xai-")
    guard key.hasPrefix("xai-rehearsal") || key.hasPrefix("sk-rehearsal") || key.isEmpty else {
      return isXAI || key.hasPrefix("x")
        ? WebAnswer(
          400,
          .members(["code": .string("invalid-argument"), "error": .string("Incorrect API key is supplied.")]))
        : WebAnswer(401, .members(["error": .members(["message": .string("Incorrect API key provided")])]))
    }
    guard let body = request.json, let model = body["model"]?.string else {
      return WebAnswer(422, .members(["error": .string("no model")]))
    }
    let fault = fault("chat", model: model)
    if let answer = refusal(fault, body) { return answer }
    let question = ChatQuestion(body)
    for problem in question.problems { violations.append(problem) }
    var content = question.answer(fault: fault?.name).compact
    if fault?.name == "invalid_json" { content = "The pairs are: hook with " }
    if fault?.name == "fenced_json" { content = "Here you are:\n```json\n\(content)\n```" }
    return reply(content, fault, question, model: model, isXAI: isXAI)
  }

  private func refusal(_ fault: Fault?, _ body: JSON) -> WebAnswer? {
    switch fault?.name {
    case "status": return WebAnswer(fault?.arguments["code"]?.int ?? 500, text: "scripted")
    case "reset": return WebAnswer(wire: .reset)
    case "xai_403_flat":
      return WebAnswer(
        403,
        .members([
          "code": .string("permission-denied"),
          "error": .string("Your newly created team doesn't have any credits or licenses yet."),
        ]))
    case "openai_error":
      let error: KeyValuePairs<String, JSON> = [
        "message": .string("You exceeded your current quota"), "code": .string("insufficient_quota"),
      ]
      return WebAnswer(429, .members(["error": .members(error)]))
    case "openrouter_error_in_200":
      return WebAnswer(
        200, .members(["error": .members(["code": .int(402), "message": .string("Insufficient credits")])]))
    case "reject_image_url":
      return WebAnswer(
        400, .members(["error": .members(["message": .string("image_url is not supported by this model")])]))
    case "reject_json_schema" where body["response_format"]?["type"]?.string == "json_schema":
      return WebAnswer(
        400,
        .members(["error": .members(["message": .string("response_format json_schema is not supported")])]))
    default: return nil
    }
  }

  private mutating func reply(
    _ content: String, _ fault: Fault?, _ question: ChatQuestion, model: String, isXAI: Bool
  ) -> WebAnswer {
    let tokensIn = question.textLength / 4 + question.pictures * 1000
    let tokensOut = content.utf8.count / 4
    let ticks = tokensIn * 12_500 + tokensOut * 25_000
    let returned = model == "grok-4-1-fast-non-reasoning" ? "grok-4.3" : model
    chats.append(
      .members([
        "t": .string(Self.timestamp(now)), "model": .string(returned), "name": .string(question.name),
        "pictures": .int(question.pictures), "in": .int(tokensIn), "out": .int(tokensOut),
        "micros": .int((ticks + 9999) / 10_000),
      ]))
    var usage: [JSON.Member] = [
      .init("prompt_tokens", .int(tokensIn)), .init("completion_tokens", .int(tokensOut)),
      .init("total_tokens", .int(tokensIn + tokensOut)),
    ]
    if isXAI { usage.append(.init("cost_in_usd_ticks", .int(ticks))) }
    let message: KeyValuePairs<String, JSON> = [
      "role": .string("assistant"), "content": fault?.name == "refusal" ? .null : .string(content),
      "refusal": fault?.name == "refusal" ? .string("I cannot help with that.") : .null,
    ]
    let choice: KeyValuePairs<String, JSON> = [
      "index": .int(0), "message": .members(message),
      "finish_reason": .string(fault?.name == "length" ? "length" : "stop"),
    ]
    return WebAnswer(
      200,
      .members([
        "id": .string("chat-\(chats.count)"), "object": .string("chat.completion"),
        "model": .string(returned),
        "choices": .array([.members(choice)]), "usage": .object(usage),
        "system_fingerprint": .string("fp_rehearsal"),
      ]))
  }
}
