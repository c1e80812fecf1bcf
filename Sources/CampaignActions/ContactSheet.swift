import CampaignCore
import CampaignEngine

/// Photos side by side on one picture, for a person to look at.
package struct ContactSheet {
  private static let tile = FrameSize(width: 384, height: 216)

  private let pairs: [(first: String, last: String)]
  /// Pairs in a row.
  private let columns: Int

  package init(pairs: [(first: String, last: String)], columns: Int = 2) {
    self.pairs = pairs
    self.columns = columns
  }

  /// Writes a JPEG file, whose folder exists; all paths are relative to `root`. The pairs go from left to right and from top to bottom.
  package func write(to path: String, root: String) throws(FileError) {
    let photos = pairs.flatMap { [$0.first, $0.last] }
    let width = columns * 2
    let (w, h) = (Self.tile.width, Self.tile.height)
    var filters: [String] = []
    var places: [String] = []
    for index in photos.indices {
      filters.append(
        "[\(index)]scale=\(w):\(h):force_original_aspect_ratio=decrease,pad=\(w):\(h):-1:-1,setsar=1[p\(index)]"
      )
      places.append("\(index % width * w)_\(index / width * h)")
    }
    let labels = photos.indices.map { "[p\($0)]" }.joined()
    let stack = "\(labels)xstack=inputs=\(photos.count):layout=\(places.joined(separator: "|")):fill=white"
    var command = Command(
      ["ffmpeg", "-nostdin", "-y", "-loglevel", "error"] + photos.flatMap { MediaInfo.source($0) }
        + ["-filter_complex", (filters + [stack]).joined(separator: ";"), "-frames:v", "1", "-q:v", "3"])
    command.folder = root
    command.arguments += ["-update", "1", "file:" + path]
    guard try command.run(log: "/dev/null", interrupt: Interrupt()).code == 0 else {
      throw FileError("make", path, code: 5)
    }
  }
}
