import CampaignCore

/// The body of a chat request, and how it gives way to a service that cannot do all of it.
package struct ChatBody: Sendable {
  /// How the shape of the answer is asked for, the strictest first.
  package enum Format: CaseIterable, Sendable { case schema, object, prompt }

  package let service: Service
  package let model: String
  package let input: JSON
  package var format = Format.schema
  package var hasTemperature = true
  package var hasEffort = true

  package init(service: Service, model: String, input: JSON) {
    self.service = service
    self.model = model
    self.input = input
    if input["schema"] == nil { format = .prompt }
  }

  /// Leaves out what a 400 or 422 complains of; false when it speaks of nothing that can be left out.
  package mutating func giveWay(to message: String) -> Bool {
    let text = message.lowercased()
    let formats = [
      "response_format", "response format", "json_schema", "json schema", "json_object", "structured output",
    ]
    if formats.contains(where: { text.contains($0) }), format != .prompt {
      format = format == .schema ? .object : .prompt
      return true
    }
    if hasEffort, effort != nil, text.contains("reasoning") {
      hasEffort = false
      return true
    }
    if hasTemperature, input["temperature"] != nil, text.contains("temperature") {
      hasTemperature = false
      return true
    }
    return false
  }

  /// `images` are data URLs by the path that the request names.
  package func json(images: [String: String]) -> JSON {
    var members = [JSON.Member("model", .string(model)), JSON.Member("messages", .array(messages(images)))]
    if let temperature = input["temperature"], hasTemperature {
      members.append(JSON.Member("temperature", temperature))
    }
    if let effort, hasEffort { members.append(JSON.Member("reasoning_effort", .string(effort))) }
    if let responseFormat { members.append(JSON.Member("response_format", responseFormat)) }
    return .object(members)
  }

  /// A choice of photos needs no thought that is paid by the token.
  private var effort: String? { service == .xai && model.hasPrefix("grok-4") ? "none" : nil }

  private var responseFormat: JSON? {
    switch format {
    case .schema:
      .members([
        "type": .string("json_schema"),
        "json_schema": .members([
          "name": input["name"] ?? .string("answer"), "strict": .bool(true),
          "schema": input["schema"] ?? .null,
        ]),
      ])
    case .object: .members(["type": .string("json_object")])
    case .prompt: nil
    }
  }

  private func messages(_ images: [String: String]) -> [JSON] {
    var messages: [JSON] = []
    let system = [input["system"]?.string, format == .schema ? nil : wish].compactMap { $0 }.joined(
      separator: "\n\n")
    if !system.isEmpty { messages.append(.members(["role": .string("system"), "content": .string(system)])) }
    let parts = (input["parts"]?.array ?? []).map { part in
      guard let path = part["image"]?.string else {
        return JSON.members(["type": .string("text"), "text": part["text"] ?? .string("")])
      }
      let address = JSON.members(["url": .string(images[path] ?? path)])
      return JSON.members(["type": .string("image_url"), "image_url": address])
    }
    messages.append(.members(["role": .string("user"), "content": .array(parts)]))
    return messages
  }

  /// The schema in words, where the service takes none.
  private var wish: String {
    let schema = input["schema"].map { " by this JSON schema: " + $0.compact } ?? "."
    return "Answer with exactly one JSON value and nothing else" + schema
  }
}
