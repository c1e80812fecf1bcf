import CampaignCore
import CampaignEngine
import CampaignSyntax

/// `combine`: all clips in order as one silent film, cut or crossfaded, exact to the frame.
///
/// Clips that are alike and only cut are joined without an encode. Otherwise each body of a clip and each transition is
/// a piece that is kept by its content, and the pieces are joined: one changed clip costs its body and two transitions.
package struct Combine: BuiltInAction {
  package init() {}

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

  package func perform(_ job: Job) throws(StepFailure) -> JobReport {
    let film = try FilmAssembly(job)
    if film.canBeCopied, try film.joinClips() { return film.report(made: 0) }
    return film.report(made: try film.joinPieces())
  }

  package func damage(of path: String) -> String? {
    MediaInfo.damage(of: path, needsVideo: true, needsAudio: false)
  }
}
