import CampaignCore
import CampaignEngine

/// Music that a provider makes: one piece for the whole film, looped where the model makes short ones only.
struct PaidMusic {
  let maker: Maker
  let model: Model?
  let action: Action
  /// Nil while it is not known.
  let film: FilmTimeline?

  /// What is asked for is rounded up to this, in seconds, so that a film that grows a little buys no new music.
  private static let grain = 5
  /// A film of unknown length is taken to be this long, in milliseconds.
  private static let usual = 60_000

  func order() throws(StepFailure) -> Order {
    guard case .provider(let provider, let name) = maker else {
      preconditionFailure("local music is not ordered")
    }
    let length = self.length
    guard let price = model?.price(length: length, size: FrameSize(width: 0, height: 0)) else {
      throw StepFailure(
        "nobody knows what music of `\(name)` costs",
        help: "say it in a block `model \(name)`: price = \"0.05 USD\"")
    }
    let prompt = prompt
    return Order(
      kind: .music, provider: provider, model: name, version: model?.version,
      input: .members(["prompt": .string(prompt), "seconds": .decimal(length.seconds, places: 3)]),
      native: try model?.musicInput(prompt: prompt, length: length, extra: action["inputs"] ?? ""),
      seedField: model?.seed, files: [:], price: price)
  }

  /// The length that is bought.
  var length: Milliseconds {
    let seconds = ((film?.length ?? Self.usual) + 999) / 1000
    let wanted = Milliseconds((seconds + Self.grain - 1) / Self.grain * Self.grain * 1000)
    return model?.length(for: wanted) ?? model?.longest ?? wanted
  }

  /// The whole story in one text: what each passage asks for, in the order of the film.
  private var prompt: String {
    if let own = action["prompt"], !own.isEmpty { return own }
    let wishes = SceneMusic.list(action["scenes"] ?? "")
    var passages: [String] = []
    for section in film?.sections ?? [] {
      guard let words = wishes[section.scene], passages.last != words else { continue }
      passages.append(words)
    }
    let story = passages.isEmpty ? "calm, warm, cinematic" : passages.joined(separator: "; then ")
    return "Instrumental background music for a film, no vocals, one continuous piece: \(story)."
  }

  /// What shows that a file is not the music that was ordered; nil: nothing. Throws when nobody could look.
  func flaw(in path: String, job: Job) throws(StepFailure) -> String? {
    guard let audio = try job.examine(path)?.audio, audio.duration > 1 else { return "it has no sound" }
    if audio.duration >= length.seconds * 0.8 { return nil }
    return "it lasts \(JSON.fixed(audio.duration, places: 1)) s where \(length) were ordered"
  }
}
