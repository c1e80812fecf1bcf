import CampaignCore
import CampaignEngine

/// The instruments that fluidsynth plays.
package enum Soundfont {
  /// The first General MIDI soundfont that the system has, the best first.
  package static func find() -> String? {
    ["FluidR3_GM", "default-GM", "TimGM6mb"].map { "/usr/share/sounds/sf2/\($0).sf2" }.first(
      where: Files.exists)
  }

  /// The one asked for, or else the system's.
  static func choose(for job: Job) throws(StepFailure) -> String {
    let help = "run `apt-get install fluid-soundfont-gm`, or name a file with `soundfont`"
    guard let asked = job.action["soundfont"], !asked.isEmpty else {
      guard let found = find() else {
        throw StepFailure("there is no soundfont to play music with", help: help)
      }
      return found
    }
    guard Files.exists(job.resolve(asked)) else {
      throw StepFailure("the soundfont `\(asked)` is missing", help: help)
    }
    return asked
  }
}
