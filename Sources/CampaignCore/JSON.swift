/// A JSON value that keeps the order of members and the text of numbers.
///
/// Our own because manifests must come out byte for byte the same, and pairs are read on the path of every build.
package enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  /// As written, e.g. `0.50`.
  case number(String)
  case string(String)
  case array([JSON])
  case object([Member])

  package struct Member: Hashable, Sendable {
    package var name: String
    package var value: JSON

    package init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// An object from pairs, in their order.
  package static func members(_ members: KeyValuePairs<String, JSON>) -> JSON {
    .object(members.map { Member($0.key, $0.value) })
  }

  package static func int(_ value: some BinaryInteger) -> JSON { .number(String(value)) }

  /// A number with a fixed count of decimals, so that the same value always has the same text.
  package static func decimal(_ value: Double, places: Int) -> JSON {
    .number(Self.fixed(value, places: places))
  }

  package subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    // Of two with one name the last counts, as for other readers.
    return members.last { $0.name == name }?.value
  }

  /// Of the members of an object.
  package var names: [String] { if case .object(let members) = self { members.map(\.name) } else { [] } }

  package var string: String? { if case .string(let text) = self { text } else { nil } }
  package var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
  package var number: Double? { if case .number(let text) = self { Double(text) } else { nil } }
  package var int: Int? { if case .number(let text) = self { Int(text) } else { nil } }
  package var double: Double? { if case .number(let text) = self { Double(text) } else { nil } }
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The text of a string, number or bool; nil for what has no one-line text.
  package var scalar: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .bool(let value): value ? "yes" : "no"
    case .null, .array, .object: nil
    }
  }

  /// `value` rounded to `places` decimals, without an exponent.
  package static func fixed(_ value: Double, places: Int) -> String {
    var scale: Int64 = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int64(nearest: (value * Double(scale)).rounded())
    guard places > 0 else { return String(scaled) }
    let whole = (scaled < 0 ? "-" : "") + String(scaled.magnitude / scale.magnitude)
    return whole + "." + String(scale.magnitude + scaled.magnitude % scale.magnitude).dropFirst()
  }
}
