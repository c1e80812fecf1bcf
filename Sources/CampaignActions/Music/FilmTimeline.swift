import CampaignCore
import CampaignEngine

/// Which scene is on screen when, and how long the film is.
struct FilmTimeline: Hashable, Sendable {
  struct Section: Hashable, Sendable {
    /// Seconds.
    var start: Double
    var scene: String
  }

  var sections: [Section] = []
  /// Milliseconds.
  var length = 0
  var seconds: Double { Double(length) / 1000 }

  /// Reads the pairs; one that says no duration takes `clip`, and each overlaps the one before it by `overlap`.
  init(pairs: JSON, clip: Milliseconds, overlap: Milliseconds) throws(StepFailure) {
    guard let pairs = pairs.array, !pairs.isEmpty else {
      throw StepFailure(
        "there are no pairs to compose music for", help: "the first input is an array of pairs")
    }
    for pair in pairs {
      let text = pair["duration"]?.string
      guard let duration = text.map({ Milliseconds($0) }) ?? clip else {
        throw StepFailure(
          "pair `\(pair["id"]?.string ?? "?")` has the duration `\(text ?? "")`", help: "write it like `4s`")
      }
      if !sections.isEmpty { length -= overlap.count }
      sections.append(Section(start: Double(max(0, length)) / 1000, scene: pair["scene"]?.string ?? ""))
      length += duration.count
    }
    guard (1000...900_000).contains(length) else {
      throw StepFailure(
        "a film of \(JSON.fixed(seconds, places: 1)) s cannot have music", help: "make it 1 s to 15 min long")
    }
  }

  /// The scene on screen at a time.
  func scene(at time: Double) -> String {
    sections.last { $0.start <= time }?.scene ?? sections[0].scene
  }
}
