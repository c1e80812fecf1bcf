import CampaignCore
import CampaignEngine
import CampaignSyntax

/// `combine`: all clips in order as one silent film, cut or crossfaded, exact to the frame.
///
/// Clips of our own encoder, and clips that are alike and only cut, are copied. Transitions and bodies of other clips are
/// pieces that are kept by their content: one changed clip costs two transitions, and its body if it is another's.
package struct Combine: BuiltInAction {
  package init() {}

  package let version = 2

  package var schema: ActionSchema {
    ActionSchema(
      "combine", "join clips in order; their sound is dropped",
      parameters: [
        ParameterSchema(
          "transition", .phrase(example: "crossfade 500ms", check: Self.problem(ofTransition:)),
          standard: "cut", "how one clip follows another: `cut` or `crossfade 500ms`")
      ] + VideoEncoding.schema + Framing.schema)
  }

  private static func problem(ofTransition text: String) -> String? {
    Transition(text) == nil ? "`\(text)` is no transition: write `cut` or `crossfade 500ms`" : nil
  }

  package func check(_ parameters: [Parameter]) throws(StepFailure) {
    if let text = parameters.first(where: { $0.name == "transition" })?.value,
      let problem = Self.problem(ofTransition: text)
    {
      throw StepFailure(problem)
    }
    try VideoEncoding.check(parameters)
    try Framing.check(parameters)
  }

  package func tools(_ parameters: [Parameter]) -> [Tool] { [.ffmpeg, .ffprobe] }

  package func perform(_ job: Job) throws(StepFailure) -> JobReport {
    try FilmAssembly(job).perform()
  }

  package func damage(of path: String) -> String? {
    MediaInfo.damage(of: path, needsVideo: true, needsAudio: false)
  }
}
