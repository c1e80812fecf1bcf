extension JSON {
  /// An amount as our own files write it, in micro-dollars; nil: it is no amount that anybody pays.
  package var micros: Money? {
    int.flatMap { (0...1_000_000_000_000_000).contains($0) ? Money(micros: Int64($0)) : nil }
  }

  /// A time in seconds since 1970; nil: it is none, or in a year of more than four digits.
  package var time: Int64? { int.flatMap { (0...253_402_300_799).contains($0) ? Int64($0) : nil } }

  /// How long something took, in seconds; nil: it is no time that anybody waits.
  package var seconds: Double? { double.flatMap { (0...1e9).contains($0) ? $0 : nil } }

  /// How many of something there are; nil: more than anything here can have.
  package var count: Int? { int.flatMap { (0...1_000_000_000).contains($0) ? $0 : nil } }
}

extension FixedWidthInteger {
  /// The number without its fraction, or the nearest that there is; 0 for what is no number.
  package init(nearest value: Double) {
    self = Self(exactly: value.rounded(.towardZero)) ?? (value.isNaN ? 0 : value < 0 ? .min : .max)
  }
}
