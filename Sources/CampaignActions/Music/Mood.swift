/// What the words of a scene ask of its music.
struct Mood: Hashable, Sendable {
  enum Texture: Hashable, Sendable { case arpeggio, block, broken }

  /// General MIDI programs.
  var pad = 89
  var lead = 0
  var arpeggio = 46
  var bass = 32
  /// 0 is still, 1 is a finale.
  var energy = 0.45
  var texture = Texture.broken
  var hasPercussion = false
  /// Beats a minute, when the words say so.
  var tempo: Double?

  static let standard = Mood(words: "")

  /// Later entries of the lexicon win over earlier ones. Short words have to be there as they are.
  init(words text: String) {
    let words = text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "." }.map(String.init)
    for (stems, change) in Self.lexicon
    where words.contains(where: { word in stems.contains { $0.count < 4 ? word == $0 : word.hasPrefix($0) } })
    {
      change(&self)
    }
    if let index = words.firstIndex(of: "bpm"), index > 0 { tempo = Double(words[index - 1]) }
    if let word = words.first(where: { $0.hasSuffix("bpm") && $0.count > 3 }) {
      tempo = Double(word.dropLast(3))
    }
    energy = min(1, max(0.15, energy))
    if let tempo, !(40...200).contains(tempo) { self.tempo = nil }
  }

  private typealias Change = @Sendable (inout Mood) -> Void

  private static let lexicon: [(stems: [String], change: Change)] = [
    (["ambient", "calm", "quiet", "soft", "gentle", "serene", "peace", "still"], { $0.energy -= 0.15 }),
    (["ambient", "pad", "pads", "opening", "intro", "dawn", "mist"], { $0.texture = .arpeggio }),
    (["warm", "build", "grow", "bright", "sunny"], { $0.energy += 0.1 }),
    (
      ["upbeat", "energ", "driv", "lively", "festiv"],
      {
        $0.energy += 0.25; $0.texture = .arpeggio
      }
    ),
    (
      ["string", "orchest", "cinema", "romantic"],
      {
        $0.pad = 48; $0.texture = .block
      }
    ),
    (
      ["swell", "final", "climax", "triumph", "epic", "anthem", "grand"],
      {
        $0.pad = 48; $0.lead = 60; $0.texture = .block; $0.energy += 0.35
      }
    ),
    (
      ["jazz", "lounge", "bar", "vibraphone", "vibes", "cocktail", "evening"],
      {
        $0.lead = 11; $0.arpeggio = 0
      }
    ),
    (["flute", "nature", "garden", "breeze", "birds", "forest"], { $0.lead = 73 }),
    (
      ["guitar", "acoustic", "folk", "mediterran", "spanish"],
      {
        $0.lead = 24; $0.arpeggio = 24; $0.texture = .broken
      }
    ),
    (
      ["harp", "spa", "water", "pool", "sea", "ocean", "beach"],
      {
        $0.arpeggio = 46; $0.texture = .arpeggio
      }
    ),
    (
      ["celesta", "magic", "sparkl", "stars", "starlight"],
      {
        $0.lead = 8; $0.arpeggio = 46
      }
    ),
    (["box", "child", "playful", "toy", "lullaby"], { $0.lead = 10 }),
    (
      ["piano"],
      {
        $0.lead = 0; $0.arpeggio = 0; $0.texture = .broken
      }
    ),
    (["horn", "brass"], { $0.lead = 60 }),
    (
      ["percussion", "rhythm", "beat", "shaker", "brush", "drum", "groove", "upbeat", "lively"],
      {
        $0.hasPercussion = true
      }
    ),
  ]
}
