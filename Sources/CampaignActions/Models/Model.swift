import CampaignCore
import CampaignEngine
import CampaignSyntax

/// A model of a provider: what its input is called, what it makes and what it costs. From a `model` block.
struct Model: Sendable {
  let name: String
  var provider = "replicate"
  var kind = Order.Kind.clip
  /// The pinned version, where the model needs one.
  var version: String?
  /// The names of its input fields by ours: prompt, first, last, seconds, milliseconds, frames, seed.
  var fields: [String: String] = [:]
  /// The rate of a model that counts its length in frames.
  var frameRate = 0
  var lengths = Lengths.any
  /// Those of a resolution that makes others, by its value.
  var lengthsAt: [String: Lengths] = [:]
  /// The field for the resolution, and its values with the sizes that they mean.
  var resolution: (field: String, sizes: [(size: FrameSize, value: String)])?
  var ratio: (field: String, ratios: [(width: Int, height: Int)])?
  /// Further inputs that are always the same.
  var constants: [JSON.Member] = []
  var price: Price?
  /// The date of the price.
  var priced: Day?
  /// Where price, lengths and sizes were read.
  var source: String?
  /// In characters.
  var longestPrompt: Int?

  /// Which lengths it makes.
  enum Lengths: Sendable {
    case any
    case some([Milliseconds])
    case range(ClosedRange<Int>)
  }

  /// The field that takes a seed.
  var seed: String? { fields["seed"] }

  // MARK: - Lengths

  /// The shortest that is long enough; nil: even the longest is too short.
  func length(for wanted: Milliseconds, at resolution: String? = nil) -> Milliseconds? {
    switch lengths(at: resolution) {
    case .any: return wanted
    case .some(let lengths): return lengths.filter { $0 >= wanted }.min()
    case .range(let seconds):
      let whole = max(seconds.lowerBound, (wanted.count + 999) / 1000)
      return whole <= seconds.upperBound ? Milliseconds(whole * 1000) : nil
    }
  }

  var longest: Milliseconds? {
    switch lengths {
    case .any: nil
    case .some(let lengths): lengths.max()
    case .range(let seconds): Milliseconds(seconds.upperBound * 1000)
    }
  }

  private func lengths(at resolution: String?) -> Lengths {
    resolution.flatMap { lengthsAt[$0] } ?? lengths
  }

  func lengthsInWords(at resolution: String? = nil) -> String {
    switch lengths(at: resolution) {
    case .any: "any length"
    case .some(let lengths): lengths.map(\.description).joined(separator: ", ")
    case .range(let seconds): "\(seconds.lowerBound)s to \(seconds.upperBound)s"
    }
  }

  // MARK: - Pictures

  /// The smallest resolution that covers a size, else the largest, and the nearest ratio; with what is to be said of it.
  func shape(for wanted: FrameSize) -> (resolution: String?, ratio: String?, notes: [String]) {
    var notes: [String] = []
    let short = min(wanted.width, wanted.height)
    let sizes = resolution?.sizes.sorted { $0.size.height < $1.size.height } ?? []
    let size = sizes.first { min($0.size.width, $0.size.height) >= short } ?? sizes.last
    if let size, min(size.size.width, size.size.height) < short {
      notes.append("it makes at most \(size.value), which is scaled up to \(wanted)")
    }
    let shape = Double(wanted.width) / Double(wanted.height)
    func distance(_ ratio: (width: Int, height: Int)) -> Double {
      let other = Double(ratio.width) / Double(ratio.height)
      return max(shape / other, other / shape)
    }
    let ratio = self.ratio?.ratios.min { distance($0) < distance($1) }
    if let ratio, distance(ratio) > 1.02 {
      notes.append("it makes \(ratio.width):\(ratio.height), which is cropped to \(wanted)")
    }
    return (size?.value, ratio.map { "\($0.width):\($0.height)" }, notes)
  }

  // MARK: - Money

  /// A price that is older, in days, may be another by now.
  private static let oldest = 60

