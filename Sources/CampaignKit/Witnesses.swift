import CampaignCore
import CampaignEngine

/// Notes what a campaign is read from, each file and folder with its stamp from before it was read.
final class Witnesses {
  private let root: String
  private(set) var files: [WatchedFile] = []
  /// Their paths by bytes: what only looks alike is two.
  private var noted: Set<[UInt8]> = []

  init(root: String) { self.root = root }

  /// Call it before reading the file, or listing the folder, at `path`, which is relative to the workspace.
  func note(_ path: String) {
    guard noted.insert(Array(path.utf8)).inserted else { return }
    var stamp = FileStamp.ofAnything(root == "." || path.hasPrefix("/") ? path : root + "/" + path)
    // Changed within the clock's tick: one more change might leave the same stamp.
    if FileHash.isRacy(stamp, hashedAt: FileHash.clock()) { stamp = .unseen }
    files.append(WatchedFile(path: path, stamp: stamp))
  }
}
