import CampaignCore
import CampaignEngine

/// A photo that has been decoded in full, so that it is known to be whole.
struct DecodedPhoto: Hashable, Sendable {
  /// As displayed, after turning.
  var size: FrameSize
  var orientation: Orientation
}

/// Why a photo cannot be used, in words that follow its name.
struct PhotoProblem: Error, Hashable, Sendable {
  var reason: String

  init(_ reason: String) { self.reason = reason }
}

extension Job {
  /// Decodes a whole photo once, to find out whether it can be used.
  func decode(photo path: String) throws(PhotoProblem) -> DecodedPhoto {
    guard let bytes = try? Files.read(resolve(path)) else { throw PhotoProblem("cannot be read") }
    guard !bytes.isEmpty else { throw PhotoProblem("is empty") }
    guard let described = try describe(photo: path) else {
      throw PhotoProblem(
        Self.beginsAsPicture(bytes) ? "is cut short or damaged" : "is no picture that ffmpeg can read")
    }
    // ffmpeg takes harmless tags of TIFF files for errors when it is to be strict.
    let strictness = Self.beginsAsPicture(bytes) ? ["-err_detect", "explode"] : []
    let decoding =
      ["-xerror"] + strictness + ["-noautorotate"] + MediaInfo.source(path)
      + ["-frames:v", "1", "-f", "null", "-"]
    guard !Self.isCutShort(bytes), (try? ffmpeg(decoding)) != nil else {
      throw PhotoProblem("is cut short or damaged")
    }
    return described
  }

  /// Size and orientation, as the headers and the EXIF data of the first frame have them; nil without a frame.
  private func describe(photo path: String) throws(PhotoProblem) -> DecodedPhoto? {
    let command =
      [
        "ffprobe", "-v", "error", "-read_intervals", "%+#2", "-select_streams", "v:0", "-show_frames",
        "-show_entries", "frame=width,height:frame_tags=Orientation", "-of", "json",
      ] + MediaInfo.source(path)
    guard let output = try? run(command, capture: true).output, let root = try? JSON.parse(output),
      let frame = root["frames"]?.array?.first, let width = frame["width"]?.int,
      let height = frame["height"]?.int, width > 0, height > 0
    else { return nil }
    guard root["frames"]?.array?.count == 1 else { throw PhotoProblem("is a film, not a photo") }
    let orientation = Orientation(
      frame["tags"]?["Orientation"]?.string.flatMap { Int($0.filter(\.isNumber)) })
    let size = FrameSize(width: width, height: height)
    return DecodedPhoto(
      size: orientation.isSideways ? FrameSize(width: height, height: width) : size,
      orientation: orientation)
  }

  /// The signature of a JPEG, PNG or WebP.
  private static func beginsAsPicture(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0xFF, 0xD8]) || bytes.starts(with: [0x89, 0x50, 0x4E, 0x47])
      || bytes.starts(with: "RIFF".utf8)
  }

  /// A JPEG whose data do not come to their end marker; decoders paint the rest grey without a word.
  static func isCutShort(_ bytes: [UInt8]) -> Bool {
    guard bytes.starts(with: [0xFF, 0xD8]) else { return false }
    var offset = 2
    // Segments before the data may hold thumbnails, which have end markers of their own.
    while offset + 3 < bytes.count, bytes[offset] == 0xFF, bytes[offset + 1] != 0xDA {
      offset += bytes[offset + 1] == 0xFF ? 1 : 2 + Int(bytes[offset + 2]) << 8 + Int(bytes[offset + 3])
    }
    guard offset < bytes.count else { return true }
    return !zip(bytes[offset...], bytes[offset...].dropFirst()).contains { $0 == 0xFF && $1 == 0xD9 }
  }
}
