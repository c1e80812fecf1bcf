import CampaignCore
import CampaignEngine

/// A clip of a film, probed, and measured in whole frames of the film.
struct FilmClip: Sendable {
  let input: Job.Input
  let video: MediaInfo.Video
  /// Length in frames of the film.
  let length: Int

  init(_ input: Job.Input, fps: Int, job: Job) throws(StepFailure) {
    let info = try job.probe(input, as: "video")
    guard let video = info.video, (video.frames ?? 0) > 0 else {
      throw StepFailure("`\(input.path)` has no moving picture", help: "only clips can be combined")
    }
    self.input = input
    self.video = video
    let seconds = video.seconds ?? info.duration
    length = max(1, Int(nearest: (seconds * Double(fps)).rounded()))
  }

  /// Its packets can stand in a film between those of `other`: both come from the same encoder with the same settings,
  /// and have the size and rate of the film.
  func isLike(_ other: MediaInfo.Video, _ encoding: VideoEncoding) -> Bool {
    let aspect = video.raw["sample_aspect_ratio"]?.string ?? "1:1"
    return video.codec == "h264" && video.size == encoding.size && video.pixelFormat == "yuv420p"
      && video.rate.value == Double(encoding.fps) && video.frames == length && aspect == "1:1"
      && video.raw["side_data_list"] == nil
      && video.raw["extradata_hash"] != nil
      && [
        "extradata_hash", "index", "time_base", "start_pts", "has_b_frames", "codec_tag_string", "profile",
        "level", "color_range", "color_space",
      ]
      .allSatisfy { video.raw[$0] == other.raw[$0] }
  }

  /// The numbers of the frames at which a copy may begin, in order.
  ///
  /// Only the file itself knows: a parser takes every I-frame for one.
  func keyFrames(_ job: Job) throws(StepFailure) -> [Int] {
    let output = try job.answer(
      [
        "ffprobe", "-v", "error", "-fflags", "+noparse", "-select_streams", "v:0", "-show_entries",
        "packet=flags", "-of", "csv=p=0",
      ], about: input)
    guard let output else {
      throw StepFailure("`\(input.path)` is not a readable video", help: "make or copy it anew")
    }
    let flags = output.split(separator: UInt8(ascii: "\n"))
    return flags.indices.filter { flags[$0].first == UInt8(ascii: "K") }
  }
}

extension VideoEncoding {
  /// What a file is like that this encodes, whatever it shows.
  func sample(_ job: Job) throws(StepFailure) -> MediaInfo.Video? {
    var hasher = ContentHasher()
    hasher.append("sample \(key)")
    let piece = try job.pieces.piece(hasher.finish(), suffix: ".mp4") { path throws(StepFailure) in
      try job.ffmpeg(
        ["-f", "lavfi", "-i", "color=s=\(size):r=\(fps)"]
          + arguments(frames: 1, output: job.absolute(path)))
    }
    if let info = try? job.probe(piece.path), !info.isCutShort { return info.video }
    // A power cut can leave a piece that is there but not whole.
    Files.remove(piece.path)
    return piece.wasMade ? nil : try sample(job)
  }
}
