import CampaignCore

/// The pairs that were chosen before, as far as they still answer what is asked: a choice is kept until someone asks
/// for another, because every new pair costs a clip.
struct EarlierChoice {
  /// By the name of the scene; those of a tour by their id.
  private(set) var kept: [String: PhotoPair] = [:]
  /// The ids of a tour, in its order.
  private(set) var tour: [String] = []
  /// There were fewer photos, or other ones, when it was made.
  private(set) var isFromOtherPhotos = false

  init() {}

  /// - Parameters:
  ///   - old: the content of the file that was made before.
  ///   - by: who chooses now; another chooser's choice is not kept.
  ///   - photos: the paths of all photos.
  ///   - standard: how long a pair is shown when its scene does not say.
  init(_ old: JSON?, scenes: [SceneWish], by: String, photos: Set<String>, standard: Milliseconds) {
    let wishes = Dictionary(scenes.map { ($0.name, $0) }) { first, _ in first }
    for pair in old?.array ?? [] {
      guard pair["by"]?.string == by, let first = pair["first"]?.string, let last = pair["last"]?.string,
        photos.contains(first), photos.contains(last), let id = pair["id"]?.string
      else { continue }
      let name = pair["scene"]?.string ?? ""
      guard scenes.isEmpty == name.isEmpty else { continue }
      var scene = wishes[name] ?? SceneWish(name: "")
      if scenes.isEmpty {
        scene.prompt = pair["prompt"]?.string ?? ""
        scene.camera = pair["camera"]?.string.flatMap(CameraMove.init) ?? scene.camera
        tour.append(id)
      } else if wishes[name] == nil || pair["wanted"]?.string != scene.tags.joined(separator: " ") {
        continue
      }
      let count = pair["of"]?.int ?? photos.count
      if count != photos.count { isFromOtherPhotos = true }
      kept[scenes.isEmpty ? id : name] = PhotoPair(
        id: id, first: first, last: last, scene: scene, standard: standard,
        score: pair["score"]?.number ?? 0, reason: pair["reason"]?.string ?? "", by: by, photoCount: count)
    }
  }

  /// The paths of the photos of kept pairs.
  var photos: Set<String> { Set(kept.values.flatMap { [$0.first, $0.last] }) }
}
