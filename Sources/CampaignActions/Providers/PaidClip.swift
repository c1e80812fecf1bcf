import CampaignCore
import CampaignEngine

/// A clip that a provider makes: what is ordered for it, and how what is delivered comes to the campaign's frame.
struct PaidClip {
  let maker: Maker
  let model: Model?
  let action: Action

  // MARK: - The order

  /// - Parameter photos: the first and the last; empty while they are not known.
  func order(photos: [Job.Input]) throws(StepFailure) -> Order {
    guard case .provider(let provider, let name) = maker else {
      preconditionFailure("local clips are not ordered")
    }
    let length = try length()
    let size = size
    let (first, last) = (photos.first?.path ?? "", photos.last?.path ?? "")
    let prompt = action["prompt"] ?? ""
    let input: KeyValuePairs<String, JSON> = [
      "prompt": .string(prompt), "first": .string(first), "last": .string(last),
      "seconds": .decimal(length.seconds, places: 3), "width": .int(size.width), "height": .int(size.height),
    ]
    guard let price = model?.price(length: length, size: size) else {
      throw StepFailure(
        "nobody knows what a clip of `\(name)` costs",
        help: "say it in a block `model \(name)`: price = \"0.50 USD\"")
    }
    return Order(
      kind: .clip, provider: provider, model: name, version: model?.version, input: .members(input),
      native: try !isOurs
        ? nil
        : model?.clipInput(
          prompt: prompt, first: first, last: last, length: length, size: size, extra: action["inputs"] ?? ""),
      seedField: model?.seed,
      files: Dictionary(photos.map { ($0.path, $0.hash) }) { first, _ in first }, price: price)
  }

  /// Its inputs are described in the table: a provider of someone else knows them itself.
  private var isOurs: Bool {
    if case .provider(let name, _) = maker { ProviderProgram.builtIn.contains(name) } else { false }
  }

  private var size: FrameSize { FrameSize(action["size"] ?? "") ?? FrameSize(width: 1920, height: 1080) }

  /// What is bought: the shortest that the model makes and that is long enough.
  private func length() throws(StepFailure) -> Milliseconds {
    let wanted = Milliseconds(action["duration"] ?? "") ?? Milliseconds(0)
    guard let model else { return wanted }
    let resolution = model.shape(for: size).resolution
    guard let length = model.length(for: wanted, at: resolution) else {
      throw StepFailure(
        "`\(model.name)` makes no clip of \(wanted)",
        help: "it makes \(model.lengthsInWords(at: resolution))", parameter: "duration")
    }
    return length
  }

  /// What a plan should say of it.
  func notes() throws(StepFailure) -> [String] {
    var notes: [String] = []
    let wanted = Milliseconds(action["duration"] ?? "") ?? Milliseconds(0)
    let length = try length()
    if length != wanted { notes.append("\(length) are bought for \(wanted), and trimmed") }
    if let model { notes += model.shape(for: size).notes + model.priceNotes() }
    return notes
  }

  /// Mistakes that show before anything runs.
  func check() throws(StepFailure) {
    if let limit = model?.longestPrompt, let count = action["prompt"]?.count, count > limit {
      throw StepFailure("the prompt has \(count) characters, and `\(model?.name ?? "")` takes \(limit)")
    }
    if let model, isOurs, model.fields["first"] == nil || model.fields["last"] == nil {
      throw StepFailure(
        "`\(model.name)` takes no first and last frame",
        help: "choose a model that has both `first` and `last`")
    }
    if action["duration"] != nil { _ = try order(photos: []) }
  }

  // MARK: - What is delivered

  /// What shows that a file is not the clip that was ordered, by and large; nil: nothing. Throws when nobody could look.
  func flaw(in path: String, job: Job) throws(StepFailure) -> String? {
    guard let info = try job.examine(path), let video = info.video, (video.frames ?? 0) > 1 else {
      return "it has no moving picture"
    }
    if info.isCutShort { return "it is cut short" }
    let (seconds, wanted) = (video.seconds ?? info.duration, try length().seconds)
    if abs(seconds - wanted) <= wanted * 0.2 + 0.25 { return nil }
    return
      "it lasts \(JSON.fixed(seconds, places: 2)) s where \(JSON.fixed(wanted, places: 2)) s were ordered"
  }

  /// Writes the staged output: the wanted length, size and rate, to the frame, without sound.
  func conform(_ path: String, job: Job) throws(StepFailure) {
    let encoding = job.videoEncoding
    let frames = GenerateClip.frames(job.duration("duration"), fps: encoding.fps)
    let isTagged = try job.probe(path).video?.raw["color_space"]?.string.map { $0 != "unknown" } ?? false
    let filter =
      "\(job.framing.filter(label: "c", isTagged: isTagged)),fps=\(encoding.fps),tpad=stop=\(frames):stop_mode=clone"
    try job.encode(
      ["-i", "file:" + path, "-filter_complex", "[0:v:0]\(filter)[film]", "-map", "[film]"]
        + encoding.arguments(frames: frames, output: job.staged[0]),
      frames: frames, words: "trimming")
    try encoding.verify(job.staged[0], frames: frames, job: job)
  }
}
