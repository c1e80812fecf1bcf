import CampaignCore

/// What a chat model is told.
struct SelectionWords {
  let brief: String

  /// Who it is, and what holds for all answers.
  var system: String {
    """
    You are the director of a short campaign film. Each clip of the film is generated from two photos: its first and its \
    last frame. You choose these photos by looking at them. A clip is good when both photos show the same place in the \
    same light, so that one can become the other by a slow movement of the camera, and when both are sharp, level and \
    well exposed. Use only photos that you are shown, by the id that stands before each. Never use a photo twice.
    """ + (brief.isEmpty ? "" : "\n\nThe brief of the campaign, whose restrictions hold:\n\n\(brief)")
  }

  func rooms(_ scenes: [SceneWish]) -> String {
    """
    Say which photos show what each scene of the film asks for. The scenes stand in the order of the tour. Give each \
    photo to one scene at most, the one that it serves best, and give each scene at least two photos of one and the same \
    place if there are any, the best first. Leave out photos that serve none.

    Scenes:
    \(scenes.map { "- \($0.name): \($0.tags.joined(separator: " ")); \($0.prompt)" }.joined(separator: "\n"))

    """
  }

  func pairs(_ scenes: [SceneWish], _ candidates: [String: [ManifestPhoto]]) -> String {
    """
    Choose one pair of photos for each scene among its candidates: the first and the last frame of its clip. The camera \
    of each scene says which comes first: push-in goes from the wider view to the nearer one, pull-back and rise from the \
    nearer to the wider one, a truck shows the same things shifted sideways, float hardly moves. The score says how surely \
    one photo can become the other, from 0 to 1. The reason is one short sentence about what is seen.

    Scenes:
    \(scenes.map { "- \($0.name): \($0.camera.rawValue); \($0.prompt)" }.joined(separator: "\n"))

    Candidates:
    \(scenes.map { "- \($0.name): \((candidates[$0.name] ?? []).map(Self.word).joined(separator: " "))" }.joined(separator: "\n"))

    """
  }

  /// An id as it stands in a list: one with blanks in quotes.
  private static func word(_ photo: ManifestPhoto) -> String {
    photo.id.contains(" ") ? "\"\(photo.id)\"" : photo.id
  }

  func tour(count: Int) -> String {
    """
    Choose pairs of photos for a tour: in the order in which a guest would see the places, each pair the first and the \
    last frame of a clip that stays in one place. For each write a prompt of one or two sentences for the video model: \
    what the camera does and what moves. The score says how surely one photo can become the other, from 0 to 1. The \
    reason is one short sentence about what is seen.

    Pairs wanted: \(count)

    """
  }

  /// After an answer that cannot be used.
  func again(_ answer: JSON?, _ mistakes: [String]) -> String {
    "You answered before\(answer.map { ": \($0.compact)" } ?? ".")\n\nThat cannot be used:\n"
      + mistakes.prefix(20).map { "- \($0)\n" }.joined() + "\nAnswer again, complete, without these mistakes."
  }
}
