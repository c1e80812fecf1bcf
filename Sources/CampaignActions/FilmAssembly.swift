import CampaignCore
import CampaignEngine

/// The clips of one film, probed and measured in whole frames of the film, and the ways to join them.
struct FilmAssembly {
  private struct Clip {
    var input: Job.Input
    var video: MediaInfo.Video
    /// Length in frames of the film.
    var length: Int
  }

  private let job: Job
  private let encoding: VideoEncoding
  private let framing: Framing
  private let clips: [Clip]
  private let overlap: Int
  private let parts: [FilmPart]
  private var frames: Int { parts.reduce(0) { $0 + $1.count } }

  /// Probes all clips. Throws for one that is broken or too short for its crossfades.
  init(_ job: Job) throws(StepFailure) {
    self.job = job
    encoding = job.videoEncoding
    framing = job.framing
    let inputs = job.inputs.filter { SkippedClip(at: job.resolve($0.path)) == nil }
    guard !inputs.isEmpty else { throw StepFailure("`combine` has no clips to join") }
    let transition = Transition(job.text("transition")) ?? .cut
    overlap = transition.overlap(fps: encoding.fps)
    var clips: [Clip] = []
    for input in inputs { clips.append(try Self.measure(input, job: job, fps: encoding.fps)) }
    self.clips = clips
    for (number, clip) in clips.enumerated() {
      let needed = FilmPart.needed(clip: number, of: clips.count, overlap: overlap)
      guard clip.length >= needed else {
        throw StepFailure(
          "`\(clip.input.path)` is too short for `transition = \(job.text("transition"))`: "
            + "it has \(Self.seconds(clip.length, fps: encoding.fps))",
          help:
            "it must have \(Self.seconds(needed, fps: encoding.fps)): make the clip longer or the crossfade shorter"
        )
      }
    }
    parts = FilmPart.parts(lengths: clips.map(\.length), overlap: overlap)
  }

  private static func measure(_ input: Job.Input, job: Job, fps: Int) throws(StepFailure) -> Clip {
    let info = try job.probe(input, as: "video")
    guard let video = info.video, (video.frames ?? 0) > 0 else {
      throw StepFailure("`\(input.path)` has no moving picture", help: "only clips can be combined")
    }
    let seconds = video.seconds ?? info.duration
    return Clip(input: input, video: video, length: max(1, Int((seconds * Double(fps)).rounded())))
  }

  private static func seconds(_ frames: Int, fps: Int) -> String {
    "\(JSON.fixed(Double(frames) / Double(fps), places: 2)) s (\(frames) frames)"
  }

  /// "6 clips, 33.5 s, 11 of 11 pieces rendered".
  func report(made: Int) -> JobReport {
    let length = JSON.fixed(Double(frames) / Double(encoding.fps), places: 1)
    let work = made > 0 ? ", \(made) of \(parts.count) pieces rendered" : ""
    return JobReport(notes: ["\(clips.count) clip\(clips.count == 1 ? "" : "s"), \(length) s\(work)"])
  }

  // MARK: - without an encode

  /// All clips come from the same encoder with the asked size and rate, so that their packets can follow each other.
  var canBeCopied: Bool {
    guard overlap == 0 else { return false }
    let first = clips[0].video
    return clips.allSatisfy { clip in
      let video = clip.video
      let aspect = video.raw["sample_aspect_ratio"]?.string ?? "1:1"
      return video.codec == "h264" && video.size == encoding.size && video.pixelFormat == "yuv420p"
        && video.rate.value == Double(encoding.fps) && video.frames == clip.length && aspect == "1:1"
        && video.raw["side_data_list"] == nil
        && video.raw["extradata_hash"] != nil
        && [
          "extradata_hash", "time_base", "codec_tag_string", "profile", "level", "color_range", "color_space",
        ]
        .allSatisfy { video.raw[$0] == first.raw[$0] }
    }
  }

  /// Joins the clips as they are. False when the result is not sound, which is no failure: they can be encoded.
  func joinClips() throws(StepFailure) -> Bool {
    job.progress(0, "joining \(clips.count) clips")
    var files: [String] = []
    for clip in clips { files.append(try job.absolute(job.resolve(clip.input.path))) }
    do {
      try join(files, lengths: clips.map(\.length))
      return true
    } catch {
      guard !job.interrupt.isRaised else { throw error }
      return false
    }
  }

  // MARK: - with pieces

  /// Renders what is not yet there of the film and joins it. Returns the number of pieces that had to be rendered.
  func joinPieces() throws(StepFailure) -> Int {
    var files: [String] = []
    var made = 0
    for (number, part) in parts.enumerated() {
      let share = Double(number) / Double(parts.count)...Double(number + 1) / Double(parts.count)
      let words = "piece \(number + 1) of \(parts.count)"
      job.progress(share.lowerBound, words)
      let piece = try job.pieces.piece(key(of: part), suffix: ".mp4") { path throws(StepFailure) in
        try render(part, to: job.absolute(path), share, words)
      }
      made += piece.wasMade ? 1 : 0
      files.append(try job.absolute(piece.path))
    }
    job.progress(1, "joining \(parts.count) pieces")
    do {
      try join(files, lengths: parts.map(\.count))
      return made
    } catch {
      // A power cut can leave a piece that is there but not whole.
      let spoilt = files.filter { MediaInfo.damage(of: $0, needsVideo: true, needsAudio: false) != nil }
      guard !spoilt.isEmpty, !job.interrupt.isRaised else { throw error }
      spoilt.forEach(Files.remove)
      return try made + joinPieces()
    }
  }

