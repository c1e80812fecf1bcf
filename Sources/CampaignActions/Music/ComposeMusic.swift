import CampaignCore
import CampaignEngine
import CampaignSyntax
import Glibc

/// `compose-music`: music as long as the film, whose mood follows its scenes. `local` writes a score and plays it with
/// fluidsynth; it is free and offline. Providers' models make one piece for the whole film, for money.
package struct ComposeMusic: BuiltInAction {
  private let models: ModelTable

  init(_ models: ModelTable = ModelTable()) { self.models = models }

  package let isCostly = true

  package var schema: ActionSchema {
    ActionSchema(
      "compose-music", "compose music that fits the film and its scenes",
      parameters: [
        Maker.schema("who composes it: `local` is free and offline; or a provider and its model"),
        ParameterSchema("scenes", .scenes(fields: ["music"]), "the scenes that say what music they want"),
        ParameterSchema("clip", .length, standard: "4s", "how long a clip is where its pair does not say"),
        ParameterSchema("overlap", .duration, standard: "0ms", "how long clips overlap in the film"),
        ParameterSchema("seed", .count(0...1_000_000), standard: "1", "another number is another piece"),
        ParameterSchema("prompt", .text, "what a model is asked for; standard: what the scenes say of music"),
        ParameterSchema("inputs", .text, "further inputs of the model, e.g. temperature=0.8"),
        ParameterSchema("deadline", .length, standard: "30m", "how long to wait for it"),
        ParameterSchema("soundfont", .text, "a file of instruments; standard: that of the system"),
      ])
  }

  package func check(_ parameters: [Parameter]) throws(StepFailure) {
    let action = Action(name: schema.name, version: version, parameters: parameters)
    guard try action.maker() != .local else { return }
    _ = try paid(action, film: nil).order()
  }

  package func keyParameters(_ parameters: [Parameter]) -> [Parameter] {
    let ignored = isPaid(parameters) ? ["seed", "soundfont", "deadline"] : ["prompt", "inputs", "deadline"]
    return parameters.filter { !ignored.contains($0.name) }
  }

  package func tools(_ parameters: [Parameter]) -> [Tool] {
    guard !isPaid(parameters) else { return [.ffmpeg, .ffprobe] }
    let hasSoundfont = parameters.contains { $0.name == "soundfont" && !$0.value.isEmpty }
    return [.ffmpeg, .ffprobe, .fluidsynth] + (hasSoundfont ? [] : [.soundfont])
  }

  package func misfit(of inputs: [Rule.Input]) -> Misfit? {
    Misfit(inputs, of: schema.name, roles: ["the pairs"])
  }

  // MARK: - For money

  package func isPaid(_ parameters: [Parameter]) -> Bool {
    parameters.contains { $0.name == "by" && $0.value != "local" }
  }

  package func offer(_ action: Action, inputs: [Job.Input], earlier: [String], root: String)
    throws(StepFailure) -> Offer?
  {
    var film: FilmTimeline?
    if let pairs = inputs.first {
      film = try Self.film(action, pairs: (root == "." ? "" : root + "/") + pairs.path)
    }
    let music = try paid(action, film: film)
    let order = try music.order()
    let note = film.map { "\(music.length) are bought for \(JSON.fixed($0.seconds, places: 1)) s of film" }
    return Offer(
      order: film == nil ? nil : order.key, provider: order.provider, model: order.model, price: order.price,
      notes: (note.map { [$0] } ?? []) + (music.model?.priceNotes() ?? []))
  }

  private func paid(_ action: Action, film: FilmTimeline?) throws(StepFailure) -> PaidMusic {
    let maker = try action.maker()
    return PaidMusic(maker: maker, model: try models.model(maker, for: .music), action: action, film: film)
  }

  private func buy(_ job: Job) throws(StepFailure) -> JobReport {
    let film = try Self.film(job)
    let music = try paid(job.action, film: film)
    var order = try music.order()
    order.deadline = job.duration("deadline").count / 1000
    let purchase = Purchase(
      job: job, order: order, seeds: SeedPolicy(job.seed ?? "next") ?? .next,
      priced: { music.model?.price(billed: $0) },
      flaw: { (path) throws(StepFailure) in try music.flaw(in: path, job: job) })
    switch try purchase.result() {
    case .rejected(let failure): throw failure
    case .take(let take):
      let path = job.spending.store.path(of: take.content)
      let loudness = try Recording(seconds: film.seconds, job: job).perform(path)
      return JobReport(
        cost: job.spending.paid(for: job.outputs[0]),
        notes: ["\(JSON.fixed(film.seconds, places: 1)) s, \(JSON.fixed(loudness, places: 1)) LUFS"],
        take: take)
    }
  }

  // MARK: - On this machine

  package func perform(_ job: Job) throws(StepFailure) -> JobReport {
    if job.action.isPaid { return try buy(job) }
    let soundfont = try Soundfont.choose(for: job)
    let film = try Self.film(job)
    var composer = Composer(film: film, moods: Self.moods(job.text("scenes")), seed: job.count("seed"))
    let score = composer.compose()
    job.progress(0.1, "playing \(score.meter.bars) bars")
    let recording = Recording(seconds: film.seconds, job: job)
    let loudness = try recording.perform(score, soundfont: soundfont)
    return JobReport(notes: [
      "\(JSON.fixed(film.seconds, places: 1)) s, \(Int(score.meter.beatsPerMinute.rounded())) BPM, "
        + "\(JSON.fixed(loudness, places: 1)) LUFS"
    ])
  }

  package func damage(of path: String) -> String? {
    MediaInfo.damage(of: path, needsVideo: false, needsAudio: true)
  }

  private static func film(_ job: Job) throws(StepFailure) -> FilmTimeline {
    guard let input = job.inputs(role: 0).first else {
      throw StepFailure("`compose-music` needs pairs", help: "write their file after the colon of the rule")
    }
    return try film(job.action, pairs: job.resolve(input.path))
  }

  private static func film(_ action: Action, pairs path: String) throws(StepFailure) -> FilmTimeline {
    let pairs: JSON
    do { pairs = try JSON.parse(try Files.read(path)) } catch {
      throw StepFailure("`\(path)` cannot be read: \(error)", help: "it is to be an array of pairs")
    }
    return try FilmTimeline(
      pairs: pairs, clip: Milliseconds(action["clip"] ?? "") ?? Milliseconds(0),
      overlap: Milliseconds(action["overlap"] ?? "") ?? Milliseconds(0))
  }

  /// The moods by scene, from the canonical text of `scenes`.
  static func moods(_ scenes: String) -> [String: Mood] {
    SceneMusic.list(scenes).mapValues { Mood(words: $0) }
  }
}
