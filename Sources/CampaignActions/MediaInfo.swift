import CampaignCore
import CampaignEngine

/// What ffprobe says of a picture, clip or piece of music.
package struct MediaInfo: Hashable, Sendable {
  package struct Video: Hashable, Sendable {
    package var codec: String
    package var size: FrameSize
    /// Frames a second, as a fraction.
    package var rate: Rational
    package var pixelFormat: String
    /// Counted packets; nil when there is nothing to count, as in a picture.
    package var frames: Int?
    /// The whole stream object, for fields that only one action needs.
    package var raw: JSON
  }

  package struct Audio: Hashable, Sendable {
    package var codec: String
    package var sampleRate: Int
    package var channels: Int
  }

  package struct Rational: Hashable, Sendable {
    package var numerator: Int
    package var denominator: Int
    package var value: Double { denominator == 0 ? 0 : Double(numerator) / Double(denominator) }

    init(_ text: String) {
      let parts = text.split(separator: "/")
      numerator = parts.first.flatMap { Int($0) } ?? 0
      denominator = parts.count > 1 ? Int(parts[1]) ?? 1 : 1
    }
  }

  package var video: Video?
  package var audio: Audio?
  /// Seconds; 0 for pictures.
  package var duration: Double
  /// E.g. `mov,mp4,m4a,3gp,3g2,mj2`, `image2`, `png_pipe`.
  package var format: String

  /// The ffprobe call whose output `init(json:path:)` reads.
  static func command(_ path: String) -> [String] {
    ["ffprobe", "-v", "error", "-count_packets", "-show_streams", "-show_format", "-of", "json", "-i", path]
  }

  init(json: [UInt8], path: String) throws(StepFailure) {
    guard let root = try? JSON.parse(json) else {
      throw StepFailure("ffprobe says nothing sensible of `\(path)`")
    }
    let streams = root["streams"]?.array ?? []
    format = root["format"]?["format_name"]?.string ?? ""
    duration = root["format"]?["duration"]?.string.flatMap { Double($0) } ?? 0
    if let stream = streams.first(where: { $0["codec_type"]?.string == "video" }) {
      video = Video(
        codec: stream["codec_name"]?.string ?? "",
        size: FrameSize(width: stream["width"]?.int ?? 0, height: stream["height"]?.int ?? 0),
        rate: Rational(stream["r_frame_rate"]?.string ?? "0/1"), pixelFormat: stream["pix_fmt"]?.string ?? "",
        frames: stream["nb_read_packets"]?.string.flatMap { Int($0) }, raw: stream)
    }
    if let stream = streams.first(where: { $0["codec_type"]?.string == "audio" }) {
      audio = Audio(
        codec: stream["codec_name"]?.string ?? "",
        sampleRate: stream["sample_rate"]?.string.flatMap { Int($0) } ?? 0,
        channels: stream["channels"]?.int ?? 0)
    }
  }
}
