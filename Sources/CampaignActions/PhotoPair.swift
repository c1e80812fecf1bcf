import CampaignCore

/// Two photos for one clip, with all that a rule may want to know of them.
struct PhotoPair: Sendable {
  static let fields = [
    "id", "first", "last", "scene", "prompt", "camera", "duration", "fit", "focus", "score", "reason",
    "order",
  ]

  private var first: CollectedPhoto
  private var last: CollectedPhoto
  private var scene: SceneWish
  private var id: String
  private var duration: Milliseconds
  private var score: Double
  private var reason: String

  /// - Parameters:
  ///   - isScene: the pair is named after its scene, otherwise after its photos.
  ///   - standard: how long it is shown when the scene does not say.
  init(
    _ candidate: Pairing.Candidate, for scene: SceneWish, isScene: Bool, _ pairing: Pairing,
    standard: Milliseconds
  ) {
    (first, last) = Self.ordered(
      pairing.photos[candidate.first], pairing.photos[candidate.last], camera: scene.camera)
    self.scene = scene
    id = isScene ? scene.name : "\(first.id)--\(last.id)"
    duration = scene.duration ?? standard
    score = min(1, max(0, candidate.score))
    reason = Self.reason(first, last, scene, pairing)
  }

  func json(order: Int) -> JSON {
    .members([
      "id": .string(id), "first": .string(first.path), "last": .string(last.path),
      "scene": .string(scene.name), "prompt": .string(scene.prompt),
      "camera": .string(scene.camera.rawValue), "duration": .string(duration.description),
      "fit": .string(scene.fit.rawValue), "focus": .string(scene.focus),
      "score": .decimal(score, places: 3), "reason": .string(reason), "order": .int(order),
    ])
  }

  /// A wide view taken from afar shows softer edges than a near one: a camera that goes in ends with the latter.
  private static func ordered(
    _ one: CollectedPhoto, _ other: CollectedPhoto, camera: CameraMove
  ) -> (CollectedPhoto, CollectedPhoto) {
    let (plain, detailed) = one.features.detail <= other.features.detail ? (one, other) : (other, one)
    return switch camera {
    case .pushIn: (plain, detailed)
    case .pullBack, .rise: (detailed, plain)
    case .truckLeft, .truckRight, .float: one.id < other.id ? (one, other) : (other, one)
    }
  }

  /// E.g. "both show bathroom, tub; similar light, a small shift of view".
  private static func reason(
    _ first: CollectedPhoto, _ last: CollectedPhoto, _ scene: SceneWish, _ pairing: Pairing
  ) -> String {
    let shared = pairing.sharedTags(first, last)
    let wanted = shared.filter(scene.tags.contains)
    let named = (wanted.isEmpty ? shared : wanted).prefix(4).joined(separator: ", ")
    let change = abs(first.features.brightness - last.features.brightness)
    let light = change < 0.05 ? "similar light" : change < 0.12 ? "slightly other light" : "other light"
    let likeness = first.features.likenessOfView(to: last.features)
    let view =
      likeness > 0.85 ? "a small shift of view" : likeness > 0.7 ? "another view" : "a wide shift of view"
    let subject = named.isEmpty ? "the most alike of what is left" : "both show \(named)"
    let doubt = scene.tags.isEmpty || !wanted.isEmpty ? "" : " (no tag of the scene)"
    return "\(subject)\(doubt); \(light), \(view)"
  }
}
