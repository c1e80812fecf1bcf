import CampaignCore
import CampaignEngine

/// One picture of a film or photo, for a person to look at.
package struct Still: Sendable {
  private let path: String

  package init(of path: String) { self.path = path }

  /// Writes a JPEG of a frame from the middle, or of the photo; its folder is made. Returns false when that fails.
  package func write(to output: String, width: Int) -> Bool {
    guard let folder = Files.folder(of: output), (try? Files.makeFolder(folder)) != nil else { return false }
    let middle = MediaInfo.seconds(of: path).map { $0 / 2 } ?? 0
    let seek = middle > 0 ? ["-ss", JSON.fixed(middle, places: 3)] : []
    let command = Command(
      ["ffmpeg", "-nostdin", "-y", "-loglevel", "error"] + seek + MediaInfo.source(path)
        + ["-frames:v", "1", "-vf", "scale=\(width):-2", "-q:v", "4", "-update", "1", "file:" + output])
    guard let result = try? command.run(log: "/dev/null", interrupt: Interrupt()) else { return false }
    return result.code == 0 && Files.exists(output)
  }
}
