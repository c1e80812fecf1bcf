import CampaignCore
import CampaignEngine

/// One picture of a film or photo, for a person to look at.
package struct Still: Sendable {
  /// The frame of a film; a photo is the same everywhere.
  package enum Moment: String, CaseIterable, Sendable { case start, middle, end }

  private let path: String
  private let moment: Moment

  package init(of path: String, at moment: Moment = .middle) {
    self.path = path
    self.moment = moment
  }

  /// Writes a JPEG of the frame, or of the photo; its folder is made. Returns false when that fails.
  package func write(to output: String, width: Int) -> Bool {
    guard let folder = Files.folder(of: output), (try? Files.makeFolder(folder)) != nil else { return false }
    let command = Command(
      ["ffmpeg", "-nostdin", "-y", "-loglevel", "error"] + seek + MediaInfo.source(path) + frames
        + ["-vf", "scale=\(width):-2", "-q:v", "4", "-update", "1", "file:" + output])
    guard let result = try? command.run(log: "/dev/null", interrupt: Interrupt()) else { return false }
    return result.code == 0 && Files.exists(output)
  }

  private var seek: [String] {
    guard moment != .start, let seconds = MediaInfo.seconds(of: path), seconds > 0 else { return [] }
    return moment == .end ? ["-sseof", "-0.5"] : ["-ss", JSON.fixed(seconds / 2, places: 3)]
  }

  /// Of the last half second each frame is written over the one before.
  private var frames: [String] { moment == .end ? [] : ["-frames:v", "1"] }
}
