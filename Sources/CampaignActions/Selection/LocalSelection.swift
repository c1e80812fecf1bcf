import CampaignCore
import CampaignEngine

/// Chooses pairs by tags and by what the photos look like.
struct LocalSelection {
  let pairing: Pairing
  let standard: Milliseconds
  let photoCount: Int

  /// A pair for each scene that can be served, in the order of the scenes.
  func pairs(for scenes: [SceneWish]) -> [PhotoPair] {
    zip(scenes, pairing.pairs(for: scenes)).compactMap { scene, candidate in
      candidate.map { pair($0, scene, id: scene.name) }
    }
  }

  /// A way through the photos.
  func tour(count: Int) -> [PhotoPair] {
    let moves: [CameraMove] = [.pushIn, .truckRight, .pullBack, .truckLeft, .rise]
    return pairing.tour(count: count).enumerated().map { index, candidate in
      var scene = SceneWish(name: "")
      scene.camera = moves[index % moves.count]
      scene.prompt =
        "A slow, steady move from the first view to the second; light and colours stay as they are."
      return pair(candidate, scene, id: nil)
    }
  }

  private func pair(_ candidate: Pairing.Candidate, _ scene: SceneWish, id: String?) -> PhotoPair {
    let (first, last) = Self.ordered(
      pairing.photos[candidate.first], pairing.photos[candidate.last], camera: scene.camera)
    return PhotoPair(
      id: id ?? "\(first.id)--\(last.id)", first: first.path, last: last.path, scene: scene,
      standard: standard, score: candidate.score, reason: reason(first, last, scene), by: "local",
      photoCount: photoCount)
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
  private func reason(_ first: CollectedPhoto, _ last: CollectedPhoto, _ scene: SceneWish) -> String {
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
