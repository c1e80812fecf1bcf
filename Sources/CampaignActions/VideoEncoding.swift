import CampaignCore
import CampaignEngine
import CampaignSyntax

/// How every picture stream of a campaign is encoded, so that pieces made apart can be joined without a second encode.
///
/// There are no B-frames: each packet is shown in the order in which it is stored, so that joins have no edit lists and
/// no timestamps that run backwards. The number of threads is fixed because x264 makes other bytes for another number.
/// A copy can begin at key frames alone: half a second and a second are where crossfades usually end. The header must be
/// the same whatever is encoded, so nothing in it is left to the source.
struct VideoEncoding: Hashable, Sendable {
  /// Raised when the same frames would be encoded otherwise.
  static let version = 2

  var size: FrameSize
  var fps: Int
  /// The x264 rate factor: 1 is nearly lossless, 18 looks like the original, 51 is the worst.
  var quality: Int

  /// What decides about the encoded bytes, for keys of pieces.
  var key: String { "\(Self.version) \(size) \(fps) \(quality)" }

  /// Encoder options for exactly `frames` frames, and the output.
  func arguments(frames: Int, output: String) -> [String] {
    [
      "-frames:v", "\(frames)", "-an", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1",
      "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "\(quality)", "-bf", "0",
      "-g", "\(2 * fps)", "-force_key_frames", "0.5,1", "-threads", "2", "-pix_fmt", "yuv420p",
      "-r", "\(fps)",
      "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
      "-chroma_sample_location", "left", "-video_track_timescale", "\(timescale)", "-fflags", "+bitexact",
      "-flags:v", "+bitexact",
    ] + Self.container + ["file:" + output]
  }

  /// An MP4 that starts to play before it is wholly there.
  static let container = ["-movflags", "+faststart", "-f", "mp4"]

  /// Ticks a second: a whole number of them for each frame.
  var timescale: Int { fps * 512 }

  /// Makes sure that a finished file is what was asked for, to the frame.
  func verify(_ path: String, frames: Int, job: Job) throws(StepFailure) {
    let info = try job.probe(path)
    guard let video = info.video, let count = video.frames else {
      throw StepFailure("ffmpeg made no picture stream")
    }
    guard count == frames, !info.isCutShort else {
      throw StepFailure("ffmpeg made \(count) frames where \(frames) were asked for")
    }
    let isAsAsked =
      video.codec == "h264" && video.size == size && video.pixelFormat == "yuv420p"
      && video.rate.value == Double(fps) && info.audio == nil
    guard isAsAsked else {
      throw StepFailure(
        "ffmpeg made \(video.codec) \(video.size) at \(video.rate.value) fps in \(video.pixelFormat), "
          + "where h264 \(size) at \(fps) fps in yuv420p was asked for")
    }
  }
}

extension Job {
  /// The parameters `size`, `fps` and `quality` that all actions with a picture share.
  var videoEncoding: VideoEncoding {
    VideoEncoding(size: size("size"), fps: count("fps"), quality: count("quality"))
  }
}

extension VideoEncoding {
  /// What the language may say of it.
  static let schema = [
    ParameterSchema("size", .size, standard: "1920x1080", "width and height of the picture, both even"),
    ParameterSchema("fps", .count(1...120), standard: "30", "frames a second"),
    ParameterSchema(
      "quality", .count(1...51), standard: "18", "x264 rate factor: lower is better and bigger"),
  ]

  /// Refuses sizes that 4:2:0 video cannot have.
  static func check(_ parameters: [Parameter]) throws(StepFailure) {
    guard let text = parameters.first(where: { $0.name == "size" })?.value, let size = FrameSize(text) else {
      return
    }
    guard size.width % 2 == 0, size.height % 2 == 0, size.width >= 16, size.height >= 16 else {
      throw StepFailure(
        "`size` \(text) cannot be encoded",
        help: "use an even width and height of at least 16, e.g. 1920x1080")
    }
  }
}
