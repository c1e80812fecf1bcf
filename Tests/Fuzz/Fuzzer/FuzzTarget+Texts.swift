import CampaignActions
@testable import CampaignCore
@testable import CampaignKit
@testable import CampaignSyntax

extension FuzzTarget {
  /// What people write.
  static let texts = [
    FuzzTarget(name: "campaignfile", dictionary: "campaignfile") { _ in
      let schemas = ActionCatalog.builtIn().schemas
      return { Campaignfile(schemas: schemas).read($0) }
    },
    FuzzTarget(name: "json", dictionary: "json") { _ in readJSON },
    FuzzTarget(name: "glob", dictionary: "glob") { _ in
      { bytes in
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard let pattern = lines.first else { return }
        let glob = Glob(String(pattern))
        for path in lines.dropFirst() { _ = glob.matches(String(path)) }
        _ = glob.couldMatch(lines.dropFirst().map(String.init))
      }
    },
    FuzzTarget(name: "value", dictionary: "campaignfile") { _ in
      { for line in String(decoding: $0, as: UTF8.self).split(separator: "\n") { readValue(String(line)) } }
    },
  ]

  /// What is printed is read back as it was.
  private static func readJSON(_ bytes: [UInt8]) {
    guard let value = try? JSON.parse(bytes) else { return }
    expect((try? JSON.parse(value.compact)) == value, "compact JSON is read as another value")
    expect((try? JSON.parse(value.pretty)) == value, "pretty JSON is read as another value")
    if let number = value.number { _ = JSON.fixed(number, places: 3) }
  }

  /// The canonical spelling of a value is its own.
  private static func readValue(_ text: String) {
    let types: [ValueType] = [
      .duration, .size, .ratio, .loudness, .count(0...1000), .number(0...1000), .flag, .text,
    ]
    for type in types {
      guard case .success(let value) = type.canonical(text) else { continue }
      guard case .success(value) = type.canonical(value) else {
        fatalError("`\(text)` is `\(value)` as a \(type), which is something else")
      }
    }
    _ = ValueType.money.canonical(text)
    _ = RunName(text).date
    _ = ContentHash(hex: text)
  }
}

/// What has to be true of any Campaignfile.
private struct Campaignfile {
  let schemas: [ActionSchema]

  func read(_ bytes: [UInt8]) {
    let diagnostics = load(bytes).diagnostics
    for diagnostic in diagnostics { expect(!diagnostic.rendered.isEmpty, "a mistake says nothing") }
    _ = members(of: "Campaignfile", bytes: bytes)
    let (text, mistakes) = format(file: "Campaignfile", bytes: bytes)
    guard let text else { return expect(!mistakes.isEmpty, "no layout, and no reason") }
    expect(
      format(file: "Campaignfile", bytes: text).text == text, "what was formatted is formatted otherwise")
    expect(load(text).diagnostics.map(\.code) == diagnostics.map(\.code), "the layout changes the meaning")
  }

  private func load(_ bytes: [UInt8]) -> (campaign: Campaign?, diagnostics: [Diagnostic]) {
    let included = Array("pool gpu\n    width = 2\n".utf8)
    return CampaignSyntax.load(
      LoadRequest(
        file: "Campaignfile",
        read: { $0 == "Campaignfile" ? bytes : $0 == "other" ? included : nil }, schemas: schemas))
  }
}
