import CampaignCore

/// What is wrong with a model's answer, in words that help it to do better.
struct AnswerCheck {
  let scenes: [SceneWish]
  let photos: [ManifestPhoto]

  private var ids: Set<String> { Set(photos.map(\.id)) }

  func mistakes(inRooms answer: JSON, needsTwoEach: Bool) -> [String] {
    guard let entries = answer["scenes"]?.array else { return ["there is no list `scenes`"] }
    var mistakes: [String] = []
    var seen: Set<String> = []
    for entry in entries {
      let name = entry["scene"]?.string ?? ""
      if !scenes.contains(where: { $0.name == name }) { mistakes.append("there is no scene `\(name)`") }
      for photo in entry["photos"]?.array ?? [] {
        let id = photo.string ?? photo.compact
        if !ids.contains(id) { mistakes.append("there is no photo `\(id)`") }
        if !seen.insert(id).inserted { mistakes.append("photo `\(id)` is given twice") }
      }
      if needsTwoEach, (entry["photos"]?.array ?? []).count < 2 {
        mistakes.append("scene `\(name)` needs two photos at least")
      }
    }
    let named = Set(entries.compactMap { $0["scene"]?.string })
    for scene in scenes where needsTwoEach && !named.contains(scene.name) {
      mistakes.append("scene `\(scene.name)` is missing")
    }
    return mistakes
  }

  /// - Parameter allowed: for each scene the ids that show it.
  func mistakes(inPairs answer: JSON, allowed: [String: Set<String>]) -> [String] {
    guard let pairs = answer["pairs"]?.array else { return ["there is no list `pairs`"] }
    var mistakes = mistakes(inEnds: pairs)
    for pair in pairs {
      let name = pair["scene"]?.string ?? ""
      guard let candidates = allowed[name] else {
        mistakes.append("there is no scene `\(name)`")
        continue
      }
      for id in Self.ends(pair) where ids.contains(id) && !candidates.contains(id) {
        mistakes.append("photo `\(id)` is no candidate for scene `\(name)`")
      }
    }
    for scene in scenes {
      let count = pairs.count { $0["scene"]?.string == scene.name }
      if count != 1 { mistakes.append("scene `\(scene.name)` has \(count) pairs and needs one") }
    }
    return mistakes
  }

  func mistakes(inTour answer: JSON, count: Int) -> [String] {
    guard let pairs = answer["pairs"]?.array else { return ["there is no list `pairs`"] }
    return mistakes(inEnds: pairs)
      + (pairs.count == count ? [] : ["there are \(pairs.count) pairs, and \(count) are wanted"])
  }

  private func mistakes(inEnds pairs: [JSON]) -> [String] {
    var mistakes: [String] = []
    var seen: Set<String> = []
    for pair in pairs {
      let ends = Self.ends(pair)
      for id in ends {
        if !ids.contains(id) { mistakes.append("there is no photo `\(id)`") }
        if !seen.insert(id).inserted { mistakes.append("photo `\(id)` is used twice") }
      }
      if let score = pair["score"]?.number, (0...1).contains(score) {
      } else {
        mistakes.append("the score of \(ends.joined(separator: ", ")) is not between 0 and 1")
      }
      if (pair["reason"]?.string ?? "").isEmpty {
        mistakes.append("the pair \(ends.joined(separator: ", ")) has no reason")
      }
    }
    return mistakes
  }

  private static func ends(_ pair: JSON) -> [String] {
    [pair["first"], pair["last"]].map { $0?.string ?? "?" }
  }
}
