import CampaignCore

/// What scenes ask of their music, by scene, from the canonical text of the parameter `scenes`.
enum SceneMusic {
  static func list(_ scenes: String) -> [String: String] {
    var wishes: [String: String] = [:]
    for scene in (try? JSON.parse(scenes))?.array ?? [] {
      guard let name = scene["name"]?.string, let words = scene["music"]?.string else { continue }
      wishes[name] = words
    }
    return wishes
  }
}
