import CampaignCore
import CampaignEngine

/// How one clip follows another: `cut`, or `crossfade` with a length.
enum Transition: Hashable, Sendable {
  case cut
  case crossfade(Milliseconds)

  /// Reads `cut` and `crossfade 500ms`.
  init?(_ text: String) {
    let words = text.split(separator: " ")
    if words == ["cut"] {
      self = .cut
    } else if words.count == 2, words[0] == "crossfade", let length = Milliseconds(words[1]), length.count > 0
    {
      self = .crossfade(length)
    } else {
      return nil
    }
  }

  /// The whole frames that two clips share.
  func overlap(fps: Int) -> Int {
    switch self {
    case .cut: 0
    case .crossfade(let length): max(1, (length.count * fps + 500) / 1000)
    }
  }
}

/// A part of a film, in whole frames of the film.
enum FilmPart: Hashable, Sendable {
  /// Frames of one clip, from a key frame on, that are taken as they are.
  case copy(clip: Int, from: Int, count: Int)
  /// Frames of one clip that nothing overlaps, rendered.
  case body(clip: Int, from: Int, count: Int)
  /// The last `count` frames of clip `left`, from `from`, dissolving into the first of the next clip; then the `rest` of
  /// frames until the next clip can be copied.
  case crossfade(left: Int, from: Int, count: Int, rest: Int)

  var count: Int {
    switch self {
    case .copy(_, _, let count), .body(_, _, let count): count
    case .crossfade(_, _, let count, let rest): count + rest
    }
  }

  var isRendered: Bool {
    switch self {
    case .copy: false
    case .body, .crossfade: true
    }
  }

  /// Cuts a film of clips with these lengths into its parts, in order. Their lengths add up to the sum of `lengths`
  /// less one `overlap` for each join. Every clip must be as long as `needed(clip:of:overlap:)` says.
  ///
  /// - Parameter keyFrames: where a copy of each clip may begin; nowhere if it cannot be copied.
  static func parts(lengths: [Int], overlap: Int, keyFrames: [[Int]]) -> [FilmPart] {
    let bodies = lengths.indices.map { clip in
      (clip == 0 ? 0 : overlap)..<(lengths[clip] - (clip == lengths.count - 1 ? 0 : overlap))
    }
    let copies = lengths.indices.map { clip in
      // Only a crossfade can take frames before a later key frame.
      keyFrames[clip].first {
        bodies[clip].contains($0) && ($0 == bodies[clip].lowerBound || bodies[clip].lowerBound > 0)
      }
    }
    var parts: [FilmPart] = []
    for (clip, body) in bodies.enumerated() {
      if let key = copies[clip] {
        parts.append(.copy(clip: clip, from: key, count: body.upperBound - key))
      } else if !body.isEmpty {
        parts.append(.body(clip: clip, from: body.lowerBound, count: body.count))
      }
      guard overlap > 0, clip < bodies.count - 1 else { continue }
      let rest = copies[clip + 1].map { $0 - overlap } ?? 0
      parts.append(.crossfade(left: clip, from: body.upperBound, count: overlap, rest: rest))
    }
    return parts
  }

  /// The frames that clip number `clip` of `count` must have for its crossfades not to meet.
  static func needed(clip: Int, of count: Int, overlap: Int) -> Int {
    max(1, (clip == 0 ? 0 : overlap) + (clip == count - 1 ? 0 : overlap))
  }
}
