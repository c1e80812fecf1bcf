import CampaignCore

/// The difference between two values that are JSON arrays of named objects, such as the scenes of a campaign: which
/// elements came and went, and which fields of which elements changed.
package struct ListDifference: Hashable, Sendable {
  package struct Field: Hashable, Sendable {
    /// E.g. `hook.prompt`.
    package var name: String
    /// Nil: it was, or is, not there.
    package var old: String?
    package var new: String?
  }

  package private(set) var fields: [Field] = []
  private var isReordered = false

  /// Nil when the values are no such arrays.
  package init?(from old: String, to new: String) {
    guard old.hasPrefix("[{"), new.hasPrefix("[{"), let before = Self.elements(old),
      let after = Self.elements(new)
    else { return nil }
    for name in after.names + before.names.filter({ after.fields[$0] == nil }) {
      let (one, other) = (before.fields[name] ?? [:], after.fields[name] ?? [:])
      guard !one.isEmpty, !other.isEmpty else {
        fields.append(Field(name: name, old: one.isEmpty ? nil : "", new: other.isEmpty ? nil : ""))
        continue
      }
      for key in Set(one.keys).union(other.keys).sorted() where one[key] != other[key] {
        fields.append(Field(name: "\(name).\(key)", old: one[key], new: other[key]))
      }
    }
    isReordered = before.names != after.names
  }

  /// Names of the elements in their order, and the fields of each as text.
  private static func elements(_ text: String) -> (names: [String], fields: [String: [String: String]])? {
    guard let array = (try? JSON.parse(Array(text.utf8)))?.array else { return nil }
    var names: [String] = []
    var fields: [String: [String: String]] = [:]
    for element in array {
      guard case .object(let members) = element, let name = element["name"]?.string ?? element["id"]?.string,
        fields[name] == nil
      else { return nil }
      names.append(name)
      fields[name] = Dictionary(members.map { ($0.name, $0.value.scalar ?? $0.value.compact) }) { $1 }
    }
    return (names, fields)
  }

  /// E.g. `hook.prompt, outro is new and 2 more`.
  var brief: String {
    let words = fields.map { field in
      field.old == nil && field.new == ""
        ? "\(field.name) is new"
        : field.new == nil && field.old == "" ? "\(field.name) is gone" : field.name
    }
    if words.isEmpty { return isReordered ? "another order" : "its form" }
    return words.prefix(3).joined(separator: ", ") + (words.count > 3 ? " and \(words.count - 3) more" : "")
  }
}
