/// What a glob says of one name: bytes, `*`, `?` and `[...]`; `\` takes the next character as it is.
struct NamePattern: Hashable, Sendable {
  enum Token: Hashable, Sendable {
    case byte(UInt8)
    /// `?`
    case character
    case set(ranges: [ClosedRange<UInt32>], isNegated: Bool)
    /// `*`
    case star
    /// Any text, be it of several names.
    case anything
  }

  private(set) var tokens: [Token] = []
  private let written: [UInt8]

  init(_ pattern: [UInt8]) {
    written = pattern
    var index = 0
    while index < pattern.count {
      switch pattern[index] {
      case UInt8(ascii: "*"):
        if tokens.last != .star { tokens.append(.star) }
      case UInt8(ascii: "?"): tokens.append(.character)
      case UInt8(ascii: "[") where set(pattern, &index): continue
      case UInt8(ascii: "\\") where index + 1 < pattern.count:
        index += 1
        tokens.append(.byte(pattern[index]))
      case let byte: tokens.append(.byte(byte))
      }
      index += 1
    }
  }

  /// The only name that matches, if there is but one.
  var literal: [UInt8]? {
    var name: [UInt8] = []
    for token in tokens {
      guard case .byte(let byte) = token else { return nil }
      name.append(byte)
    }
    return name
  }

  /// Takes a set such as `[a-z]` or `[!0-9]`; false when it has no end: then `[` is but a character.
  private mutating func set(_ pattern: [UInt8], _ index: inout Int) -> Bool {
    var place = index + 1
    var isNegated = false
    if place < pattern.count, pattern[place] == UInt8(ascii: "!") || pattern[place] == UInt8(ascii: "^") {
      isNegated = true
      place += 1
    }
    var ranges: [ClosedRange<UInt32>] = []
    while place < pattern.count, pattern[place] != UInt8(ascii: "]") || ranges.isEmpty {
      let first = Self.character(pattern, at: &place)
      var last = first
      if place + 1 < pattern.count, pattern[place] == UInt8(ascii: "-"),
        pattern[place + 1] != UInt8(ascii: "]")
      {
        place += 1
        last = Self.character(pattern, at: &place)
      }
      ranges.append(min(first, last)...max(first, last))
    }
    guard place < pattern.count else { return false }
    tokens.append(.set(ranges: ranges, isNegated: isNegated))
    index = place + 1
    return true
  }

  // MARK: - Matching

  /// A name that is written like the pattern matches, too: `a[1].jpg` is more often a name than a pattern.
  func matches(_ name: [UInt8]) -> Bool {
    if name == written { return true }
    if Glob.isHidden(name) && tokens.first != .byte(UInt8(ascii: ".")) { return false }
    var (place, token) = (0, 0)
    /// The last `*`, and where what it takes ends.
    var star: (token: Int, end: Int)?
    while place < name.count {
      if token < tokens.count, tokens[token] == .star {
        star = (token, place)
        token += 1
      } else if token < tokens.count, take(tokens[token], name, &place) {
        token += 1
      } else if let last = star {
        star = (last.token, last.end + 1)
        (token, place) = (last.token + 1, last.end + 1)
      } else {
        return false
      }
    }
    return tokens[token...].allSatisfy { $0 == .star }
  }

  private func take(_ token: Token, _ name: [UInt8], _ place: inout Int) -> Bool {
    var end = place
    let character = Self.character(name, at: &end)
    switch token {
    case .byte(let byte):
      guard name[place] == byte else { return false }
      end = place + 1
    case .character: break
    case .set(let ranges, let isNegated):
      guard ranges.contains(where: { $0.contains(character) }) != isNegated else { return false }
    case .star, .anything: return false
    }
    place = end
    return true
  }

  /// The character that begins at `place`, which moves behind it; a byte that is no UTF-8 is one of its own.
  private static func character(_ bytes: [UInt8], at place: inout Int) -> UInt32 {
    let first = bytes[place]
    let length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    let text = bytes[place..<min(bytes.count, place + length)]
    if let character = String(validating: text, as: UTF8.self)?.unicodeScalars.first {
      place += length
      return character.value
    }
    place += 1
    return 0x11_0000 + UInt32(first)
  }
}
