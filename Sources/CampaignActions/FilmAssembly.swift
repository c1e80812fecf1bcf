import CampaignCore
import CampaignEngine

/// The clips of one film, cut into parts: some are copied out of the clips as they are, the others are rendered as
/// pieces that are kept by their content.
struct FilmAssembly: Sendable {
  /// Frames of a file that follow those of other files without an encode.
  private struct Stretch {
    var file: String
    /// The first frame; nil: all of the file.
    var from: Int?
    var count: Int
    /// Whether a piece had to be rendered; nil for what is copied.
    var wasMade: Bool?
  }

  private let job: Job
  private let encoding: VideoEncoding
  private let framing: Framing
  private let clips: [FilmClip]
  /// Which clips are like the pieces, so that their frames can be copied.
  private let areLike: [Bool]
  private let parts: [FilmPart]
  private var frames: Int { parts.reduce(0) { $0 + $1.count } }

  /// Probes all clips. Throws for one that is broken or too short for its crossfades.
  init(_ job: Job, copies: Bool = true) throws(StepFailure) {
    self.job = job
    encoding = job.videoEncoding
    framing = job.framing
    let inputs = job.inputs.filter { SkippedClip(at: job.resolve($0.path)) == nil }
    guard !inputs.isEmpty else { throw StepFailure("`combine` has no clips to join") }
    clips = try job.twoAtOnce(inputs) { [fps = encoding.fps] input throws(StepFailure) in
      try FilmClip(input, fps: fps, job: job)
    }
    let overlap = (Transition(job.text("transition")) ?? .cut).overlap(fps: encoding.fps)
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
    areLike =
      copies
      ? try Self.areLike(clips, isCut: overlap == 0, encoding, job)
      : Array(repeating: false, count: clips.count)
    let keyFrames = try job.twoAtOnce(Array(zip(clips, areLike))) { clip, isLike throws(StepFailure) in
      isLike ? try clip.keyFrames(job) : []
    }
    parts = FilmPart.parts(lengths: clips.map(\.length), overlap: overlap, keyFrames: keyFrames)
  }

  /// Where no piece stands between them, clips need not be like what we encode, if only they are alike.
  private static func areLike(
    _ clips: [FilmClip], isCut: Bool, _ encoding: VideoEncoding, _ job: Job
  ) throws(StepFailure) -> [Bool] {
    let isWithoutPieces = isCut || clips.count == 1
    if isWithoutPieces, clips.allSatisfy({ $0.isLike(clips[0].video, encoding) }) {
      return clips.map { _ in true }
    }
    guard clips.contains(where: { $0.isLike($0.video, encoding) }), let sample = try encoding.sample(job)
    else { return clips.map { _ in false } }
    return clips.map { $0.isLike(sample, encoding) }
  }

  private static func seconds(_ frames: Int, fps: Int) -> String {
    "\(JSON.fixed(Double(frames) / Double(fps), places: 2)) s (\(frames) frames)"
  }

  /// "6 clips, 33.5 s, 2 of 5 pieces rendered".
  private func report(made: Int) -> JobReport {
    let length = JSON.fixed(Double(frames) / Double(encoding.fps), places: 1)
    let work = made > 0 ? ", \(made) of \(parts.count { $0.isRendered }) pieces rendered" : ""
    return JobReport(notes: ["\(clips.count) clip\(clips.count == 1 ? "" : "s"), \(length) s\(work)"])
  }

  // MARK: - The parts

  /// Renders what is not yet there of the film and joins all of it. `made` pieces were rendered before.
  func perform(made: Int = 0) throws(StepFailure) -> JobReport {
    let stretches = try job.twoAtOnce(parts, counting: "parts", stretch)
    let made = made + stretches.count { $0.wasMade == true }
    job.progress(1, "joining \(parts.count) parts")
    do { try join(stretches) } catch {
      guard !job.interrupt.isRaised else { throw error }
      // A power cut can leave a piece that is there but not whole.
      let spoilt = stretches.filter { $0.wasMade != nil }.map(\.file).filter {
        MediaInfo.damage(of: $0, needsVideo: true, needsAudio: false) != nil
      }
      spoilt.forEach(Files.remove)
      if !spoilt.isEmpty { return try perform(made: made) }
      // Clips can be less sound than their headers say.
      guard areLike.contains(true) else { throw error }
      return try FilmAssembly(job, copies: false).perform(made: made)
    }
    return report(made: made)
  }

