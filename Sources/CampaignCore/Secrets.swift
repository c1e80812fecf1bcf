import Glibc

/// The keys and passwords that this process can see, to keep them out of everything that is written down.
package struct Secrets: Sendable {
  /// As they are, for those who have to tell a log what to hide.
  package let texts: [String]
  /// Each in all the forms in which it may be met.
  let search: TextSearch

  /// What is shorter may be an ordinary word, and is not hidden.
  package static let least = 8

  package init(_ values: [String]) {
    var forms: Set<[UInt8]> = []
    texts = values.map { Self.trimmed($0[...]) }.filter { $0.utf8.count >= Self.least }
    for text in texts { forms.formUnion(Self.forms(of: text)) }
    search = TextSearch(forms.filter { $0.count >= Self.least })
  }

  package var isEmpty: Bool { texts.isEmpty }

  /// Those of our environment and of the file of keys.
  package static func visible(in environment: [EnvironmentVariable] = EnvironmentVariable.all()) -> Secrets {
    var values = environment.filter { isName($0.name) }.map(\.value)
    if let text = keysFile.flatMap({ try? Files.text($0) }) { values += keys(in: text).values }
    return Secrets(values)
  }

  /// Where keys may lie instead of in the environment; providers see to it that nobody else can read it.
  package static var keysFile: String? {
    if let path = getenv("CAMPAIGN_KEYS") { return String(cString: path) }
    return getenv("HOME").map { String(cString: $0) + "/.config/campaign/keys" }
  }

  /// The `NAME=value` lines of a file of keys.
  package static func keys(in text: String) -> [String: String] {
    var keys: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
      guard let equals = line.firstIndex(of: "=") else { continue }
      let name = line[..<equals].replacing("export ", with: "").filter { $0 != " " }
      let value = line[line.index(after: equals)...].filter { $0 != " " && $0 != "\"" && $0 != "'" }
      if !value.isEmpty { keys[name] = value }
    }
    return keys
  }

  /// Whether an environment variable of this name holds a secret.
  package static func isName(_ name: some StringProtocol) -> Bool {
    let count = name.utf8.count
    return ["_KEY", "_TOKEN", "_SECRET", "_PASSWORD"].contains { ending in
      count >= ending.utf8.count && name.utf8.dropFirst(count - ending.utf8.count).elementsEqual(ending.utf8)
    }
  }

  /// The same bytes with `***` for each secret.
  package func masked(_ bytes: [UInt8]) -> [UInt8] {
    isEmpty ? bytes : search.replace(in: bytes, isWhole: true).masked
  }

  package func masked(_ text: String) -> String {
    isEmpty ? text : String(decoding: masked(Array(text.utf8)), as: UTF8.self)
  }

  /// The same value with `***` for each secret in its texts.
  package func masked(_ json: JSON) -> JSON {
    guard !isEmpty else { return json }
    return switch json {
    case .null, .bool, .number: json
    case .string(let text): .string(masked(text))
    case .array(let elements): .array(elements.map(masked))
    case .object(let members): .object(members.map { JSON.Member(masked($0.name), masked($0.value)) })
    }
  }

  // MARK: - Forms

  /// A secret as it is, each line of one that has several, and as addresses, JSON and base64 write it.
  private static func forms(of text: String) -> [[UInt8]] {
    let lines = text.split(whereSeparator: \.isNewline).map { Array(trimmed($0).utf8) }
    let json = JSON.string(text).compact.dropFirst().dropLast()
    let written = [text, escaped(text, "0123456789ABCDEF"), escaped(text, "0123456789abcdef"), String(json)]
    return lines + written.map { Array($0.utf8) } + encoded(Array(text.utf8))
  }

  private static func escaped(_ text: String, _ digits: String) -> String {
    let digits = Array(digits.utf8)
    let bytes = text.utf8.flatMap { byte -> [UInt8] in
      let isLetter = (65...90).contains(byte & 0xDF)
      return isLetter || (48...57).contains(byte) || "-._~".utf8.contains(byte)
        ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What base64 of any text with the secret has in common: it depends on where among three bytes the secret begins.
  private static func encoded(_ bytes: [UInt8]) -> [[UInt8]] {
    (0..<3).flatMap { offset -> [[UInt8]] in
      let text = Base64.encoded([UInt8](repeating: 0, count: offset) + bytes).utf8.filter {
        $0 != UInt8(ascii: "=")
      }
      let isCut = (offset + bytes.count) % 3 != 0
      let common = text.dropFirst(offset == 0 ? 0 : offset + 1).dropLast(isCut ? 1 : 0)
      let inAddresses = common.map { byte -> UInt8 in
        byte == UInt8(ascii: "+") ? UInt8(ascii: "-") : byte == UInt8(ascii: "/") ? UInt8(ascii: "_") : byte
      }
      return [Array(common), inAddresses]
    }
  }

  /// Without the blanks and the line ends around it, with which a key may be stored but is not sent.
  package static func trimmed(_ text: Substring) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
