import CampaignCore

/// The JSON Schemas of the answers.
enum SelectionSchema {
  static func rooms(_ scenes: [SceneWish], _ photos: [ManifestPhoto]) -> JSON {
    let ids = one(of: photos.map(\.id))
    return object(["scenes": list(object(["scene": one(of: scenes.map(\.name)), "photos": list(ids)]))])
  }

  static func pairs(_ scenes: [SceneWish], _ photos: [ManifestPhoto]) -> JSON {
    let ids = one(of: photos.map(\.id))
    return object([
      "pairs": list(
        object([
          "scene": one(of: scenes.map(\.name)), "first": ids, "last": ids, "score": type("number"),
          "reason": type("string"),
        ]))
    ])
  }

  static func tour(_ photos: [ManifestPhoto]) -> JSON {
    let ids = one(of: photos.map(\.id))
    return object([
      "pairs": list(
        object([
          "first": ids, "last": ids, "prompt": type("string"), "score": type("number"),
          "reason": type("string"),
        ]))
    ])
  }

  private static func type(_ name: String) -> JSON { .members(["type": .string(name)]) }

  private static func one(of values: [String]) -> JSON {
    .members(["type": .string("string"), "enum": .array(values.map { .string($0) })])
  }

  private static func list(_ items: JSON) -> JSON { .members(["type": .string("array"), "items": items]) }

  private static func object(_ properties: KeyValuePairs<String, JSON>) -> JSON {
    .members([
      "type": .string("object"), "additionalProperties": .bool(false),
      "required": .array(properties.map { .string($0.key) }),
      "properties": .object(properties.map { JSON.Member($0.key, $0.value) }),
    ])
  }
}
