import CampaignCore
import CampaignEngine

/// A photo that has been decoded in full, so that it is known to be whole.
struct DecodedPhoto: Hashable, Sendable {
  /// As displayed, after turning.
  var size: FrameSize
  var orientation: Orientation
}

/// Why a photo cannot be used, in words that follow its name.
struct PhotoProblem: Error, Hashable, Sendable, ExpressibleByStringLiteral {
  var reason: String

  init(stringLiteral reason: String) { self.reason = reason }
}

extension Job {
  /// Decodes a whole photo to find out whether it can be used; never again while its content is the same. Throws when
  /// nobody could look.
  func decode(photo: Input) throws(StepFailure) -> Result<DecodedPhoto, PhotoProblem> {
    guard let bytes = try? Files.read(resolve(photo.path)) else { return .failure("cannot be read") }
    guard !bytes.isEmpty else { return .failure("is empty") }
    let description = try describe(photo: photo)
    guard case .success(let described?) = description else {
      if case .failure(let problem) = description { return .failure(problem) }
      return .failure(
        Self.beginsAsPicture(bytes) ? "is cut short or damaged" : "is no picture that ffmpeg can read")
    }
    // ffmpeg takes harmless tags of TIFF files for errors when it is to be strict.
    let strictness = Self.beginsAsPicture(bytes) ? ["-err_detect", "explode"] : []
    let decoding =
      ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-xerror"] + strictness + ["-noautorotate"]
    guard !Self.isCutShort(bytes),
      try answer(decoding, about: photo, ending: ["-frames:v", "1", "-f", "null", "-"]) != nil
    else { return .failure("is cut short or damaged") }
    return .success(described)
  }

  /// Size and orientation, as the headers and the EXIF data of the first frame have them; nil without a frame.
  func describe(photo: Input) throws(StepFailure) -> Result<DecodedPhoto?, PhotoProblem> {
    let question = [
      "ffprobe", "-v", "error", "-read_intervals", "%+#2", "-select_streams", "v:0", "-show_frames",
      "-show_entries", "frame=width,height:frame_tags=Orientation", "-of", "json",
    ]
    guard let output = try answer(question, about: photo), let root = try? JSON.parse(output, repairs: true),
      let frame = root["frames"]?.array?.first, let width = frame["width"]?.int,
      let height = frame["height"]?.int, width > 0, height > 0
    else { return .success(nil) }
    guard root["frames"]?.array?.count == 1 else { return .failure("is a film, not a photo") }
    let orientation = Orientation(
      frame["tags"]?["Orientation"]?.string.flatMap { Int($0.filter(\.isNumber)) })
    let size = FrameSize(width: width, height: height)
    return .success(
      DecodedPhoto(
        size: orientation.isSideways ? FrameSize(width: height, height: width) : size,
        orientation: orientation))
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
