/// A table with a header line: commas, quoted fields with doubled quotes, line breaks within quotes.
struct CSV: Hashable, Sendable {
  struct Row: Hashable, Sendable {
    /// Where it begins, counted from 1.
    var line: Int
    var fields: [String]
  }

  /// A table that cannot be read, with its place.
  struct Mistake: Error, Hashable, Sendable {
    var line: Int
    var message: String
  }

  var header: [String]
  var rows: [Row]

  /// Blank lines are skipped; every row must have as many fields as the header.
  init(_ text: String) throws(Mistake) {
    var lines = try Self.read(text)
    guard !lines.isEmpty else { throw Mistake(line: 1, message: "there is no header line") }
    header = lines.removeFirst().fields.map { $0.lowercased() }
    rows = lines
    for row in rows where row.fields.count != header.count {
      throw Mistake(
        line: row.line,
        message: "\(row.fields.count) fields where the header has \(header.count); "
          + "a field with commas goes in quotes")
    }
  }

  private static func read(_ text: String) throws(Mistake) -> [Row] {
    var rows: [Row] = []
    var row = Row(line: 1, fields: [])
    var field = Field()
    var line = 1
    func closed(_ row: Row, _ field: Field) -> Row { Row(line: row.line, fields: row.fields + [field.value]) }
    // By scalars: as a Character, CR LF would be neither of the two.
    for scalar in text.unicodeScalars where scalar != "\u{FEFF}" {
      switch (scalar, field.state) {
      case ("\"", _): try field.quote(line: line)
      case (_, .quoted): field.text.append(scalar)
      case (",", _):
        row.fields.append(field.value)
        field = Field()
      case ("\n", _):
        let full = closed(row, field)
        if full.fields != [""] { rows.append(full) }
        row = Row(line: line + 1, fields: [])
        field = Field()
      case ("\r", _), (" ", .closed): break
      case (_, .closed): throw Mistake(line: line, message: "text after the closing quote of a field")
      case (_, .plain): field.text.append(scalar)
      }
      if scalar == "\n" { line += 1 }
    }
    guard field.state != .quoted else { throw Mistake(line: row.line, message: "a quote is not closed") }
    let last = closed(row, field)
    return last.fields == [""] ? rows : rows + [last]
  }

  /// A field that is being read.
  private struct Field {
    enum State { case plain, quoted, closed }

    var text = String.UnicodeScalarView()
    var state = State.plain

    var value: String { state == .plain ? String(text).trimmed : String(text) }

    mutating func quote(line: Int) throws(Mistake) {
      switch state {
      case .plain where String(text).trimmed.isEmpty:
        text = String.UnicodeScalarView()
        state = .quoted
      case .plain: throw Mistake(line: line, message: "a quote within a field that has none around it")
      case .quoted: state = .closed
      case .closed:
        text.append("\"")
        state = .quoted
      }
    }
  }
}

extension String {
  /// Without spaces and tabs at both ends.
  fileprivate var trimmed: String {
    let space: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: space).reversed().drop(while: space).reversed())
  }
}
