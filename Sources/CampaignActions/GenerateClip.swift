import CampaignCore
import CampaignEngine
import CampaignSyntax

/// `generate-clip`: one clip from a first to a last photo. `local` moves a camera over both while one dissolves into
/// the other; it is free and offline.
package struct GenerateClip: BuiltInAction {
  package init() {}

  package let isCostly = true

  package var schema: ActionSchema {
    ActionSchema(
      "generate-clip", "make a clip that goes from a first to a last photo",
      parameters: [
        ParameterSchema(
          "by", .phrase(example: "local", check: { $0 == "local" ? nil : Self.noSuchMaker($0) }),
          standard: "local", "who makes it: `local` is free and offline"),
        ParameterSchema("duration", .duration, isRequired: true, "how long it is, e.g. 6s"),
        ParameterSchema("prompt", .text, "what happens, in words; `local` does not read it"),
        ParameterSchema(
          "camera", .word(CameraMove.allCases.map(\.rawValue)), standard: "push-in",
          "how the camera moves"),
      ] + VideoEncoding.schema + Framing.schema)
  }

  package func check(_ parameters: [Parameter]) throws(StepFailure) {
    let action = Action(name: schema.name, version: version, parameters: parameters)
    if let maker = action["by"], maker != "local" {
      throw StepFailure(Self.noSuchMaker(maker), help: "write `by = local`")
    }
    try VideoEncoding.check(parameters)
    try Framing.check(parameters)
    guard let duration = action["duration"].flatMap({ Milliseconds($0) }),
      let fps = action["fps"].flatMap({ Int($0) })
    else { return }
    guard Self.frames(duration, fps: fps) >= 2 else {
      throw StepFailure(
        "a clip of \(duration) has less than two frames at \(fps) fps",
        help: "it begins with the first photo and ends with the last: make it longer")
    }
  }

  private static func noSuchMaker(_ name: String) -> String {
    "`generate-clip` cannot be done by `\(name)`: this version knows `local` only"
  }

  /// A prompt means nothing to `local`, so that editing one makes no clip anew.
  package func keyParameters(_ parameters: [Parameter]) -> [Parameter] {
    let isLocal = parameters.contains { $0.name == "by" && $0.value == "local" }
    return parameters.filter { !isLocal || $0.name != "prompt" }
  }

  package func perform(_ job: Job) throws(StepFailure) -> JobReport {
    guard let first = job.inputs(role: 0).first, let last = job.inputs(role: 1).first else {
      throw StepFailure(
        "`generate-clip` needs a first and a last photo", help: "write both after the colon of the rule")
    }
    let encoding = job.videoEncoding
    let frames = Self.frames(job.duration("duration"), fps: encoding.fps)
    let move = CameraMove(rawValue: job.text("camera")) ?? .pushIn
    let graph = move.graph(
      frames: frames, fps: encoding.fps, first: try framed(first, label: "f", move: move, job: job),
      last: try framed(last, label: "l", move: move, job: job), size: encoding.size)
    job.progress(0, "rendering \(frames) frames")
    try job.ffmpeg(
      Self.photo(first.path, fps: encoding.fps) + Self.photo(last.path, fps: encoding.fps)
        + ["-filter_complex", graph, "-map", "[film]"]
        + encoding.arguments(frames: frames, output: job.staged[0]))
    try encoding.verify(job.staged[0], frames: frames, job: job)
    return JobReport()
  }

  package func damage(of path: String) -> String? {
    MediaInfo.damage(of: path, needsVideo: true, needsAudio: false)
  }

  static func frames(_ duration: Milliseconds, fps: Int) -> Int {
    (duration.count * fps + 500) / 1000
  }

  /// The filter chain that brings a photo upright and to the frame's shape, with a margin for the camera.
  private func framed(_ photo: Job.Input, label: String, move: CameraMove, job: Job) throws(StepFailure)
    -> String
  {
    guard let video = try job.probe(photo, as: "picture").video, video.size.width > 0 else {
      throw StepFailure("`\(photo.path)` is not a readable picture", help: "use a JPEG or PNG photo")
    }
    let framing = job.framing
    return try upright(photo.path, job: job)
      + framing.filter(label: label, margin: move.margin(of: framing.size))
  }

  /// The filters that turn a photo as its EXIF orientation asks; ffmpeg alone does not look at it.
  private func upright(_ path: String, job: Job) throws(StepFailure) -> String {
    let result = try job.run(
      ["ffprobe", "-v", "error", "-show_entries", "frame_tags=Orientation", "-of", "csv=p=0"]
        + MediaInfo.source(path), capture: true)
    return Orientation(Int(result.text.filter(\.isNumber))).filter
  }

  private static func photo(_ path: String, fps: Int) -> [String] {
    ["-noautorotate", "-framerate", "\(fps)"] + MediaInfo.source(path)
  }
}
