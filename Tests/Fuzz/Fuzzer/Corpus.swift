import CampaignCore

/// The inputs in git: good and bad examples, and every input that ever did harm.
struct Corpus {
  /// `Tests/Fuzz`.
  let folder: String

  func folder(of target: FuzzTarget) -> String { folder + "/corpus/" + target.name }

  /// Sorted by their names.
  func files(of target: FuzzTarget) -> [String] {
    Files.names(in: folder(of: target)).map { folder(of: target) + "/" + $0 }
  }

  func inputs(of target: FuzzTarget) -> [[UInt8]] {
    files(of: target).map { path in unfailing { try Files.read(path) } }
  }

  /// Keeps an input that did harm, and returns where.
  func keep(_ bytes: [UInt8], of target: FuzzTarget) -> String {
    let path = folder(of: target) + "/crash-" + ContentHasher.hash(bytes).short
    unfailing {
      try Files.makeFolder(folder(of: target))
      try Files.write(bytes, to: path)
    }
    return path
  }

  /// What stands in quotes in its dictionary: one word a line, with `\xNN`, `\"` and `\\`, as libFuzzer has it.
  func words(of target: FuzzTarget) -> [[UInt8]] {
    guard let name = target.dictionary else { return [] }
    let text = unfailing { try Files.text(folder + "/dictionaries/\(name).dict") }
    return text.split(separator: "\n").compactMap(Self.word)
  }

  private static func word(_ line: Substring) -> [UInt8]? {
    guard !line.hasPrefix("#"), let start = line.firstIndex(of: "\""), let end = line.lastIndex(of: "\""),
      start < end
    else { return nil }
    var bytes: [UInt8] = []
    var rest = Array(line[line.index(after: start)..<end].utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() else {
        bytes.append(byte)
        continue
      }
      guard escaped == UInt8(ascii: "x") else {
        bytes.append(escaped)
        continue
      }
      bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
      rest = rest.dropFirst(2)
    }
    return bytes
  }
}
