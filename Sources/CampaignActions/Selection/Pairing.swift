import Glibc

/// Judges pairs of photos and chooses among them; the same photos and scenes always give the same pairs.
struct Pairing: Sendable {
  /// Two photos, by their places, `first < last`.
  struct Candidate: Hashable, Sendable {
    var first: Int
    var last: Int
    /// 0...1
    var score: Double
  }

  /// In the order of their ids.
  let photos: [CollectedPhoto]
  /// What a tag is worth: the fewer photos have it, the more.
  private let weights: [String: Double]

  init(_ photos: [CollectedPhoto]) {
    self.photos = photos
    var counts: [String: Int] = [:]
    for photo in photos { for tag in photo.tags { counts[tag, default: 0] += 1 } }
    weights = counts.mapValues { log(1 + Double(photos.count) / Double($0)) }
  }

  // MARK: - Judging

  /// How well a photo serves a scene: the part of its tags that the photo has, less a little for others of the photo.
  func fit(_ photo: CollectedPhoto, tags: [String]) -> Double {
    var (found, missing) = (0.0, 0.0)
    for tag in tags {
      let share = photo.tags.contains(tag) ? 1 : photo.words.contains(tag) ? 0.5 : 0
      found += share * weight(tag)
      missing += (1 - share) * weight(tag)
    }
    let others = photo.tags.subtracting(tags).sorted().reduce(0) { $0 + weight($1) }
    return found == 0 ? 0 : found / (found + missing + 0.3 * others)
  }

  /// How surely two photos show the same subject, without being the same picture.
  func kinship(_ first: CollectedPhoto, _ last: CollectedPhoto) -> Double {
    let similarity = first.features.similarity(to: last.features)
    let look = similarity > 0.995 ? 0.3 : similarity
    let all = first.tags.union(last.tags)
    guard !all.isEmpty else { return look }
    let shared = first.tags.intersection(last.tags)
    return (look + total(shared) / total(all)) / 2
  }

  /// The tags of both photos, those that tell most first.
  func sharedTags(_ first: CollectedPhoto, _ last: CollectedPhoto) -> [String] {
    first.tags.intersection(last.tags).sorted { (-weight($0), $0) < (-weight($1), $1) }
  }

  func quality(_ first: CollectedPhoto, _ last: CollectedPhoto) -> Double {
    (first.features.quality + last.features.quality) / 2
  }

  private func weight(_ tag: String) -> Double { weights[tag] ?? log(1 + Double(photos.count)) }

  // Sorted, as the order of a set changes from run to run and sums with it in their last digits.
  private func total(_ tags: Set<String>) -> Double { tags.sorted().reduce(0) { $0 + weight($1) } }

  // MARK: - Choosing

  /// One pair for each scene, such that no photo is used twice and the sum of the scores is as high as can be.
  ///
  /// nil for scenes that photos do not suffice for.
  func pairs(for scenes: [SceneWish]) -> [Candidate?] {
    Assignment(candidates: scenes.map { candidates(for: $0, of: scenes.count) }, photoCount: photos.count)
      .best()
  }

  /// Pairs of those photos that fit best, best first. There are enough of them for each scene to get one.
  private func candidates(for scene: SceneWish, of sceneCount: Int) -> [Candidate] {
    let fits = photos.map { fit($0, tags: scene.tags) }
    let best = photos.indices.sorted { (-fits[$0], $0) < (-fits[$1], $1) }
      .prefix(max(24, 2 * sceneCount)).sorted()
    var candidates: [Candidate] = []
    for (place, first) in best.enumerated() {
      for last in best[(place + 1)...] {
        let (a, b) = (photos[first], photos[last])
        let score = 0.5 * (fits[first] + fits[last]) / 2 + 0.35 * kinship(a, b) + 0.15 * quality(a, b)
        candidates.append(Candidate(first: first, last: last, score: score))
      }
    }
    return candidates.sorted { (-$0.score, $0.first, $0.last) < (-$1.score, $1.first, $1.last) }
  }

  /// A tour: from the best photo to the one most akin to it, from there to the next pair, without going back.
  func tour(count: Int) -> [Candidate] {
    var unused = Array(photos.indices)
    var tour: [Candidate] = []
    var previous: Int?
    func take(_ worth: (Int) -> Double) -> Int {
      let best = unused.indices.max { (worth(unused[$0]), -$0) < (worth(unused[$1]), -$1) } ?? 0
      return unused.remove(at: best)
    }
    while tour.count < count, unused.count >= 2 {
      let first = take { index in
        previous.map { kinship(photos[$0], photos[index]) } ?? photos[index].features.quality
      }
      let last = take { kinship(photos[first], photos[$0]) }
      let (a, b) = (photos[first], photos[last])
      tour.append(
        Candidate(first: first, last: last, score: 0.7 * kinship(a, b) + 0.3 * quality(a, b)))
      previous = last
    }
    return tour
  }
}
