import HTTPTypes
import Hummingbird

/// What a request has already, and which part it wants.
enum Conditions {
  /// `tag` is in quotes, as it is sent.
  static func isUnchanged(_ request: Request, tag: String) -> Bool {
    guard let field = request.headers[.ifNoneMatch] else { return false }
    return field == "*"
      || field.split(separator: ",").contains { known in
        let known = known.drop { $0 == " " }
        return (known.hasPrefix("W/") ? known.dropFirst(2) : known).prefix { $0 != " " } == tag
      }
  }

  enum Part: Equatable {
    case whole
    case bytes(Range<Int64>)
    case none
  }

  /// The part of a file of so many bytes that is asked for. Several ranges at once are answered with the whole.
  static func part(_ request: Request, of size: Int64, tag: String) -> Part {
    if let condition = request.headers[.ifRange], condition != tag { return .whole }
    guard let field = request.headers[.range], field.hasPrefix("bytes="), !field.contains(",") else {
      return .whole
    }
    let ends = field.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2 else { return .whole }
    let (first, last) = (Int64(ends[0]), Int64(ends[1]))
    switch (ends[0].isEmpty, ends[1].isEmpty) {
    case (true, false):
      guard let last, last >= 0 else { return .whole }
      return last == 0 || size == 0 ? .none : .bytes(max(0, size - last)..<size)
    case (false, true):
      guard let first, first >= 0 else { return .whole }
      return first < size ? .bytes(first..<size) : .none
    case (false, false):
      guard let first, let last, first >= 0, first <= last else { return .whole }
      return first < size ? .bytes(first..<min(last, size - 1) + 1) : .none
    case (true, true): return .whole
    }
  }
}
