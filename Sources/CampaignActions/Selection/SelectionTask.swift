import CampaignCore
import CampaignEngine

/// What has to be chosen: scenes without a pair, and the photos that are free for them.
struct SelectionTask {
  let scenes: [SceneWish]
  /// How many pairs a tour has.
  let count: Int
  let standard: Milliseconds
  /// Who chooses.
  let by: String
  /// By id.
  let photos: [ManifestPhoto]
  private let earlier: EarlierChoice

  /// - Parameter earlier: the pairs that were chosen before; nil: choose anew.
  init(_ action: Action, photos: [ManifestPhoto], earlier: JSON?) throws(StepFailure) {
    scenes = try SceneWish.list(action["scenes"])
    count = Int(action["count"] ?? "") ?? 7
    standard = Milliseconds(action["clip"] ?? "") ?? Milliseconds(4000)
    by = action["by"] ?? "local"
    self.photos = photos
    let known = EarlierChoice(
      earlier, scenes: scenes, by: by, photos: Set(photos.map(\.path)), standard: standard)
    // A tour is chosen as a whole.
    let isWhole = !scenes.isEmpty || known.kept.count == min(count, photos.count / 2)
    self.earlier = isWhole ? known : EarlierChoice()
  }

  var missing: [SceneWish] { scenes.filter { earlier.kept[$0.name] == nil } }

  /// Photos of no kept pair.
  var free: [ManifestPhoto] {
    let taken = earlier.photos
    return photos.filter { !taken.contains($0.path) }
  }

  /// There is nothing to choose, or nothing to choose from.
  var isDone: Bool {
    scenes.isEmpty ? !earlier.tour.isEmpty : missing.isEmpty || !earlier.kept.isEmpty && free.count < 2
  }

  /// All pairs, in the order of the scenes.
  func merged(with new: [PhotoPair]) -> [PhotoPair] {
    guard !scenes.isEmpty else {
      return earlier.tour.isEmpty ? new : earlier.tour.compactMap { earlier.kept[$0] }
    }
    let chosen = Dictionary(new.map { ($0.scene.name, $0) }) { first, _ in first }
    return scenes.compactMap { earlier.kept[$0.name] ?? chosen[$0.name] }
  }

  /// What the user should know of the result.
  func notes(on pairs: [PhotoPair]) -> [String] {
    var notes: [String] = []
    if scenes.isEmpty, pairs.count < count {
      notes.append("\(pairs.count) of \(count) pairs made: there are \(photos.count) photos")
    }
    let served = Set(pairs.map(\.scene.name))
    let leftOut = scenes.filter { !served.contains($0.name) }.map { "`\($0.name)`" }
    if !leftOut.isEmpty {
      notes.append(
        "\(scenes.count - leftOut.count) of \(scenes.count) scenes served: \(photos.count) photos do "
          + "not suffice for \(leftOut.joined(separator: ", "))")
    }
    if earlier.isFromOtherPhotos {
      notes.append("kept a choice that was made among other photos: `campaign build --reselect` chooses anew")
    }
    return notes
  }
}
