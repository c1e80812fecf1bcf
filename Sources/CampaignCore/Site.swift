/// A place in a file. It costs nothing until it is told: every name of a Campaignfile has one.
package struct Site: Sendable {
  package var file: String
  private let source: SourceText
  private let span: Span

  init(_ span: Span, in source: SourceText) {
    file = source.file
    self.source = source
    self.span = span
  }

  /// From 1.
  package var line: Int { source.line(of: span.start) + 1 }
  /// From 1, in characters.
  package var column: Int { 1 + source.characters(Span(lineSpan.start, span.start)) }
  /// Characters to underline; at least 1.
  package var length: Int { max(1, source.characters(shown(within: lineSpan))) }

  private var lineSpan: Span { source.span(ofLine: line - 1) }
  private func shown(within line: Span) -> Span { Span(span.start, min(span.end, line.end)) }

  /// The place of a text within this one; the whole place when it is not there.
  package func narrowed(to text: String) -> Site {
    guard let start = source.bytes[span.range].firstRange(of: Array(text.utf8))?.lowerBound else {
      return self
    }
    var site = Site(Span(start, start + text.utf8.count), in: source)
    site.file = file
    return site
  }

  /// More bytes of a line than these are not shown before the place, and from it on.
  private static let window = (before: 80, after: 120)

  /// The line, or what is around the place in a long one, for the caret: its text, and the characters before the place
  /// and in it.
  var excerpt: (text: String, lead: Int, length: Int) {
    let line = lineSpan
    var start = line.start
    var end = line.end
    if end - start > Self.window.before + Self.window.after {
      start = source.characterStart(max(start, span.start - Self.window.before))
      end = source.characterStart(min(end, span.start + Self.window.after))
    }
    let (before, after) = (start > line.start ? "…" : "", end < line.end ? "…" : "")
    return (
      before + source.text(Span(start, end)) + after,
      before.count + source.characters(Span(start, span.start)),
      max(1, source.characters(shown(within: Span(start, end))))
    )
  }
}

extension Site: Hashable {
  package static func == (left: Site, right: Site) -> Bool {
    left.source === right.source && left.span == right.span && left.file == right.file
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(source))
    hasher.combine(span)
  }
}

extension Site: Comparable {
  /// By file, and by the place in it.
  package static func < (left: Site, right: Site) -> Bool {
    (left.file, left.span.start) < (right.file, right.span.start)
  }
}
