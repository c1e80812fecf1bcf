/// A JSON object on one line, written member by member: much faster than through a `JSON`, for what is written often.
///
/// A member without a value is left out.
package struct JSONLine: Sendable {
  private var text = JSON.Text()

  package init() { text += "{" }

  /// The line with its end.
  package var bytes: [UInt8] {
    var text = text
    text += "}\n"
    return text.bytes
  }

  private mutating func begin(_ name: StaticString) {
    text += text.bytes.count == 1 ? "\"" : ",\""
    name.withUTF8Buffer { text.bytes.append(contentsOf: $0) }
    text += "\":"
  }

  package mutating func put(_ name: StaticString, _ value: String?) {
    guard let value else { return }
    begin(name)
    text.quote(value)
  }

  package mutating func put(_ name: StaticString, _ values: [String]) {
    begin(name)
    text += "["
    for (index, value) in values.enumerated() {
      if index > 0 { text += "," }
      text.quote(value)
    }
    text += "]"
  }

  package mutating func put(_ name: StaticString, _ value: Bool) {
    begin(name)
    text += value ? "true" : "false"
  }

  package mutating func put(_ name: StaticString, _ value: Int) {
    begin(name)
    text += String(value)
  }

  /// A number with three decimals.
  package mutating func put(_ name: StaticString, decimal value: Double?) {
    guard let value else { return }
    begin(name)
    text += JSON.fixed(value, places: 3)
  }

  package mutating func put(_ name: StaticString, _ value: JSON) {
    begin(name)
    text += value
  }
}
