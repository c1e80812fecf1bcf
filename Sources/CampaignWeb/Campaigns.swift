import CampaignCore
import CampaignKit
import CampaignReporting
import Glibc

/// The campaigns below the served folder.
final class Campaigns: Sendable {
  /// Absolute, without symbolic links.
  let root: String
  private let served = Guarded<[String: ServedCampaign]>([:])
  /// How deep below the served folder campaigns are looked for.
  private static let depth = 3

  init(root: String) throws(FileError) {
    guard Files.isFolder(root), let path = realpath(root, nil) else {
      throw FileError("serve", root, code: ENOENT)
    }
    defer { free(path) }
    self.root = String(cString: path)
  }

  /// All of them, by folder. They are looked for anew: a campaign may come and go.
  func all() -> [ServedCampaign] {
    folders(below: ".", depth: 0).map { folder in
      served.withLock { served in
        if let known = served[folder] { return known }
        let campaign = ServedCampaign(id: id(of: folder), folder: folder, root: path(of: folder))
        served[folder] = campaign
        return campaign
      }
    }
  }

  func find(_ id: String) throws(Refusal) -> ServedCampaign {
    let known = served.withLock { $0.values.first { $0.id == id } }
    if let known, Files.exists(known.root + "/Campaignfile") { return known }
    if let found = all().first(where: { $0.id == id }) { return found }
    throw Refusal(.notFound, "there is no campaign `\(id)`")
  }

  /// The served folder is called by its name, those below it by their path.
  private func id(of folder: String) -> String {
    folder == "." ? Files.name(of: root) : folder.replacing("/", with: "~")
  }

  private func path(of folder: String) -> String { folder == "." ? root : root + "/" + folder }

  /// A Campaignfile that only names others is no campaign itself.
  private func folders(below folder: String, depth: Int) -> [String] {
    var options = Project.Options()
    options.root = path(of: folder)
    if Files.exists(options.root + "/Campaignfile"), ((try? Project.members(options)) ?? nil) == nil {
      return [folder]
    }
    guard depth < Self.depth else { return [] }
    return Files.names(in: options.root).filter {
      !$0.hasPrefix(".") && Self.isRealFolder(options.root + "/" + $0)
    }
    .flatMap { folders(below: folder == "." ? $0 : folder + "/" + $0, depth: depth + 1) }
  }

  /// Links are not followed: they may lead out, or in a circle.
  private static func isRealFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
