import CSystem

/// A variable of this process's environment.
package struct EnvironmentVariable: Sendable {
  /// `name=value`.
  package let text: String
  private let sign: String.Index

  package var name: Substring { text[..<sign] }
  package var value: Substring { text[sign...].dropFirst() }

  /// All of them, as they are now.
  package static func all() -> [EnvironmentVariable] {
    var variables: [EnvironmentVariable] = []
    var entry = campaign_environment()
    while let pointer = entry.pointee {
      let text = String(cString: pointer)
      let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")) ?? text.endIndex
      variables.append(EnvironmentVariable(text: text, sign: sign))
      entry += 1
    }
    return variables
  }
}
