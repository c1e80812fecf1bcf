import CampaignCore

/// Two photos for one clip, with all that a rule may want to know of them.
struct PhotoPair: Hashable, Sendable {
  static let fields = [
    "id", "first", "last", "scene", "prompt", "camera", "duration", "fit", "focus", "score", "reason", "by",
    "wanted", "of", "order",
  ]

  var id: String
  /// Paths of the photos.
  var first: String
  var last: String
  var scene: SceneWish
  var duration: Milliseconds
  /// 0...1
  var score: Double
  var reason: String
  /// Who chose it, e.g. `local`, `xai grok-4.3`.
  var by: String
  /// How many photos there were to choose from.
  var photoCount: Int

  /// - Parameter standard: how long it is shown when the scene does not say.
  init(
    id: String, first: String, last: String, scene: SceneWish, standard: Milliseconds, score: Double,
    reason: String, by: String, photoCount: Int
  ) {
    self.id = id
    self.first = first
    self.last = last
    self.scene = scene
    duration = scene.duration ?? standard
    self.score = min(1, max(0, score))
    self.reason = reason
    self.by = by
    self.photoCount = photoCount
  }

  func json(order: Int) -> JSON {
    .members([
      "id": .string(id), "first": .string(first), "last": .string(last),
      "scene": .string(scene.name), "prompt": .string(scene.prompt),
      "camera": .string(scene.camera.rawValue), "duration": .string(duration.description),
      "fit": .string(scene.fit.rawValue), "focus": .string(scene.focus),
      "score": .decimal(score, places: 3), "reason": .string(reason), "by": .string(by),
      "wanted": .string(scene.tags.joined(separator: " ")), "of": .int(photoCount), "order": .int(order),
    ])
  }
}
