import CampaignActions
import CampaignCore

/// What ffprobe says of films, asked once for each content.
final class MediaTable: Sendable {
  private let known = Guarded<[String: (stamp: FileStamp, info: MediaInfo?)]>([:])

  func of(_ path: String, _ stamp: FileStamp) -> MediaInfo? {
    if let found = known.withLock({ $0[path] }), found.stamp == stamp { return found.info }
    let info = MediaInfo.of(path)
    known.withLock { $0[path] = (stamp, info) }
    return info
  }
}