  private func key(of part: FilmPart) -> ContentHash {
    var hasher = ContentHasher()
    hasher.append("combine 1 \(encoding.key) \(framing.fit.rawValue) \(framing.focus.x) \(framing.focus.y)")
    switch part {
    case .body(let clip, let from, let count):
      hasher.append("body \(from) \(count)")
      hasher.append(clips[clip].input.hash)
    case .crossfade(let left, let from, let count):
      hasher.append("crossfade \(from) \(count)")
      hasher.append(clips[left].input.hash)
      hasher.append(clips[left + 1].input.hash)
    }
    return hasher.finish()
  }

  private func render(_ part: FilmPart, to path: String, _ share: ClosedRange<Double>, _ words: String)
    throws(StepFailure)
  {
    let sources: [Clip]
    let graph: String
    switch part {
    case .body(let clip, let from, let count):
      sources = [clips[clip]]
      graph = "[0:v:0]\(frames(of: clips[clip], label: "a", from: from, count: count))[film]"
    case .crossfade(let left, let from, let count):
      sources = [clips[left], clips[left + 1]]
      let length = Double(count) / Double(encoding.fps)
      graph =
        "[0:v:0]\(frames(of: sources[0], label: "a", from: from, count: count))[left];"
        + "[1:v:0]\(frames(of: sources[1], label: "b", from: 0, count: count))[right];"
        + "[left][right]xfade=transition=fade:offset=0:duration=\(length)[film]"
    }
    try job.encode(
      sources.flatMap { MediaInfo.source($0.input.path) } + ["-filter_complex", graph, "-map", "[film]"]
        + encoding.arguments(frames: part.count, output: path),
      frames: part.count, part: share, words: words)
    try encoding.verify(path, frames: part.count, job: job)
  }

  /// The filter chain from a clip to some of its frames as the film shows them.
  private func frames(of clip: Clip, label: String, from: Int, count: Int) -> String {
    let space = clip.video.raw["color_space"]?.string ?? "unknown"
    let framed = framing.filter(label: label, isTagged: space != "unknown")
    return "setpts=PTS-STARTPTS,fps=\(encoding.fps),tpad=stop_mode=clone:stop=2"
      + ",trim=start_frame=\(from):end_frame=\(from + count),\(framed)"
      + ",settb=1/\(encoding.fps),setpts=N,fps=\(encoding.fps)"
  }

  // MARK: - joining

  /// Copies the packets of files, one after the other, and makes sure that each frame has its place.
  ///
  /// ffmpeg takes the length of a file from its header, in milliseconds, which adds up to whole frames over a film: it is
  /// given the true lengths, and times are brought back to whole frames.
  private func join(_ files: [String], lengths: [Int]) throws(StepFailure) {
    let list = job.scratch("files.ffconcat")
    let ticks = encoding.timescale / encoding.fps
    let lines = zip(files, lengths).map { file, length in
      "file '\(file.replacing("'", with: "'\\''"))'\n"
        + "duration \(JSON.fixed(Double(length) / Double(encoding.fps), places: 6))\n"
    }
    do {
      try Files.write("ffconcat version 1.0\n" + lines.joined(), to: job.resolve(list))
    } catch { throw StepFailure(error) }
    try job.ffmpeg(
      ["-f", "concat", "-safe", "0"] + MediaInfo.source(list)
        + ["-map", "0:v:0", "-c", "copy"]
        + [
          "-bsf:v",
          "setts=pts=round(PTS/\(ticks))*\(ticks):dts=round(DTS/\(ticks))*\(ticks):duration=\(ticks)",
        ]
        + ["-video_track_timescale", "\(encoding.timescale)", "-map_metadata", "-1", "-fflags", "+bitexact"]
        + VideoEncoding.container + ["file:" + job.staged[0]])
    try encoding.verify(job.staged[0], frames: frames, job: job)
    try verifyTimes()
  }

  /// Every frame is shown one frame's time after the one before.
  private func verifyTimes() throws(StepFailure) {
    let result = try job.run(
      [
        "ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts_time", "-of",
        "csv=p=0",
      ]
        + MediaInfo.source(job.staged[0]), capture: true)
    let times = result.text.split(whereSeparator: { $0 == "\n" || $0 == "," }).compactMap { Double($0) }
      .sorted()
    let isEven = times.enumerated().allSatisfy { number, time in
      abs(time - times[0] - Double(number) / Double(encoding.fps)) < 0.1 / Double(encoding.fps)
    }
    guard times.count == frames, times.first == 0, isEven else {
      throw StepFailure("the joined film has uneven frames")
    }
  }
}
