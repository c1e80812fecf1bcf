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
  /// The photos of the manifest, each looked at once, in the order of their ids.
  func collectedPhotos() throws(StepFailure) -> [CollectedPhoto] {
    let entries = try manifest()
    var photos: [CollectedPhoto] = []
    for (index, entry) in entries.enumerated() {
      guard let id = entry["id"]?.string, let path = entry["path"]?.string else {
        throw StepFailure("photo \(index + 1) of the manifest has no `id` or no `path`")
      }
      let tags = Set((entry["tags"]?.array ?? []).compactMap(\.string))
      let words = (entry["description"]?.string ?? "").lowercased().split { !$0.isLetter && !$0.isNumber }
      photos.append(
        CollectedPhoto(
          id: id, path: path, tags: tags, words: Set(words.map(String.init)).subtracting(tags),
          features: try features(of: path, Orientation(entry["orientation"]?.int))))
      progress(Double(index + 1) / Double(entries.count), "\(index + 1) of \(entries.count) photos seen")
    }
    return photos.sorted { $0.id < $1.id }
  }

  /// The first input that is a JSON list.
  private func manifest() throws(StepFailure) -> [JSON] {
    for input in inputs {
      if let bytes = try? Files.read(resolve(input.path)), let list = (try? JSON.parse(bytes))?.array {
        return list
      }
    }
    throw StepFailure(
      "no input is a manifest of photos", help: "make one with `collect` and write it after the colon")
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
