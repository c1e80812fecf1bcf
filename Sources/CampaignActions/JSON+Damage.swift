import CampaignCore

extension JSON {
  /// What is wrong with a file that should be a list of objects with `fields`, in words; nil when it is sound.
  static func damage(ofListAt path: String, fields: [String]) -> String? {
    guard let bytes = try? Files.read(path) else { return "it cannot be read" }
    do {
      guard let list = try JSON.parse(bytes).array else { return "it is no JSON list" }
      for (index, entry) in list.enumerated() {
        for field in fields where entry[field] == nil { return "entry \(index + 1) has no `\(field)`" }
      }
      return nil
    } catch { return "it is not JSON: \(error)" }
  }
}
