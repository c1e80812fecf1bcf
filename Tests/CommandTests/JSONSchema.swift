import CampaignCore

/// As much of JSON Schema as ours uses: finds what is wrong with a document.
struct JSONSchema {
  private let root: JSON

  init(_ root: JSON) { self.root = root }

  /// A line for each fault, with its place.
  func faults(of document: JSON, as command: String) -> [String] {
    guard let schema = root["commands"]?[command] else { return ["there is no schema of `\(command)`"] }
    return faults(document, schema, at: command)
  }

  private func faults(_ value: JSON, _ schema: JSON, at place: String) -> [String] {
    if let name = schema["$ref"]?.string?.split(separator: "/").last {
      return faults(value, root["$defs"]?[String(name)] ?? .null, at: place)
    }
    if let choices = schema["anyOf"]?.array {
      let all = choices.map { faults(value, $0, at: place) }
      return all.contains([]) ? [] : all[0]
    }
    if let words = schema["enum"]?.array {
      return words.contains(value) ? [] : ["\(place): \(value.compact)"]
    }
    if let constant = schema["const"] { return value == constant ? [] : ["\(place): \(value.compact)"] }
    let types = schema["type"]?.array?.compactMap(\.string) ?? [schema["type"]?.string].compactMap { $0 }
    guard types.contains(where: { Self.fits(value, $0) }) else {
      return ["\(place): \(value.compact.prefix(80)) is not \(types)"]
    }
    return members(value, schema, at: place) + items(value, schema, at: place)
  }

  private static func fits(_ value: JSON, _ type: String) -> Bool {
    switch (value, type) {
    case (.null, "null"), (.bool, "boolean"), (.string, "string"), (.array, "array"), (.object, "object"):
      true
    case (.number, "number"): true
    case (.number(let text), "integer"): Int(text) != nil
    default: false
    }
  }

  private func members(_ value: JSON, _ schema: JSON, at place: String) -> [String] {
    guard case .object(let members) = value else { return [] }
    let missing = (schema["required"]?.array ?? []).compactMap(\.string).filter { value[$0] == nil }
    return missing.map { "\(place): lacks `\($0)`" }
      + members.flatMap { member -> [String] in
        if let inner = schema["properties"]?[member.name] {
          return faults(member.value, inner, at: "\(place).\(member.name)")
        }
        return schema["additionalProperties"]?.bool == false ? ["\(place): `\(member.name)` is unknown"] : []
      }
  }

  private func items(_ value: JSON, _ schema: JSON, at place: String) -> [String] {
    guard let inner = schema["items"] else { return [] }
    return (value.array ?? []).enumerated().flatMap { faults($1, inner, at: "\(place)[\($0)]") }
  }
}
