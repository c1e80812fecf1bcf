import CampaignCore
import CampaignEngine

/// A photo as the manifest lists it.
struct ManifestPhoto: Hashable, Sendable {
  var id: String
  var path: String
  var tags: [String]
  var description: String
  var orientation: Orientation

  /// Of all photos, by id.
  static func list(_ manifest: [JSON]) throws(StepFailure) -> [ManifestPhoto] {
    var photos: [ManifestPhoto] = []
    for (index, entry) in manifest.enumerated() {
      guard let id = entry["id"]?.string, let path = entry["path"]?.string else {
        throw StepFailure("photo \(index + 1) of the manifest has no `id` or no `path`")
      }
      photos.append(
        ManifestPhoto(
          id: id, path: path, tags: (entry["tags"]?.array ?? []).compactMap(\.string),
          description: entry["description"]?.string ?? "", orientation: Orientation(entry["orientation"]?.int)
        ))
    }
    return photos.sorted { $0.id < $1.id }
  }

  /// The list of photos among some files.
  static func manifest(in paths: [String]) -> [JSON]? {
    for path in paths {
      if let bytes = try? Files.read(path), let list = (try? JSON.parse(bytes))?.array { return list }
    }
    return nil
  }

  /// As a person would describe it.
  var caption: String {
    (description.isEmpty ? "" : description + "; ")
      + (tags.isEmpty ? "" : "tags: \(tags.joined(separator: " "))")
  }
}
