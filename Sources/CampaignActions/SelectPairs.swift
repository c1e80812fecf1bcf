import CampaignCore
import CampaignEngine
import CampaignSyntax

/// `select-pairs`: which two photos serve each scene, or a tour through the photos where there are no scenes.
///
/// `local` goes by tags and by what the photos look like; it is free, offline and always comes to the same pairs.
package struct SelectPairs: BuiltInAction {
  private let models: ModelTable

  init(_ models: ModelTable = ModelTable()) { self.models = models }

  package var schema: ActionSchema {
    ActionSchema(
      "select-pairs", "choose two photos for each scene",
      parameters: [
        ParameterSchema(
          "by", .phrase(example: "local", check: { $0 == "local" ? nil : Self.noSuchChooser($0) }),
          standard: "local", "who chooses: `local` is free and offline"),
        ParameterSchema(
          "scenes", .scenes(fields: SceneWish.fields),
          "the scenes to serve, e.g. `all`; without any, the pairs are a tour"),
        ParameterSchema("count", .count(1...500), standard: "7", "how many pairs a tour has"),
        ParameterSchema(
          "clip", .duration, standard: "4s", "how long a pair is shown when its scene does not say"),
      ])
  }

  package func check(_ parameters: [Parameter]) throws(StepFailure) {
    let action = Action(name: schema.name, version: version, parameters: parameters)
    if let chooser = action["by"], chooser != "local" {
      throw StepFailure(Self.noSuchChooser(chooser), help: "write `by = local`")
    }
    let names = try SceneWish.list(action["scenes"]).map(\.name)
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw StepFailure("`scenes` names `\(name)` twice", help: "name each scene once")
    }
  }

  private static func noSuchChooser(_ name: String) -> String {
    "`select-pairs` cannot be done by `\(name)`: this version knows `local` only"
  }

  /// Scenes say themselves how many pairs there are.
  package func keyParameters(_ parameters: [Parameter]) -> [Parameter] {
    let hasScenes = parameters.contains { $0.name == "scenes" && $0.value != "[]" }
    return parameters.filter { !hasScenes || $0.name != "count" }
  }

  package func perform(_ job: Job) throws(StepFailure) -> JobReport {
    let scenes = try SceneWish.list(job.action["scenes"])
    let photos = try job.collectedPhotos()
    guard photos.count >= 2 else {
      throw StepFailure("a pair needs two photos, and the manifest has \(photos.count)", help: "add photos")
    }
    let pairing = Pairing(photos)
    var notes: [String] = []
    let pairs =
      scenes.isEmpty
      ? tour(pairing, job: job, notes: &notes) : served(scenes, pairing, job: job, notes: &notes)
    let list = pairs.enumerated().map { $1.json(order: $0 + 1) }
    do throws(FileError) {
      try Files.write(JSON.array(list).pretty, to: job.resolve(job.staged[0]))
    } catch { throw StepFailure(error) }
    return JobReport(notes: notes)
  }

  package func damage(of path: String) -> String? {
    JSON.damage(ofListAt: path, fields: PhotoPair.fields)
  }

  private func served(
    _ scenes: [SceneWish], _ pairing: Pairing, job: Job, notes: inout [String]
  ) -> [PhotoPair] {
    let chosen = zip(scenes, pairing.pairs(for: scenes))
    let leftOut = chosen.filter { $1 == nil }.map { "`\($0.0.name)`" }
    if !leftOut.isEmpty {
      notes.append(
        "\(scenes.count - leftOut.count) of \(scenes.count) scenes served: \(pairing.photos.count) photos do "
          + "not suffice for \(leftOut.joined(separator: ", "))")
    }
    return chosen.compactMap { scene, candidate in
      candidate.map {
        PhotoPair($0, for: scene, isScene: true, pairing, standard: job.duration("clip"))
      }
    }
  }

  private func tour(_ pairing: Pairing, job: Job, notes: inout [String]) -> [PhotoPair] {
    let wanted = job.count("count")
    let candidates = pairing.tour(count: wanted)
    if candidates.count < wanted {
      notes.append("\(candidates.count) of \(wanted) pairs made: there are \(pairing.photos.count) photos")
    }
    let moves: [CameraMove] = [.pushIn, .truckRight, .pullBack, .truckLeft, .rise]
    return candidates.enumerated().map { index, candidate in
      var scene = SceneWish(name: "")
      scene.camera = moves[index % moves.count]
      scene.prompt =
        "A slow, steady move from the first view to the second; light and colours stay as they are."
      return PhotoPair(candidate, for: scene, isScene: false, pairing, standard: job.duration("clip"))
    }
  }
}
