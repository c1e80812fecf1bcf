import CTemplates
import CampaignCore

/// What the models of the fake provider take, as strictly as the real ones; from a data file.
struct ModelSchemas: Sendable {
  private let models: JSON

  init() {
    let text = campaign_template_rehearsal()
    let bytes = Array(UnsafeBufferPointer(start: text.bytes, count: text.count))
    models = (try? JSON.parse(bytes)) ?? .object([])
  }

  /// Nil: there is no such model.
  subscript(model: String) -> JSON? { models[model] }

  /// The model that has a pinned version.
  func model(version: String) -> String? {
    guard case .object(let members) = models else { return nil }
    return members.first { $0.value["version"]?.string == version }?.name
  }

  /// What is wrong with an input: the `invalid_fields` of the real answers.
  func mistakes(in input: JSON, for model: String) -> [JSON] {
    guard let schema = models[model], case .object(let members) = input else {
      return [Self.mistake("invalid_type", "input", "Invalid type. Expected: object")]
    }
    var mistakes: [JSON] = []
    for name in (schema["required"]?.array ?? []).compactMap(\.string) where input[name] == nil {
      mistakes.append(Self.mistake("required", "input", "\(name) is required"))
    }
    for member in members {
      guard let rule = schema["properties"]?[member.name] else {
        mistakes.append(
          Self.mistake(
            "additional_property_not_allowed", "input", "Additional property \(member.name) is not allowed"))
        continue
      }
      if let mistake = Self.mistake(in: member.value, rule, name: member.name) { mistakes.append(mistake) }
    }
    return mistakes
  }

  private static func mistake(in value: JSON, _ rule: JSON, name: String) -> JSON? {
    let field = "input.\(name)"
    if let allowed = rule["enum"]?.array, !allowed.contains(value) {
      let list = allowed.map { $0.string.map { "\"\($0)\"" } ?? $0.compact }.joined(separator: ", ")
      return mistake("enum", field, "\(name) must be one of the following: \(list)")
    }
    if let least = rule["minimum"]?.number, value.number ?? -1 < least {
      return mistake("number_gte", field, "Must be greater than or equal to \(rule["minimum"]!.compact)")
    }
    if let most = rule["maximum"]?.number, value.number ?? .infinity > most {
      return mistake("number_lte", field, "Must be less than or equal to \(rule["maximum"]!.compact)")
    }
    let isRight =
      switch rule["type"]?.string {
      case "string", "uri": value.string != nil
      case "integer": value.int != nil
      case "number": value.number != nil
      case "boolean": value.bool != nil
      default: true
      }
    return isRight
      ? nil : mistake("invalid_type", field, "Invalid type. Expected: \(rule["type"]?.string ?? "")")
  }

  private static func mistake(_ type: String, _ field: String, _ description: String) -> JSON {
    .members(["type": .string(type), "field": .string(field), "description": .string(description)])
  }
}
