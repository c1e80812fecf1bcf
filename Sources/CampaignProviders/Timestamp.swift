/// A moment of the server's clock, in seconds since 1970; ours plays no part.
package struct Timestamp: Hashable, Comparable, Sendable {
  package var seconds: Double

  package init(_ seconds: Double) { self.seconds = seconds }
  package static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }

  /// Reads `2026-11-23T11:00:00.123Z` and `2026-11-23T11:00:00+00:00`; other zones than UTC are refused.
  package init?(iso text: String) {
    let parts = text.split { "-T:Z+ ".contains($0) }.map(String.init)
    guard parts.count >= 6, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      let hour = Int(parts[3]), let minute = Int(parts[4]), let second = Double(parts[5]),
      (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...24).contains(hour),
      (0...60).contains(minute), (0...61).contains(second), parts.dropFirst(6).allSatisfy({ Int($0) == 0 })
    else { return nil }
    self.init(Double(Self.days(year, month, day)) * 86400 + Double(hour * 3600 + minute * 60) + second)
  }

  /// Reads the header `Date: Mon, 23 Nov 2026 11:00:00 GMT`.
  package init?(http text: String) {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let parts = text.split { ", :".contains($0) }.map(String.init)
    guard parts.count >= 7, let day = Int(parts[1]), let month = months.firstIndex(of: parts[2]),
      let year = Int(parts[3]), let hour = Int(parts[4]), let minute = Int(parts[5]),
      let second = Int(parts[6]), (1...9999).contains(year), (1...31).contains(day), (0...24).contains(hour),
      (0...60).contains(minute), (0...61).contains(second)
    else { return nil }
    self.init(Double(Self.days(year, month + 1, day) * 86400 + hour * 3600 + minute * 60 + second))
  }

  /// `2026-11-23T11:00:00Z`, whole seconds.
  package var iso: String {
    let whole = Int(seconds.rounded(.down))
    let (days, rest) = (whole / 86400, whole % 86400)
    let (year, month, day) = Self.date(days)
    let time = [rest / 3600, rest / 60 % 60, rest % 60].map(Self.twoDigits).joined(separator: ":")
    return "\(year)-\(Self.twoDigits(month))-\(Self.twoDigits(day))T\(time)Z"
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// Days since 1970 of a date after 1600 (the year begins in March, so that the leap day is its last).
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = (shifted / 400, shifted % 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func date(_ days: Int) -> (Int, Int, Int) {
    let shifted = days + 719_468
    let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
