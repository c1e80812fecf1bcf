import CampaignCore
import CampaignEngine
import CampaignSyntax

extension Model {
  /// Reads a `model` block on top of what is known of the model already.
  init(_ block: Campaign.Model, over known: Model?) throws(InvalidModel) {
    self = known ?? Model(name: block.name)
    for (name, value) in block.fields {
      guard set(name, value) else {
        throw InvalidModel(
          Diagnostic(
            "E0302", "`\(name)` of model `\(block.name)`: `\(value)` is not understood", at: block.site,
            help: Self.examples[name].map { "write e.g. \(name) = \($0)" }))
      }
    }
  }

  private static let examples = [
    "lengths": "4s 6s 8s, 3s..15s, or \"4s 6s 8s, 1080p 8s\"",
    "resolution": "resolution 1280x720=720p 1920x1080=1080p",
    "ratio": "aspect_ratio 16:9 9:16", "set": "\"generate_audio=false\"",
    "price": "\"0.12 USD/s\", \"0.27 USD\" or \"1.25 USD/Mtok in, 2.50 USD/Mtok out\"",
    "frames": "num_frames 16", "priced": "2026-11-23", "longest-prompt": "2500",
  ]

  /// Returns false when the value is not understood.
  private mutating func set(_ name: String, _ value: String) -> Bool {
    let words = value.split(separator: " ").map(String.init)
    switch name {
    case "provider": provider = value
    case "kind": kind = Order.Kind(rawValue: value) ?? kind
    case "version": version = value
    case "priced":
      guard let day = Day(value) else { return false }
      priced = day
    case "source": source = value
    case "loops": break
    case "prompt", "first", "last", "seconds", "milliseconds", "seed": fields[name] = value
    case "frames":
      guard words.count == 2, let rate = Int(words[1]) else { return false }
      (fields[name], frameRate) = (words[0], rate)
    case "lengths": return setLengths(value)
    case "resolution": return setResolution(words)
    case "ratio": return setRatio(words)
    case "set":
      guard let members = try? Self.inputs(value) else { return false }
      constants = members
    case "price":
      guard let list = Price(value) else { return false }
      price = list
    case "longest-prompt":
      guard let count = Int(value) else { return false }
      longestPrompt = count
    default: return false
    }
    return true
  }

  /// Reads `4s 6s 8s`, `3s..15s`, and after a comma those of a resolution that makes others, as `1080p 8s`.
  private mutating func setLengths(_ value: String) -> Bool {
    lengthsAt = [:]
    for (index, piece) in value.split(separator: ",").enumerated() {
      var words = piece.split(separator: " ").map(String.init)
      let label = index == 0 || words.isEmpty ? nil : words.removeFirst()
      guard let lengths = Self.lengths(words) else { return false }
      if let label { lengthsAt[label] = lengths } else { self.lengths = lengths }
    }
    return true
  }

  private static func lengths(_ words: [String]) -> Lengths? {
    if words.count == 1, let dots = words[0].firstRange(of: "..") {
      guard let low = Milliseconds(words[0][..<dots.lowerBound]),
        let high = Milliseconds(words[0][dots.upperBound...]), low <= high
      else { return nil }
      return .range(low.count / 1000...high.count / 1000)
    }
    let list = words.compactMap { Milliseconds($0) }
    return list.count == words.count && !list.isEmpty ? .some(list) : nil
  }

  private mutating func setResolution(_ words: [String]) -> Bool {
    let sizes = words.dropFirst().compactMap { word -> (size: FrameSize, value: String)? in
      let sides = word.split(separator: "=")
      guard sides.count == 2, let size = FrameSize(String(sides[0])) else { return nil }
      return (size, String(sides[1]))
    }
    guard let field = words.first, !sizes.isEmpty, sizes.count == words.count - 1 else { return false }
    resolution = (field, sizes)
    return true
  }

  private mutating func setRatio(_ words: [String]) -> Bool {
    let ratios = words.dropFirst().compactMap { word -> (width: Int, height: Int)? in
      let sides = word.split(separator: ":").compactMap { Int($0) }
      return sides.count == 2 && sides.allSatisfy { $0 > 0 } ? (sides[0], sides[1]) : nil
    }
    guard let field = words.first, !ratios.isEmpty, ratios.count == words.count - 1 else { return false }
    ratio = (field, ratios)
    return true
  }
}

/// A `model` block that says something that no model has.
package struct InvalidModel: Error {
  package var diagnostic: Diagnostic

  init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
}
