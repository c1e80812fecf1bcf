import CampaignCore
import CampaignEngine

/// A photo of a manifest, with what it looks like.
struct CollectedPhoto: Hashable, Sendable {
  var id: String
  var path: String
  var tags: Set<String>
  /// Words of the description, lower-case, that are no tags.
  var words: Set<String>
  var features: PhotoFeatures
}

extension Job {
  /// Looks at each photo once.
  func look(at photos: [ManifestPhoto]) throws(StepFailure) -> [CollectedPhoto] {
    try twoAtOnce(photos, counting: "photos seen") { photo throws(StepFailure) in
      let tags = Set(photo.tags)
      let words = photo.description.lowercased().split { !$0.isLetter && !$0.isNumber }
      return CollectedPhoto(
        id: photo.id, path: photo.path, tags: tags, words: Set(words.map(String.init)).subtracting(tags),
        features: try features(of: photo.path, photo.orientation))
    }
  }

  private func features(of path: String, _ orientation: Orientation) throws(StepFailure) -> PhotoFeatures {
    let side = PhotoFeatures.side
    guard Files.exists(resolve(path)) else {
      throw StepFailure("`\(path)`, which the manifest names, is missing")
    }
    let thumbnail = try ffmpeg(
      ["-noautorotate"] + MediaInfo.source(path) + [
        "-vf", "\(orientation.filter)scale=\(side):\(side):flags=area,format=rgb24", "-frames:v", "1",
        "-f", "rawvideo", "-",
      ], capture: true)
    guard thumbnail.output.count == side * side * 3 else {
      throw StepFailure("`\(path)` is not a readable photo", help: "replace it")
    }
    return PhotoFeatures(rgb: thumbnail.output)
  }
}
