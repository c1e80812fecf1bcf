/// An amount of money in micro-dollars; never a floating-point number.
public struct Money: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var micros: Int64

  public init(micros: Int64) { self.micros = micros }
  public static let zero = Money(micros: 0)
  public static func < (left: Money, right: Money) -> Bool { left.micros < right.micros }
  public static func + (left: Money, right: Money) -> Money {
    nearest(left.micros.addingReportingOverflow(right.micros), isNegative: right < .zero)
  }
  public static func - (left: Money, right: Money) -> Money {
    nearest(left.micros.subtractingReportingOverflow(right.micros), isNegative: right > .zero)
  }
  package static func * (money: Money, count: Int) -> Money {
    nearest(
      money.micros.multipliedReportingOverflow(by: Int64(count)), isNegative: (money < .zero) != (count < 0))
  }

  /// What is out of bounds stays at the bound: no sum of what a file or a provider says turns over, and so below a cap.
  private static func nearest(_ sum: (partialValue: Int64, overflow: Bool), isNegative: Bool) -> Money {
    Money(micros: !sum.overflow ? sum.partialValue : isNegative ? .min : .max)
  }

  /// Reads a decimal number of dollars, e.g. `0.6` or `12`; digits beyond micro-dollars round up. Nil: no such number.
  public init?(dollars text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), (1...9).contains(parts[0].utf8.count),
      parts.allSatisfy({ $0.utf8.allSatisfy { (48..<58).contains($0) } }), let whole = Int64(parts[0])
    else { return nil }
    let fraction = parts.count == 2 ? String(parts[1]) : ""
    let kept = fraction.prefix(6) + String(repeating: "0", count: max(0, 6 - fraction.count))
    guard let micros = Int64(kept) else { return nil }
    self.init(micros: whole * 1_000_000 + micros + (fraction.dropFirst(6).contains { $0 != "0" } ? 1 : 0))
  }

  /// `$1.20`, with up to six decimals where cents do not suffice.
  public var description: String { (micros < 0 ? "-$" : "$") + digits }

  /// Of its magnitude, e.g. `1.20`.
  package var digits: String {
    var fraction = String(1_000_000 + micros.magnitude % 1_000_000).dropFirst()
    while fraction.utf8.count > 2 && fraction.utf8.last == UInt8(ascii: "0") { fraction.removeLast() }
    return String(micros.magnitude / 1_000_000) + "." + fraction
  }
}

/// A length of time in whole milliseconds, as a Campaignfile writes it: `6s`, `500ms`, `2m`.
package struct Milliseconds: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var count: Int

  package init(_ count: Int) { self.count = count }
  package static func < (left: Milliseconds, right: Milliseconds) -> Bool { left.count < right.count }

  /// Reads `500ms`, `6s`, `1.5s`, `2m`.
  package init?(_ text: some StringProtocol) {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let scales: [String: Double] = ["ms": 1, "s": 1000, "m": 60_000]
    guard let value = Double(digits), let scale = scales[String(text.dropFirst(digits.count))] else {
      return nil
    }
    let count = (value * scale).rounded()
    guard count >= 0, count < 1e12 else { return nil }
    self.init(Int(count))
  }

  package var seconds: Double { Double(count) / 1000 }

  /// `6s`, `1.5s`, `250ms`: the canonical spelling.
  package var description: String {
    if count % 1000 == 0 { return "\(count / 1000)s" }
    if count < 1000 { return "\(count)ms" }
    var fraction = String(1000 + count % 1000).dropFirst()
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(count / 1000).\(fraction)s"
  }
}

/// The size of a picture in pixels, e.g. `1920x1080`.
package struct FrameSize: Hashable, Sendable, CustomStringConvertible {
  package var width: Int
  package var height: Int

  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Reads `1920x1080`.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]), width > 0, height > 0
    else {
      return nil
    }
    self.init(width: width, height: height)
  }

  package var description: String { "\(width)x\(height)" }
}

/// An integrated loudness in hundredths of a LUFS, e.g. `-14 LUFS`.
package struct Loudness: Hashable, Sendable, CustomStringConvertible {
  package var hundredths: Int

  package init(hundredths: Int) { self.hundredths = hundredths }

  /// Reads `-14 LUFS` and `-14.5 LUFS`.
  package init?(_ text: some StringProtocol) {
    guard text.hasSuffix("LUFS"), let value = Double(String(text.dropLast(4).filter { $0 != " " })) else {
      return nil
    }
    let hundredths = (value * 100).rounded()
    guard abs(hundredths) < 10_000 else { return nil }
    self.init(hundredths: Int(hundredths))
  }

  package var lufs: Double { Double(hundredths) / 100 }
  package var description: String {
    let text = JSON.fixed(lufs, places: 2)
    return (hundredths % 100 == 0 ? String(text.dropLast(3)) : text) + " LUFS"
  }
}
