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

/// A part of a film that is rendered once and kept, in whole frames of the film.
enum FilmPart: Hashable, Sendable {
  /// Frames of one clip that nothing overlaps.
  case body(clip: Int, from: Int, count: Int)
  /// The last `count` frames of clip `left`, from `from`, dissolving into the first of the next clip.
  case crossfade(left: Int, from: Int, count: Int)

  var count: Int {
    switch self {
    case .body(_, _, let count), .crossfade(_, _, let count): count
    }
  }

  /// Cuts a film of clips with these lengths into its parts, in order. Their lengths add up to the sum of `lengths`
  /// less one `overlap` for each join. Every clip must be as long as
  /// `needed(clip:of:overlap:)` says.
  static func parts(lengths: [Int], overlap: Int) -> [FilmPart] {
    var parts: [FilmPart] = []
    for (clip, length) in lengths.enumerated() {
      let start = clip == 0 ? 0 : overlap
      let end = clip == lengths.count - 1 ? length : length - overlap
      if end > start { parts.append(.body(clip: clip, from: start, count: end - start)) }
      if end < length { parts.append(.crossfade(left: clip, from: end, count: overlap)) }
    }
    return parts
  }

  /// The frames that clip number `clip` of `count` must have for its crossfades not to meet.
  static func needed(clip: Int, of count: Int, overlap: Int) -> Int {
    max(1, (clip == 0 ? 0 : overlap) + (clip == count - 1 ? 0 : overlap))
  }
}
