import Glibc

/// A day of the calendar, in UTC: `2026-11-23`.
package struct Day: Hashable, Sendable, CustomStringConvertible {
  package var year: Int
  package var month: Int
  package var day: Int

  /// - Parameter seconds: since 1970.
  package init(seconds: Int64) {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    (year, month, day) = (Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday))
  }

  /// Reads `2026-11-23`, and `2026-11` as its first day.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (2...3).contains(parts.count), let year = parts[0], (1970...9999).contains(year),
      let month = parts[1],
      (1...12).contains(month), let day = parts.count == 3 ? parts[2] : 1, (1...31).contains(day)
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
  }

  package static var today: Day { Day(seconds: Int64(time(nil))) }

  package var description: String { "\(year)-\(Self.two(month))-\(Self.two(day))" }

  /// E.g. `2026-11`.
  package var monthName: String { "\(year)-\(Self.two(month))" }

  /// When its month began, in seconds since 1970.
  package var monthStart: Int64 { Self.seconds(year, month, 1) }

  /// How many days it is after another.
  package func days(since other: Day) -> Int {
    Int((Self.seconds(year, month, day) - Self.seconds(other.year, other.month, other.day)) / 86_400)
  }

  private static func seconds(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
    return Int64(timegm(&parts))
  }

  private static func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
}
