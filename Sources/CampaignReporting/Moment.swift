import Glibc

/// A point in time as people read it, in local time: `2026-11-23 15:21:12`.
package struct Moment: Sendable, CustomStringConvertible {
  private let seconds: Int64

  /// Seconds since 1970.
  package init(_ seconds: Int64) { self.seconds = seconds }

  package var description: String {
    var (time, parts) = (time_t(seconds), tm())
    localtime_r(&time, &parts)
    return Self.text("%Y-%m-%d %H:%M:%S", &parts)
  }

  /// For programs: `2026-11-23T14:21:12Z`.
  package var iso: String {
    var (time, parts) = (time_t(seconds), tm())
    gmtime_r(&time, &parts)
    return Self.text("%Y-%m-%dT%H:%M:%SZ", &parts)
  }

  private static func text(_ format: String, _ parts: inout tm) -> String {
    var buffer = [CChar](repeating: 0, count: 32)
    let count = strftime(&buffer, buffer.count, format, &parts)
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
