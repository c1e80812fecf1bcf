import CampaignCore
import Glibc

/// A script that is one simple command, split into words as `sh -eu` would: it needs no shell, which costs more than many
/// a step.
///
/// Whatever could mean anything else to a shell is left to one: operators, globs, substitutions but `$name`, built-ins.
struct SimpleCommand {
  private(set) var words: [String] = []

  /// Nil: a shell has to read it.
  ///
  /// - Parameter value: of a variable; nil: it is not set.
  init?(_ script: String, value: @escaping (String) -> String?) {
    var reader = Reader(bytes: Array(script.utf8)[...], value: value)
    while let fields = reader.nextWord() { words += fields }
    guard !reader.needsShell, let name = words.first, !name.isEmpty, !name.contains("="),
      !Self.special.contains(name)
    else {
      return nil
    }
  }

  /// Built-in commands and reserved words of `sh`.
  private static let special = Set(
    """
    . : [ ! { } alias bg break case cd chdir command continue do done echo elif else esac eval exec exit export \
    false fc fg fi for getopts hash if in jobs kill local printf pwd read readonly return set shift test then \
    times trap true type ulimit umask unalias unset until wait while
    """.split(separator: " ").map(String.init))

  private struct Reader {
    var bytes: ArraySlice<UInt8>
    let value: (String) -> String?
    private(set) var needsShell = false

    /// The fields that the next word stands for; nil at the end, or when a shell is needed.
    mutating func nextWord() -> [String]? {
      skipBlanks()
      guard let first = bytes.first, !needsShell else { return nil }
      if first == UInt8(ascii: "\n") { needsShell = true }
      var word: [UInt8] = []
      var isQuoted = false
      while let byte = bytes.first, !endsWord(byte), !needsShell {
        bytes.removeFirst()
        switch byte {
        case UInt8(ascii: "'"):
          isQuoted = true
          word += take { $0 != UInt8(ascii: "'") }
          if bytes.popFirst() == nil { needsShell = true }
        case UInt8(ascii: "\""):
          isQuoted = true
          word += doubleQuoted()
        case UInt8(ascii: "$"):
          // Unquoted, a value falls apart at blanks; beside other text a shell may see to that.
          let text = variable()
          guard word.isEmpty, !isQuoted, bytes.first.map(endsWord) ?? true else {
            needsShell = true; continue
          }
          return fields(text)
        case _ where isPlain(byte): word.append(byte)
        default: needsShell = true
        }
      }
      return needsShell ? nil : [String(decoding: word, as: UTF8.self)]
    }

    private mutating func doubleQuoted() -> [UInt8] {
      var text: [UInt8] = []
      while let byte = bytes.popFirst() {
        switch byte {
        case UInt8(ascii: "\""): return text
        case UInt8(ascii: "$"): text += Array(variable().utf8)
        case UInt8(ascii: "\\"), UInt8(ascii: "`"): needsShell = true
        default: text.append(byte)
        }
      }
      needsShell = true
      return text
    }

    /// What stands for `$name` or `${name}`, read from behind the dollar sign.
    private mutating func variable() -> String {
      let isBraced = bytes.first == UInt8(ascii: "{")
      if isBraced { bytes.removeFirst() }
      let name = take(isName)
      guard let first = name.first, !isDigit(first), !isBraced || bytes.popFirst() == UInt8(ascii: "}"),
        let value = value(String(decoding: name, as: UTF8.self))
      else {
        needsShell = true
        return ""
      }
      return value
    }

    private mutating func fields(_ text: String) -> [String] {
      if text.utf8.contains(where: { "*?[\\".utf8.contains($0) }) { needsShell = true }
      return text.utf8.split { $0 == 32 || $0 == 9 || $0 == 10 }.compactMap { String($0) }
    }

    private mutating func skipBlanks() {
      while let byte = bytes.first {
        if isBlank(byte) {
          bytes.removeFirst()
        } else if byte == UInt8(ascii: "\n"), bytes.dropFirst().allSatisfy({ isBlank($0) || $0 == byte }) {
          bytes = []
        } else if bytes.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "\n")]) {
          bytes = bytes.dropFirst(2)
        } else {
          return
        }
      }
    }

    private mutating func take(_ isWanted: (UInt8) -> Bool) -> ArraySlice<UInt8> {
      let run = bytes.prefix(while: isWanted)
      bytes = bytes[run.endIndex...]
      return run
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }
    private func endsWord(_ byte: UInt8) -> Bool { isBlank(byte) || byte == UInt8(ascii: "\n") }
    private func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte < 58 }
    private func isLetter(_ byte: UInt8) -> Bool { (byte | 32) >= 97 && (byte | 32) < 123 }
    private func isName(_ byte: UInt8) -> Bool {
      isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_")
    }
    private func isPlain(_ byte: UInt8) -> Bool {
      isName(byte) || byte > 127 || "-./,:+@%^=".utf8.contains(byte)
    }
  }
}
