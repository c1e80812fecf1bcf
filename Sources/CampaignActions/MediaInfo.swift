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
    /// Length of the stream, which may differ from that of the file; nil when it does not say.
    package var seconds: Double?
    /// The whole stream object, for fields that only one action needs.
    package var raw: JSON
  }

  package struct Audio: Hashable, Sendable {
    package var codec: String
    package var sampleRate: Int
    package var channels: Int
    /// Seconds.
    package var duration: Double
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
  /// A stream has fewer packets than its header promises.
  package var isCutShort: Bool

  /// The ffprobe call whose output `init(json:path:)` reads.
  static func command(_ path: String) -> [String] { question + source(path) }

  /// That call without the file.
  static let question = [
    "ffprobe", "-v", "error", "-fflags", "+discardcorrupt", "-count_packets", "-show_streams", "-show_format",
    "-show_data_hash", "md5", "-of", "json",
  ]

  /// The arguments that make ffmpeg or ffprobe read the file `path`, whatever characters are in its name.
  ///
  /// ffmpeg takes some names of pictures for patterns (`%d`, `{`, `*`) unless it is told that they are none.
  static func source(_ path: String) -> [String] {
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    let isPicture =
      ["jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff"].contains(ending)
      && path.contains { "%*?{[".contains($0) }
    return (isPicture ? ["-f", "image2", "-pattern_type", "none"] : []) + ["-i", "file:" + path]
  }

  /// What is wrong with a finished film, clip or piece of music, in words; nil when it is sound.
  ///
  /// Reads all packets, so that a file cut short by a full disk is seen although its header is whole.
  package static func damage(of path: String, needsVideo: Bool, needsAudio: Bool) -> String? {
    let probe = Command(command(path))
    let result: Command.Result
    do throws(FileError) {
      result = try probe.run(log: "/dev/null", capture: true, interrupt: Interrupt())
    } catch { return "it cannot be checked: \(error)" }
    if let problem = result.breakdown(of: "ffprobe") { return "it cannot be checked: \(problem)" }
    guard result.code == 0, let info = try? MediaInfo(json: result.output, path: path),
      info.video != nil || info.audio != nil
    else {
      return "it is not a readable media file"
    }
    if needsVideo && info.video == nil { return "it has no picture" }
    if needsAudio && info.audio == nil { return "it has no sound" }
    return info.isCutShort ? "it is cut short" : nil
  }

  /// What a film, clip, picture or piece of music is; nil when it is none, or cannot be read.
  package static func of(_ path: String) -> MediaInfo? {
    let probe = Command(command(path))
    guard let result = try? probe.run(log: "/dev/null", capture: true, interrupt: Interrupt()),
      result.code == 0
    else { return nil }
    return try? MediaInfo(json: result.output, path: path)
  }

  /// How long a film is, in seconds; 0 for pictures, nil for what is no medium.
  package static func seconds(of path: String) -> Double? {
    let probe = Command(
      ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"] + source(path))
    guard let result = try? probe.run(log: "/dev/null", capture: true, interrupt: Interrupt()),
      result.code == 0
    else { return nil }
    let seconds = Double(result.text.prefix { $0 != "\n" }) ?? 0
    // What ffmpeg calls the length of a picture is that of one frame.
    return seconds > 0.05 ? seconds : 0
  }

  /// What ffprobe says of a file; nil when it says itself that this is no medium.
  ///
  /// Throws when it could not look: it is not there, was ended, or failed over something else than the file.
  static func examine(_ path: String, in folder: String, log: String, interrupt: Interrupt)
    throws(StepFailure)
    -> MediaInfo?
  {
    var probe = Command(question + ["-show_error"] + source(path))
    probe.folder = folder
    let result: Command.Result
    do { result = try probe.run(log: log, capture: true, interrupt: interrupt) } catch {
      guard error.code == 2 else { throw StepFailure(error) }
      throw StepFailure("`ffprobe` is not installed", help: "run `campaign doctor` to see what is missing")
    }
    guard !interrupt.isRaised else { throw StepFailure("interrupted") }
    let answer = try? JSON.parse(result.output)
    if let code = answer?["error"]?["code"]?.int, isVerdict(code) { return nil }
    guard result.code == 0, let answer, answer["streams"]?.array != nil else {
      throw StepFailure("`ffprobe` failed with exit code \(result.code)")
    }
    return MediaInfo(answer)
  }

  /// Whether an error of ffprobe is about what a file holds: invalid data, or its end too soon. All others, e.g. too
  /// many open files, say nothing of it.
  static func isVerdict(_ code: Int) -> Bool { code == -0x4144_4E49 || code == -0x2046_4F45 }

  init(json: [UInt8], path: String) throws(StepFailure) {
    guard let root = try? JSON.parse(json, repairs: true) else {
      throw StepFailure("ffprobe says nothing sensible of `\(path)`")
    }
    self.init(root)
  }

  init(_ root: JSON) {
    let streams = root["streams"]?.array ?? []
    format = root["format"]?["format_name"]?.string ?? ""
    duration = root["format"]?["duration"]?.string.flatMap { Double($0) } ?? 0
    isCutShort = streams.contains { stream in
      guard let promised = stream["nb_frames"]?.string.flatMap({ Int($0) }) else { return false }
      return (stream["nb_read_packets"]?.string.flatMap { Int($0) } ?? 0) < promised
    }
    if let stream = streams.first(where: { $0["codec_type"]?.string == "video" }) {
      video = Video(
        codec: stream["codec_name"]?.string ?? "",
        size: FrameSize(width: stream["width"]?.int ?? 0, height: stream["height"]?.int ?? 0),
        rate: Rational(stream["r_frame_rate"]?.string ?? "0/1"), pixelFormat: stream["pix_fmt"]?.string ?? "",
        frames: stream["nb_read_packets"]?.string.flatMap { Int($0) },
        seconds: stream["duration"]?.string.flatMap { Double($0) }, raw: stream)
    }
    if let stream = streams.first(where: { $0["codec_type"]?.string == "audio" }) {
      audio = Audio(
        codec: stream["codec_name"]?.string ?? "",
        sampleRate: stream["sample_rate"]?.string.flatMap { Int($0) } ?? 0,
        channels: stream["channels"]?.int ?? 0,
        duration: stream["duration"]?.string.flatMap { Double($0) } ?? duration)
    }
  }
}

extension Command.Result {
  /// What kept a program from doing its work, in words: the loader did not find all of it, or a signal ended it. Nil: it
  /// came to its own end, good or bad, and its exit code is its answer.
  func breakdown(of program: String) -> String? {
    switch code {
    case 126, 127: "`\(program)` cannot be run: exit code \(code)"
    case 129...159: "`\(program)` was ended by signal \(code - 128)"
    default: nil
    }
  }
}
