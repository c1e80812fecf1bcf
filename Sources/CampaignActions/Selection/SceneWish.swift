import CampaignCore
import CampaignEngine

/// What a scene block asks of a pair.
struct SceneWish: Hashable, Sendable {
  static let fields = ["tags", "prompt", "camera", "duration", "fit", "focus"]

  var name: String
  var tags: [String] = []
  var prompt = ""
  var camera = CameraMove.pushIn
  /// nil: as long as a clip is by default.
  var duration: Milliseconds?
  var fit = Framing.Fit.crop
  var focus = "50% 50%"

  init(name: String) { self.name = name }

  /// Reads the canonical text of the parameter `scenes`; none when it is not there.
  static func list(_ text: String?) throws(StepFailure) -> [SceneWish] {
    guard let text else { return [] }
    guard let list = (try? JSON.parse(Array(text.utf8)))?.array else {
      throw StepFailure("`scenes` takes `all` or names of scenes, not `\(text)`")
    }
    return try list.map { scene throws(StepFailure) in try SceneWish(scene) }
  }

  private init(_ scene: JSON) throws(StepFailure) {
    name = scene["name"]?.string ?? ""
    guard !name.isEmpty, !name.contains("/") else { throw StepFailure("`\(name)` is no name of a scene") }
    tags = PhotoCaption.tags(scene["tags"]?.string ?? "")
    prompt = scene["prompt"]?.string ?? ""
    let words = CameraMove.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    camera =
      try value("camera", of: scene, help: "write one of \(words)") { CameraMove(rawValue: $0) } ?? camera
    duration = try value("duration", of: scene, help: "write e.g. 4s") { Milliseconds($0) }
    fit = try value("fit", of: scene, help: "write crop, pad or blur") { Framing.Fit(rawValue: $0) } ?? fit
    focus =
      try value("focus", of: scene, help: "write two percentages, e.g. 50% 30%") {
        Framing.Focus($0) == nil ? nil : $0
      } ?? focus
  }

  private func value<Value>(
    _ field: String, of scene: JSON, help: String, _ read: (String) -> Value?
  ) throws(StepFailure) -> Value? {
    guard let text = scene[field]?.string else { return nil }
    guard let value = read(text) else {
      throw StepFailure("scene `\(name)` has no valid `\(field)`: `\(text)`", help: help)
    }
    return value
  }
}