  /// What a plan says of a price that is too old to be relied on.
  func priceNotes(on day: Day = .today) -> [String] {
    guard let priced, day.days(since: priced) > Self.oldest else { return [] }
    return ["its price is of \(priced)" + (source.map { ": see \($0)" } ?? "")]
  }

  /// The most that one result can cost; nil: nobody knows.
  func price(length: Milliseconds, size: FrameSize) -> Money? {
    price?.amount(length, resolution: shape(for: size).resolution)
  }

  /// What a result did cost, by what the provider says it counted.
  func price(billed: JSON) -> Money? {
    if let tokensIn = billed["in"]?.int, let tokensOut = billed["out"]?.int {
      return price?.amount(tokensIn: tokensIn, tokensOut: tokensOut)
    }
    guard let seconds = billed["seconds"]?.number, seconds > 0, seconds < 1e6 else { return nil }
    return price?.amount(
      microseconds: Int((seconds * 1e6).rounded()), resolution: billed["resolution"]?.string)
  }

  // MARK: - Inputs

  /// The model's own input object for a clip, without a seed.
  func clipInput(
    prompt: String, first: String, last: String, length: Milliseconds, size: FrameSize, extra: String
  ) throws(StepFailure) -> JSON {
    var members = named([
      "prompt": .string(prompt), "first": .members(["$file": .string(first)]),
      "last": .members(["$file": .string(last)]),
    ])
    members += named(length)
    let shape = shape(for: size)
    if let field = resolution?.field, let value = shape.resolution {
      members.append(.init(field, .string(value)))
    }
    if let field = ratio?.field, let value = shape.ratio { members.append(.init(field, .string(value))) }
    return try completed(members, extra)
  }

  /// The model's own input object for music, without a seed.
  func musicInput(prompt: String, length: Milliseconds, extra: String) throws(StepFailure) -> JSON {
    try completed(named(["prompt": .string(prompt)]) + named(length), extra)
  }

  private func named(_ values: KeyValuePairs<String, JSON>) -> [JSON.Member] {
    values.compactMap { name, value in fields[name].map { JSON.Member($0, value) } }
  }

  private func named(_ length: Milliseconds) -> [JSON.Member] {
    var members = named([
      "seconds": .number(length.count % 1000 == 0 ? String(length.count / 1000) : "\(length.seconds)"),
      "milliseconds": .int(length.count),
    ])
    if let field = fields["frames"] {
      members.append(.init(field, .int((length.count * frameRate + 500) / 1000 + 1)))
    }
    return members
  }

  /// Adds what is always the same, and what a Campaignfile adds or changes.
  private func completed(_ members: [JSON.Member], _ extra: String) throws(StepFailure) -> JSON {
    var members = members
    for member in try constants + Self.inputs(extra) {
      members.removeAll { $0.name == member.name }
      members.append(member)
    }
    return .object(members)
  }

  /// Reads `generate_audio=false negative_prompt="rain, fog"`.
  static func inputs(_ text: String) throws(StepFailure) -> [JSON.Member] {
    var members: [JSON.Member] = []
    var rest = text[...].drop { $0 == " " }
    while !rest.isEmpty {
      let name = rest.prefix { $0 != "=" && $0 != " " }
      rest = rest.dropFirst(name.count)
      guard rest.first == "=", !name.isEmpty else {
        throw StepFailure(
          "`\(text)` is no list of inputs", help: "write e.g. generate_audio=false style=\"warm\"")
      }
      rest = rest.dropFirst()
      let isQuoted = rest.first == "\""
      let value = isQuoted ? rest.dropFirst().prefix { $0 != "\"" } : rest.prefix { $0 != " " }
      rest = rest.dropFirst(value.count + (isQuoted ? 2 : 0)).drop { $0 == " " }
      members.append(.init(String(name), isQuoted ? .string(String(value)) : Self.typed(String(value))))
    }
    return members
  }

  private static func typed(_ text: String) -> JSON {
    if let value = try? JSON.parse(Array(text.utf8)), value.string == nil { return value }
    return .string(text)
  }
}
