import CampaignCore
import CampaignEngine
import CampaignSyntax
import Glibc

/// `compose-music`: music as long as the film, whose mood follows its scenes. `local` writes a score and plays it with
/// fluidsynth; it is free and offline.
package struct ComposeMusic: BuiltInAction {
  package init() {}

  package let isCostly = true

  package var schema: ActionSchema {
    ActionSchema(
      "compose-music", "compose music that fits the film and its scenes",
      parameters: [
        ParameterSchema(
          "by", .phrase(example: "local", check: { $0 == "local" ? nil : Self.noSuchMaker($0) }),
          standard: "local", "who composes it: `local` is free and offline"),
        ParameterSchema("scenes", .scenes(fields: ["music"]), "the scenes that say what music they want"),
        ParameterSchema("clip", .duration, standard: "4s", "how long a clip is where its pair does not say"),
        ParameterSchema("overlap", .duration, standard: "0ms", "how long clips overlap in the film"),
        ParameterSchema("seed", .count(0...1_000_000), standard: "1", "another number is another piece"),
        ParameterSchema("soundfont", .text, "a file of instruments; standard: that of the system"),
      ])
  }

  package func check(_ parameters: [Parameter]) throws(StepFailure) {
    guard let maker = parameters.first(where: { $0.name == "by" })?.value, maker != "local" else { return }
    throw StepFailure(Self.noSuchMaker(maker), help: "write `by = local`")
  }

  private static func noSuchMaker(_ name: String) -> String {
    "`compose-music` cannot be done by `\(name)`: this version knows `local` only"
  }

  package func perform(_ job: Job) throws(StepFailure) -> JobReport {
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
    let pairs: JSON
    do { pairs = try JSON.parse(try Files.read(job.resolve(input.path))) } catch {
      throw StepFailure("`\(input.path)` cannot be read: \(error)", help: "it is to be an array of pairs")
    }
    return try FilmTimeline(pairs: pairs, clip: job.duration("clip"), overlap: job.duration("overlap"))
  }

  /// The moods by scene, from the canonical text of `scenes`.
  static func moods(_ scenes: String) -> [String: Mood] {
    var moods: [String: Mood] = [:]
    for scene in (try? JSON.parse(scenes))?.array ?? [] {
      guard let name = scene["name"]?.string, let words = scene["music"]?.string else { continue }
      moods[name] = Mood(words: words)
    }
    return moods
  }
}