  private func stretch(_ part: FilmPart) throws(StepFailure) -> Stretch {
    if case .copy(let clip, let from, let count) = part {
      let file = try job.absolute(job.resolve(clips[clip].input.path))
      return Stretch(file: file, from: count == clips[clip].length ? nil : from, count: count)
    }
    let piece = try job.pieces.piece(key(of: part), suffix: ".mp4") { path throws(StepFailure) in
      try render(part, to: job.absolute(path))
    }
    return Stretch(file: try job.absolute(piece.path), count: part.count, wasMade: piece.wasMade)
  }

  private func key(of part: FilmPart) -> ContentHash {
    var hasher = ContentHasher()
    hasher.append("combine 2 \(encoding.key) \(framing.fit.rawValue) \(framing.focus.x) \(framing.focus.y)")
    switch part {
    case .copy(let clip, let from, let count), .body(let clip, let from, let count):
      hasher.append("body \(from) \(count)")
      hasher.append(clips[clip].input.hash)
    case .crossfade(let left, let from, let count, let rest):
      hasher.append("crossfade \(from) \(count) \(rest)")
      hasher.append(clips[left].input.hash)
      hasher.append(clips[left + 1].input.hash)
    }
    return hasher.finish()
  }

  private func render(_ part: FilmPart, to path: String) throws(StepFailure) {
    let sources: [String]
    let graph: String
    switch part {
    case .copy(let clip, let from, let count), .body(let clip, let from, let count):
      let body = frames(of: clip, label: "a", from: from, count: count)
      sources = body.source
      graph = "[0:v:0]\(body.filter)[film]"
    case .crossfade(let left, let from, let count, let rest):
      let length = Double(count) / Double(encoding.fps)
      // `xfade` needs a left picture as long as there is a right one.
      let end = frames(of: left, label: "a", from: from, count: count, still: rest)
      let start = frames(of: left + 1, label: "b", from: 0, count: count + rest)
      sources = end.source + start.source
      graph =
        "[0:v:0]\(end.filter)[left];[1:v:0]\(start.filter)[right];"
        + "[left][right]xfade=transition=fade:offset=0:duration=\(length)[film]"
    }
    try job.ffmpeg(
      sources + ["-filter_complex", graph, "-map", "[film]"]
        + encoding.arguments(frames: part.count, output: path))
    try encoding.verify(path, frames: part.count, job: job)
  }

  /// The input and the filter chain that give `count` frames of a clip as the film shows them, then `still` frames that
  /// only stand there.
  private func frames(
    of clip: Int, label: String, from: Int, count: Int, still: Int = 0
  ) -> (source: [String], filter: String) {
    let space = clips[clip].video.raw["color_space"]?.string ?? "unknown"
    let framed = framing.filter(label: label, isTagged: space != "unknown")
    // Where every frame has its exact time, those before the first need not be decoded.
    let isSought = areLike[clip] && from > 0
    let seek = isSought ? ["-ss", JSON.fixed((Double(from) - 0.5) / Double(encoding.fps), places: 6)] : []
    let first = isSought ? 0 : from
    let filter =
      "setpts=PTS-STARTPTS,fps=\(encoding.fps),tpad=stop_mode=clone:stop=\(2 + still)"
      + ",trim=start_frame=\(first):end_frame=\(first + count + still),\(framed)"
      + ",settb=1/\(encoding.fps),setpts=N,fps=\(encoding.fps)"
    return (seek + MediaInfo.source(clips[clip].input.path), filter)
  }

  // MARK: - Joining

  /// Copies packets of files, one stretch after the other, and makes sure that each frame has its place.
  ///
  /// ffmpeg takes the length of a file from its header, in milliseconds, which adds up to whole frames over a film: it is
  /// given the true lengths, and times are brought back to whole frames.
  private func join(_ stretches: [Stretch]) throws(StepFailure) {
    let list = job.scratch("files.ffconcat")
    let ticks = encoding.timescale / encoding.fps
    do {
      try Files.write(
        "ffconcat version 1.0\n" + stretches.map(entry).joined(), to: job.resolve(list))
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

  /// A stretch in the list of files. Its bounds lie between frames, so that rounding cannot move them to another.
  private func entry(_ stretch: Stretch) -> String {
    func time(_ frame: Double) -> String { JSON.fixed(frame / Double(encoding.fps), places: 6) }
    var lines = ["file '\(stretch.file.replacing("'", with: "'\\''"))'"]
    if let from = stretch.from {
      lines.append("inpoint \(time(Double(from) + 0.1))")
      lines.append("outpoint \(time(Double(from + stretch.count) - 0.5))")
    }
    lines.append("duration \(time(Double(stretch.count)))")
    return lines.map { $0 + "\n" }.joined()
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
