/// What a table says of a photo.
struct PhotoCaption: Hashable, Sendable {
  struct Row: Hashable, Sendable {
    var line: Int
    var file: String
    var caption: PhotoCaption
  }

  var description = ""
  var tags: [String] = []

  /// Reads a table with the columns `file`, `description` and `tags`, in any order; only `file` must be there.
  static func rows(_ table: CSV) throws(CSV.Mistake) -> [Row] {
    for name in table.header where !["file", "description", "tags"].contains(name) {
      throw CSV.Mistake(
        line: 1, message: "no column is called `\(name)`: there are `file`, `description` and `tags`")
    }
    for (index, name) in table.header.enumerated() where table.header[..<index].contains(name) {
      throw CSV.Mistake(line: 1, message: "there are two columns `\(name)`")
    }
    guard let file = table.header.firstIndex(of: "file") else {
      throw CSV.Mistake(line: 1, message: "the header has no column `file`, which names the photo")
    }
    let description = table.header.firstIndex(of: "description")
    let tags = table.header.firstIndex(of: "tags")
    return try table.rows.map { row throws(CSV.Mistake) in
      guard !row.fields[file].isEmpty else {
        throw CSV.Mistake(line: row.line, message: "the line names no file")
      }
      let caption = PhotoCaption(
        description: description.map { row.fields[$0] } ?? "",
        tags: tags.map { Self.tags(row.fields[$0]) } ?? [])
      return Row(line: row.line, file: row.fields[file], caption: caption)
    }
  }

  /// Tags are separated by spaces or `;`; one that is there twice counts once.
  static func tags(_ text: String) -> [String] {
    var tags: [String] = []
    for tag in text.split(whereSeparator: { $0.isWhitespace || $0 == ";" }).map({ $0.lowercased() })
    where !tags.contains(tag) {
      tags.append(tag)
    }
    return tags
  }
}
