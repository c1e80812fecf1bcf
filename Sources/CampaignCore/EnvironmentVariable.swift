import CPlatform

/// A variable of this process's environment.
package struct EnvironmentVariable: Sendable {
  package let name: String
  package let value: String
  /// `name=value`.
  package let text: String

  /// All of them, as they are now.
  package static func all() -> [EnvironmentVariable] {
    var variables: [EnvironmentVariable] = []
    var entry = campaign_environment()
    while let pointer = entry.pointee {
      let text = String(cString: pointer)
      let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")) ?? text.endIndex
      variables.append(
        EnvironmentVariable(name: String(text[..<sign]), value: String(text[sign...].dropFirst()), text: text)
      )
      entry += 1
    }
    return variables
  }
}
