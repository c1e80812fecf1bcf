/// A file pattern: `*`, `?` and `[...]` within a name, `**` for any number of folders. Hidden names only when asked for.
///
/// It is matched against bytes; `?` and `[...]` take one character of UTF-8.
package struct Glob: Hashable, Sendable {
  /// What matches the name of a file or folder.
  enum Segment: Hashable, Sendable {
    /// `**`
    case folders
    case name(NamePattern)
  }

  package let pattern: String
  let segments: [Segment]

  package init(_ pattern: String) {
    self.pattern = FilePath.normal(pattern)
    var segments: [Segment] = []
    for name in self.pattern.utf8.split(separator: UInt8(ascii: "/")) {
      guard name.elementsEqual("**".utf8) else { segments.append(.name(NamePattern(Array(name)))); continue }
      if segments.last != .folders { segments.append(.folders) }
    }
    // All files, at any depth.
    if segments.last == .folders { segments.append(.name(NamePattern(Array("*".utf8)))) }
    self.segments = segments
  }

  var isAbsolute: Bool { pattern.utf8.first == UInt8(ascii: "/") }

  package func matches(_ path: String) -> Bool {
    let names = path.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
    return isAbsolute == (path.utf8.first == UInt8(ascii: "/")) && Self.matches(names[...], segments[...])
  }

  /// Goes back to the latest `**` alone: what an earlier one could take instead, that one can take as well.
  private static func matches(_ names: ArraySlice<[UInt8]>, _ segments: ArraySlice<Segment>) -> Bool {
    var (names, segments) = (names, segments)
    var latest: (names: ArraySlice<[UInt8]>, segments: ArraySlice<Segment>)?
    while true {
      switch segments.first {
      case nil where names.isEmpty: return true
      case .folders:
        segments = segments.dropFirst()
        latest = (names, segments)
      case .name(let pattern) where names.first.map(pattern.matches) ?? false:
        (names, segments) = (names.dropFirst(), segments.dropFirst())
      case nil, .name:
        guard let start = latest, let name = start.names.first, !isHidden(name) else { return false }
        (names, segments) = (start.names.dropFirst(), start.segments)
        latest = (names, segments)
      }
    }
  }

  static func isHidden(_ name: [UInt8]) -> Bool { name.first == UInt8(ascii: ".") }

  // MARK: - Texts with holes

  private static let longestSearch = 2000

  /// Whether some filling of the holes between `texts` gives a path that matches.
  package func couldMatch(_ texts: [String]) -> Bool {
    var template: [UInt8?] = []
    for (index, text) in texts.enumerated() { template += (index > 0 ? [nil] : []) + text.utf8.map { $0 } }
    // Longer ones are no names that anybody has: to wait for them all the same is right, and takes no stack.
    guard template.count + tokens.count < Self.longestSearch else { return true }
    var failed: Set<[Int]> = []
    return Self.couldMatch(template[...], tokens[...], &failed)
  }

  /// The whole pattern; `**/` is any text.
  private var tokens: [NamePattern.Token] {
    var tokens: [NamePattern.Token] = isAbsolute ? [.byte(UInt8(ascii: "/"))] : []
    for (index, segment) in segments.enumerated() {
      switch segment {
      case .folders: tokens.append(.anything)
      case .name(let pattern):
        tokens += pattern.tokens
        if index < segments.count - 1 { tokens.append(.byte(UInt8(ascii: "/"))) }
      }
    }
    return tokens
  }

  /// - Parameters:
  ///   - template: nil is a hole.
  ///   - failed: what was tried in vain, so that the search stays short.
  private static func couldMatch(
    _ template: ArraySlice<UInt8?>, _ tokens: ArraySlice<NamePattern.Token>, _ failed: inout Set<[Int]>
  ) -> Bool {
    guard let token = tokens.first else { return template.allSatisfy { $0 == nil } }
    guard failed.insert([template.count, tokens.count]).inserted else { return false }
    let isWide = token == .star || token == .anything
    guard let next = template.first else {
      return isWide && couldMatch(template, tokens.dropFirst(), &failed)
    }
    guard let byte = next else {
      return couldMatch(template.dropFirst(), tokens, &failed)
        || couldMatch(template, tokens.dropFirst(), &failed)
    }
    if isWide && couldMatch(template, tokens.dropFirst(), &failed) { return true }
    switch token {
    case .byte(let other):
      return byte == other && couldMatch(template.dropFirst(), tokens.dropFirst(), &failed)
    case .anything: return couldMatch(template.dropFirst(), tokens, &failed)
    case .star: return byte != UInt8(ascii: "/") && couldMatch(template.dropFirst(), tokens, &failed)
    case .set(let ranges, let isNegated)
    where byte < 128 && ranges.contains(where: { $0.contains(UInt32(byte)) }) == isNegated:
      return false
    case .character, .set:
      guard byte != UInt8(ascii: "/") else { return false }
      let rest = template.dropFirst().drop { $0.map { $0 & 0xC0 == 0x80 } ?? false }
      return couldMatch(rest, tokens.dropFirst(), &failed)
    }
  }
}
