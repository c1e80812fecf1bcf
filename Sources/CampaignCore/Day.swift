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

  package static var today: Day { Day(seconds: Int64(time(nil))) }

  package var description: String { "\(year)-\(Self.two(month))-\(Self.two(day))" }

  /// E.g. `2026-11`.
  package var monthName: String { "\(year)-\(Self.two(month))" }

  /// When its month began, in seconds since 1970.
  package var monthStart: Int64 {
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month - 1), 1)
    return Int64(timegm(&parts))
  }

  private static func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
}
