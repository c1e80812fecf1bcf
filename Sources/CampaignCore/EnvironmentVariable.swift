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

/// What the programs that we run get of our environment, and what of it has to be kept out of logs.
///
/// Whoever runs many programs reads it once.
package struct Inheritance: Sendable {
  let all: [EnvironmentVariable]
  /// Without keys and passwords.
  let harmless: [EnvironmentVariable]
  let secrets: Secrets

  package static func now() -> Inheritance {
    let all = EnvironmentVariable.all()
    return Inheritance(
      all: all, harmless: all.filter { !Secrets.isName($0.name) }, secrets: Secrets.visible(in: all))
  }
}
