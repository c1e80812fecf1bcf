import CampaignCore
import CampaignEngine

/// Lets a chat model that sees the photos choose: first which photos show which scene, then a pair for each; or a tour.
///
/// Every answer is checked, and asked for again with what is wrong with it; what is wrong in the end is a failure.
struct ChatSelection {
  enum Answer {
    case value(JSON)
    /// None that can be read; says why.
    case unreadable(String)
  }

  typealias Ask = (Question) throws(StepFailure) -> Answer

  let task: SelectionTask
  let words: SelectionWords
  private let ask: Ask
  /// Told of a question whose answers were no good, so that the next build asks it anew.
  var forget: (Question) throws(StepFailure) -> Void = { (_) throws(StepFailure) in }
  /// Small JPEG files of photos, in their order.
  var pictures: ([ManifestPhoto]) throws(StepFailure) -> [String] = { (_) throws(StepFailure) in [] }

  /// The first answer, and two more.
  static let mostAnswers = 3
  /// Photos in one question.
  static let mostPictures = 20
  /// Photos of one scene that a pair is chosen from.
  private static let mostCandidates = 5

  init(task: SelectionTask, brief: String, ask: @escaping Ask) {
    self.task = task
    words = SelectionWords(brief: brief)
    self.ask = ask
  }

  func choose() throws(StepFailure) -> [PhotoPair] {
    if task.scenes.isEmpty { return try tour() }
    let candidates = try candidates()
    var pairs: [PhotoPair] = []
    var rest = task.missing.filter { (candidates[$0.name]?.count ?? 0) >= 2 }[...]
    while !rest.isEmpty {
      var count = 0
      let group = rest.prefix { scene in
        count += candidates[scene.name]!.count
        return count <= Self.mostPictures || count == candidates[scene.name]!.count
      }
      rest = rest.dropFirst(group.count)
      pairs += try self.pairs(for: Array(group), candidates)
    }
    return pairs
  }

  // MARK: - The three questions

  /// For each scene the photos that show it, best first; no photo twice.
  private func candidates() throws(StepFailure) -> [String: [ManifestPhoto]] {
    let photos = task.free
    var found: [String: [ManifestPhoto]] = [:]
    for start in stride(from: 0, to: photos.count, by: Self.mostPictures) {
      let batch = Array(photos[start..<min(start + Self.mostPictures, photos.count)])
      let isWhole = batch.count == photos.count && photos.count >= 2 * task.missing.count
      let check = AnswerCheck(scenes: task.missing, photos: batch)
      let question = Question(
        name: "rooms", system: words.system,
        parts: [.text(words.rooms(task.missing))] + (try shown(batch)),
        schema: SelectionSchema.rooms(task.missing, batch), temperature: 0.2)
      let answer = try answer(question) { check.mistakes(inRooms: $0, needsTwoEach: isWhole) }
      for entry in answer["scenes"]?.array ?? [] {
        let ids = (entry["photos"]?.array ?? []).compactMap(\.string)
        found[entry["scene"]?.string ?? "", default: []] += ids.compactMap { id in batch.first { $0.id == id }
        }
      }
    }
    return found.mapValues { Array($0.prefix(Self.mostCandidates)) }
  }

  private func pairs(for scenes: [SceneWish], _ candidates: [String: [ManifestPhoto]]) throws(StepFailure)
    -> [PhotoPair]
  {
    let photos = scenes.flatMap { candidates[$0.name] ?? [] }
    let check = AnswerCheck(scenes: scenes, photos: photos)
    let allowed = candidates.mapValues { Set($0.map(\.id)) }
    let question = Question(
      name: "pairs", system: words.system,
      parts: [.text(words.pairs(scenes, candidates))] + (try shown(photos)),
      schema: SelectionSchema.pairs(scenes, photos), temperature: 0.2)
    let answer = try answer(question) { check.mistakes(inPairs: $0, allowed: allowed) }
    return (answer["pairs"]?.array ?? []).compactMap { entry in
      guard let scene = scenes.first(where: { $0.name == entry["scene"]?.string }) else { return nil }
      return pair(entry, scene, id: scene.name)
    }
  }

  private func tour() throws(StepFailure) -> [PhotoPair] {
    let photos = Array(task.free.prefix(2 * Self.mostPictures))
    let wanted = min(task.count, photos.count / 2)
    let check = AnswerCheck(scenes: [], photos: photos)
    let question = Question(
      name: "tour", system: words.system, parts: [.text(words.tour(count: wanted))] + (try shown(photos)),
      schema: SelectionSchema.tour(photos), temperature: 0.4)
    let answer = try answer(question) { check.mistakes(inTour: $0, count: wanted) }
    return (answer["pairs"]?.array ?? []).map { entry in
      var scene = SceneWish(name: "")
      scene.prompt = entry["prompt"]?.string ?? ""
      return pair(entry, scene, id: nil)
    }
  }

  private func pair(_ entry: JSON, _ scene: SceneWish, id: String?) -> PhotoPair {
    let (first, last) = (entry["first"]?.string ?? "", entry["last"]?.string ?? "")
    func path(_ id: String) -> String { task.photos.first { $0.id == id }?.path ?? "" }
    return PhotoPair(
      id: id ?? "\(first)--\(last)", first: path(first), last: path(last), scene: scene,
      standard: task.standard, score: entry["score"]?.number ?? 0, reason: entry["reason"]?.string ?? "",
      by: task.by, photoCount: task.photos.count)
  }

  private func shown(_ photos: [ManifestPhoto]) throws(StepFailure) -> [Question.Part] {
    zip(photos, try pictures(photos)).flatMap { photo, picture -> [Question.Part] in
      [.text("photo \(photo.id): \(photo.caption)"), .picture(picture)]
    }
  }

  // MARK: - Asking until it is right

  private func answer(_ first: Question, _ mistakes: (JSON) -> [String]) throws(StepFailure) -> JSON {
    var question = first
    var found: [String] = []
    for _ in 0..<Self.mostAnswers {
      switch try ask(question) {
      case .value(let answer):
        found = mistakes(answer)
        if found.isEmpty { return answer }
        question.parts.append(.text(words.again(answer, found)))
      case .unreadable(let why):
        found = [why]
        question.parts.append(.text(words.again(nil, found)))
      }
    }
    try forget(first)
    throw StepFailure(
      "the model's choice is not usable: \(found.prefix(3).joined(separator: "; "))",
      help: "build again, or choose another model for `by`")
  }
}
