import CampaignCore
import CampaignEngine
import CampaignSyntax

/// `generate-clip`: one clip from a first to a last photo. `local` moves a camera over both while one dissolves into
/// the other; it is free and offline. Providers' models make moving pictures of them, for money.
package struct GenerateClip: BuiltInAction {
  private let models: ModelTable

  init(_ models: ModelTable = ModelTable()) { self.models = models }

  package let isCostly = true

  package let version = 2

  package var schema: ActionSchema {
    ActionSchema(
      "generate-clip", "make a clip that goes from a first to a last photo",
      parameters: [
        Maker.schema(
          splits: true,
          "who makes it: `local` is free and offline; or a provider and its model; or several, with their shares"
        ),
        ParameterSchema("duration", .length, isRequired: true, "how long it is, e.g. 6s"),
        ParameterSchema("prompt", .text, "what happens, in words; `local` does not read it"),
        ParameterSchema(
          "camera", .word(CameraMove.allCases.map(\.rawValue)), standard: "push-in",
          "how the camera moves; `local` alone reads it"),
        ParameterSchema(
          "seed",
          .phrase(
            example: "next",
            check: { SeedPolicy($0) == nil ? "`\($0)` is none of next, same, random or a number" : nil }),
          standard: "next", "which seed a new take gets: next, same, random or a number"),
        ParameterSchema("inputs", .text, "further inputs of the model, e.g. generate_audio=true"),
        ParameterSchema(
          "on-rejected", .word(["fail", "skip", "still"]), standard: "fail",
          "what a refusal of the provider means: a failed build, a clip left out, or a still in its place"),
        ParameterSchema("deadline", .length, standard: "30m", "how long to wait for one clip"),
      ] + VideoEncoding.schema + Framing.schema)
  }

  package func check(_ parameters: [Parameter]) throws(StepFailure) {
    let action = Action(name: schema.name, version: version, parameters: parameters)
    if try action.maker() != .local { try paid(action).check() }
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

  /// What means nothing to a maker makes no clip anew; nor does how one waits for it.
  package func keyParameters(_ parameters: [Parameter]) -> [Parameter] {
    let isLocal = !isPaid(parameters)
    let ignored = isLocal ? ["prompt", "inputs"] : ["camera"]
    return parameters.filter { !(ignored + ["seed", "on-rejected", "deadline"]).contains($0.name) }
  }

  package func tools(_ parameters: [Parameter]) -> [Tool] { [.ffmpeg, .ffprobe] }

  package func misfit(of inputs: [Rule.Input]) -> Misfit? {
    Misfit(inputs, of: schema.name, roles: ["a first photo", "a last photo"])
  }

  // MARK: - For money

  package func isPaid(_ parameters: [Parameter]) -> Bool {
    parameters.contains { $0.name == "by" && $0.value != "local" }
  }

  package func offer(_ action: Action, inputs: [Job.Input], earlier: [String], root: String)
    throws(StepFailure) -> Offer?
  {
    let clip = try paid(action)
    let order = try clip.order(photos: inputs)
    return Offer(
      order: inputs.isEmpty ? nil : order.key, provider: order.provider, model: order.model,
      price: order.price, notes: try clip.notes())
  }

  private func paid(_ action: Action) throws(StepFailure) -> PaidClip {
    let maker = try action.maker()
    return PaidClip(maker: maker, model: try models.model(maker, for: .clip), action: action)
  }

  private func buy(_ job: Job) throws(StepFailure) -> JobReport {
    let clip = try paid(job.action)
    var order = try clip.order(photos: job.inputs)
    order.deadline = job.duration("deadline").count / 1000
    let purchase = Purchase(
      job: job, order: order, seeds: SeedPolicy(job.seed ?? job.text("seed")) ?? .next,
      priced: { clip.model?.price(billed: $0) },
      flaw: { (path) throws(StepFailure) in try clip.flaw(in: path, job: job) })
    switch try purchase.result() {
    case .take(let take):
      try clip.conform(job.spending.store.path(of: take.content), job: job)
      let cost = job.spending.paid(for: job.outputs[0])
      return JobReport(
        cost: cost, notes: cost > .zero ? [] : ["made of a take that was bought before"], take: take)
    case .rejected(let failure): return try replace(failure, job)
    }
  }

  /// What a refused clip is replaced by, if the Campaignfile wants that.
  private func replace(_ failure: StepFailure, _ job: Job) throws(StepFailure) -> JobReport {
    let photos = job.inputs.map { "`\($0.path)`" }.joined(separator: " and ")
    switch job.text("on-rejected") {
    case "still":
      var local = job
      if let first = job.inputs.first {
        local.inputs = [first, Job.Input(path: first.path, role: 1, hash: first.hash)]
      }
      var report = try render(local)
      report.notes.append("refused by the provider (\(failure.message)): a still takes its place")
      return report
    case "skip":
      try SkippedClip(reason: failure.message).write(to: job.resolve(job.staged[0]))
      return JobReport(notes: ["refused by the provider (\(failure.message)): left out of the film"])
    default:
      throw StepFailure(
        "the provider refuses to make a clip of \(photos): \(failure.message)",
        help: "change the prompt or a photo; or let `on-rejected = still` or `skip` take its place")
    }
  }

  // MARK: - On this machine

  package func perform(_ job: Job) throws(StepFailure) -> JobReport {
    guard job.inputs(role: 0).first != nil, job.inputs(role: 1).first != nil else {
      throw StepFailure(
        "`generate-clip` needs a first and a last photo", help: "write both after the colon of the rule")
    }
    return job.action.isPaid ? try buy(job) : try render(job)
  }

  private func render(_ job: Job) throws(StepFailure) -> JobReport {
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
    try job.encode(
      Self.photo(first.path, fps: encoding.fps) + Self.photo(last.path, fps: encoding.fps)
        + ["-filter_complex", graph, "-map", "[film]"]
        + encoding.arguments(frames: frames, output: job.staged[0]),
      frames: frames, words: "rendering \(frames) frames")
    try encoding.verify(job.staged[0], frames: frames, job: job)
    return JobReport()
  }

  package func damage(of path: String) -> String? {
    SkippedClip(at: path) != nil ? nil : MediaInfo.damage(of: path, needsVideo: true, needsAudio: false)
  }

  static func frames(_ duration: Milliseconds, fps: Int) -> Int {
    (duration.count * fps + 500) / 1000
  }

  /// The filter chain that brings a photo upright and to the frame's shape, with a margin for the camera.
  private func framed(_ photo: Job.Input, label: String, move: CameraMove, job: Job) throws(StepFailure)
    -> String
  {
    guard Files.exists(job.resolve(photo.path)) else { throw StepFailure("`\(photo.path)` is missing") }
    let description = try job.describe(photo: photo)
    if case .failure(let problem) = description {
      throw StepFailure("`\(photo.path)` \(problem.reason)")
    }
    guard case .success(let described?) = description else {
      throw StepFailure("`\(photo.path)` is not a readable picture", help: "use a JPEG or PNG photo")
    }
    // ffmpeg alone does not look at the EXIF orientation.
    let framing = job.framing
    return described.orientation.filter
      + framing.filter(label: label, margin: move.margin(of: framing.size))
  }

  private static func photo(_ path: String, fps: Int) -> [String] {
    ["-noautorotate", "-framerate", "\(fps)"] + MediaInfo.source(path)
  }
}
