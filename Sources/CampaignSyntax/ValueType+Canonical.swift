import CampaignCore

/// Why a text is no value of a type.
package struct ValueProblem: Error, Hashable {
  /// Lower-case, no full stop, e.g. "`6` is no duration".
  package var message: String
  package var help: String?
}

extension ValueType {
  /// Checks a value and gives it its one spelling.
  package func canonical(_ text: String) -> Result<String, ValueProblem> {
    switch self {
    case .duration: Self.duration(text)
    case .length: Self.length(text)
    case .size:
      Self.spelled(FrameSize(text)?.description, text, "size", "write width x height, e.g. 1920x1080")
    case .ratio: Self.ratio(text)
    case .money: Self.spelled(Self.micros(text), text, "amount of money", "write e.g. 25.00 USD")
    case .loudness: Self.spelled(Loudness(text)?.description, text, "loudness", "write e.g. -14 LUFS")
    case .count(let bounds): Self.count(text, bounds)
    case .number(let bounds): Self.number(text, bounds)
    case .flag: Self.word(text, ["yes", "no"])
    case .word(let words): Self.word(text, words)
    case .text: .success(text)
    case .phrase(let example, let check):
      check(text).map { .failure(ValueProblem(message: $0, help: "e.g. `\(example)`")) } ?? .success(text)
    case .scenes: .success(text)
    }
  }

  private static func spelled(_ spelling: String?, _ text: String, _ kind: String, _ help: String)
    -> Result<String, ValueProblem>
  {
    spelling.map { .success($0) } ?? .failure(ValueProblem(message: "`\(text)` is no \(kind)", help: help))
  }

  private static func duration(_ text: String) -> Result<String, ValueProblem> {
    if let value = Milliseconds(text) { return .success(value.description) }
    if Double(text) != nil {
      return .failure(ValueProblem(message: "\(text) what?", help: "write \(text)s, or \(text)ms"))
    }
    return .failure(ValueProblem(message: "`\(text)` is no duration", help: "write e.g. 6s, 1.5s or 500ms"))
  }

  private static func length(_ text: String) -> Result<String, ValueProblem> {
    Self.duration(text).flatMap { spelling in
      Milliseconds(spelling)?.count == 0
        ? .failure(ValueProblem(message: "\(text) is no length", help: "it must be longer than nothing"))
        : .success(spelling)
    }
  }

  private static func ratio(_ text: String) -> Result<String, ValueProblem> {
    let parts = text.split(separator: ":").compactMap { Int($0) }
    return spelled(
      parts.count == 2 && parts.allSatisfy { $0 > 0 } ? "\(parts[0]):\(parts[1])" : nil, text, "ratio",
      "write e.g. 16:9")
  }

  /// Micro-dollars of `25.00 USD`.
  static func micros(_ text: String) -> String? {
    let words = text.split(separator: " ")
    guard words.count == 2, words[1] == "USD", words[0].allSatisfy({ $0.isASCII && $0.isNumber || $0 == "." })
    else {
      return nil
    }
    let parts = words[0].split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let dollars = Int64(parts[0]) else { return nil }
    let fraction = parts.count == 2 ? parts[1] : "0"
    guard (1...6).contains(fraction.count), dollars < 1_000_000_000,
      let micros = Int64(fraction + String(repeating: "0", count: 6 - fraction.count))
    else { return nil }
    return String(dollars * 1_000_000 + micros)
  }

  private static func count(_ text: String, _ bounds: ClosedRange<Int>) -> Result<String, ValueProblem> {
    guard let value = Int(text) else {
      return .failure(ValueProblem(message: "`\(text)` is no whole number", help: nil))
    }
    guard bounds.contains(value) else {
      return .failure(
        ValueProblem(
          message: "\(value) is out of bounds",
          help: "it goes from \(bounds.lowerBound) to \(bounds.upperBound)"))
    }
    return .success(String(value))
  }

  private static func number(_ text: String, _ bounds: ClosedRange<Double>) -> Result<String, ValueProblem> {
    guard let value = Double(text), value.isFinite else {
      return .failure(ValueProblem(message: "`\(text)` is no number", help: nil))
    }
    guard bounds.contains(value) else {
      return .failure(
        ValueProblem(
          message: "\(text) is out of bounds",
          help: "it goes from \(bounds.lowerBound) to \(bounds.upperBound)"))
    }
    return .success("\(value)")
  }

  private static func word(_ text: String, _ words: [String]) -> Result<String, ValueProblem> {
    if words.contains(text) { return .success(text) }
    let near = suggestion(for: text, among: words).map { "did you mean `\($0)`?" }
    return .failure(
      ValueProblem(
        message: "`\(text)` is none of " + words.map { "`\($0)`" }.joined(separator: ", "), help: near))
  }
}
