import CampaignCore

/// A script that is one program, named by its path, with plain and `"$quoted"` words: starting it without a shell in
/// between does the same in half the time. Anything else, however harmless, is the shell's.
struct DirectCommand {
  private(set) var arguments: [String] = []

  /// nil when only a shell can tell what the script means.
  init?(_ script: String, variables: [String: String]) {
    var rest = Substring(script)
    while !rest.isEmpty {
      if rest.first == " " { rest.removeFirst(); continue }
      guard let word = Self.word(&rest, variables) else { return nil }
      arguments.append(word)
    }
    guard let program = arguments.first, program.contains("/"), script.first != "\"", !program.contains("=")
    else { return nil }
  }

  private static func word(_ rest: inout Substring, _ variables: [String: String]) -> String? {
    var word = ""
    if rest.first == "\"" {
      rest.removeFirst()
      guard let end = rest.firstIndex(of: "\""), let text = expanded(rest[..<end], variables) else {
        return nil
      }
      word = text
      rest = rest[end...].dropFirst()
    } else {
      word = String(rest.prefix { isPlain($0) })
      rest = rest.dropFirst(word.count)
      guard !word.isEmpty else { return nil }
    }
    return rest.isEmpty || rest.first == " " ? word : nil
  }

  /// The value of `$name`, or a text in which nothing is special.
  private static func expanded(_ text: Substring, _ variables: [String: String]) -> String? {
    if text.first == "$" { return variables[String(text.dropFirst())] }
    return text.allSatisfy { isPlain($0) || $0 == " " } ? String(text) : nil
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "_-./:=,@%+".contains(character))
  }
}
