import CampaignCore

/// The content hashes of files that are served, by which browsers know what they have.
final class ContentTags: Sendable {
  private let known = Guarded<[String: (stamp: FileStamp, hash: ContentHash)]>([:])

  /// Reads the file when it is new or has changed.
  func hash(of path: String) -> ContentHash? {
    guard let stamp = FileStamp.of(path) else { return nil }
    if let found = known.withLock({ $0[path] }), found.stamp == stamp { return found.hash }
    guard let hash = try? Files.hash(path), FileStamp.of(path) == stamp else { return nil }
    known.withLock { $0[path] = (stamp, hash) }
    return hash
  }
}
