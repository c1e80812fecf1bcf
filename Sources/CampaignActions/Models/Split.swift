import CampaignCore
import CampaignEngine

/// A `by` with several makers, so that a new one can be tried on a part of a campaign: `replicate google/veo-3.1 25% | local`.
///
/// Each target falls to one of them by its name alone, so that it stays there whatever else changes; to raise a share
/// moves targets to that maker and none away from it.
package struct Split: Hashable, Sendable {
  package struct Share: Hashable, Sendable {
    package var maker: String
    /// Of 100; the last has what is left.
    package var percent: Double
  }

  package var shares: [Share]

  /// One maker is a split, too. Returns what is wrong with the text as a failure.
  static func parse(_ text: String) -> Result<Split, StepFailure> {
    let parts = text.split(separator: "|", omittingEmptySubsequences: false).map(trimmed)
    guard parts.count > 1 else { return .success(Split(shares: [Share(maker: text, percent: 100)])) }
    var shares: [Share] = []
    var left = 100.0
    for (index, part) in parts.enumerated() {
      let words = part.split(separator: " ").map(String.init)
      let percent = words.last.flatMap { $0.hasSuffix("%") ? Double($0.dropLast()) : nil }
      let maker = (percent == nil ? words : words.dropLast()).joined(separator: " ")
      let isLast = index == parts.count - 1
      guard !maker.isEmpty else { return .failure(StepFailure("a part of `\(text)` names no maker")) }
      guard let share = percent ?? (isLast ? left : nil), (0...100).contains(share), share <= left else {
        return .failure(
          StepFailure(
            isLast ? "the shares of `\(text)` come to more than 100%" : "`\(part)` has no share",
            help: "write e.g. `replicate google/veo-3.1-fast 25% | local`"))
      }
      left -= share
      shares.append(Share(maker: maker, percent: share))
    }
    return left < 0.001
      ? .success(Split(shares: shares))
      : .failure(StepFailure("the shares of `\(text)` come to less than 100%"))
  }

  /// What is wrong with the text of a split or of a maker in it; nil when it is one.
  static func problem(with text: String) -> String? {
    switch parse(text) {
    case .failure(let failure): failure.message
    case .success(let split): split.shares.lazy.compactMap { Maker.problem(with: $0.maker) }.first
    }
  }

  /// The maker that a target falls to.
  func maker(of target: String) -> String {
    let point = Double(ContentHasher.hash(Array(target.utf8)).low % 10_000) / 100
    var sum = 0.0
    for share in shares {
      sum += share.percent
      if point < sum { return share.maker }
    }
    return shares.last!.maker
  }

  /// The first words of all makers but `local` in a `by`.
  package static func providers(in text: String) -> [String] {
    guard case .success(let split) = parse(text) else { return [] }
    return split.shares.compactMap { $0.maker.split(separator: " ").first.map(String.init) }
      .filter { $0 != "local" && !$0.hasPrefix("{") }
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
