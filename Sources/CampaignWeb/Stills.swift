import CampaignActions
import CampaignCore
import CampaignEngine
import Glibc

/// Small pictures of photos and films, made when they are first asked for.
struct Stills: Sendable {
  static let widths = [160, 320, 640, 960]

  /// A JPEG for a content and a width; it is kept beside the pictures for approvals, and `campaign clean logs` removes it.
  static func picture(
    of path: String, at moment: Still.Moment, hash: ContentHash, width: Int, root: String
  ) throws(Refusal) -> String {
    let name = "\(folder(root))/\(hash.hex)-\(width)" + (moment == .middle ? "" : "-\(moment)")
    let picture = name + ".jpg"
    if Files.exists(picture) { return picture }
    let staged = "\(name)-\(UInt64.random(in: 0 ... .max)).jpg"
    defer { Files.remove(staged) }
    guard Still(of: path, at: moment).write(to: staged, width: width) else {
      throw Refusal(.unprocessableContent, "there is no picture of this file")
    }
    do { try Files.rename(staged, to: picture) } catch {
      throw Refusal(.internalServerError, error.description)
    }
    return picture
  }

  /// The largest picture that was made of a content, which need not be there any more.
  static func known(of hash: ContentHash, root: String) -> String? {
    widths.reversed().map { "\(folder(root))/\(hash.hex)-\($0).jpg" }.first(where: Files.exists)
  }

  private static func folder(_ root: String) -> String { StateFolder(root: root).path + "/review/stills" }
}
