import CampaignCore
import CampaignSyntax
import Testing

/// Random Campaignfiles, sound and broken: whatever is read means the same once it is laid out, and the layout of a
/// layout is itself.
struct RandomTextTests {
  @Test(arguments: 1...20)
  func layoutChangesNoMeaning(seed: UInt64) {
    var random = RandomText(seed)
    for _ in 0..<20 {
      let source = random.campaignfile()
      let (text, mistakes) = format(file: "Campaignfile", bytes: source)
      let before = load(source)
      guard let text else {
        #expect(!mistakes.isEmpty, "\(seed): \(String(decoding: source, as: UTF8.self))")
        continue
      }
      let shown =
        "seed \(seed):\n\(String(decoding: source, as: UTF8.self))\n--- is laid out as\n\(String(decoding: text, as: UTF8.self))"
      let again = format(file: "Campaignfile", bytes: text)
      #expect(again.text == text, "the layout of the layout differs, \(shown)")
      #expect(meaning(load(text)) == meaning(before), "\(shown)")
    }
  }

  private func load(_ bytes: [UInt8]) -> (campaign: Campaign?, diagnostics: [Diagnostic]) {
    CampaignSyntax.load(LoadRequest(file: "Campaignfile", read: { _ in bytes }, schemas: catalog))
  }

  /// All that a load gives but the places.
  private func meaning(_ loaded: (campaign: Campaign?, diagnostics: [Diagnostic])) -> [String] {
    var lines = loaded.diagnostics.map { "\($0.code) \($0.message) \($0.help ?? "")" }.sorted()
    guard let campaign = loaded.campaign else { return lines }
    lines.append("\(campaign.name) \(campaign.profiles) \(campaign.hooks) \(campaign.pools.map(\.width))")
    lines += campaign.settings.map { "\($0.name)=\($0.value)" }
    lines += campaign.scenes.map { "scene \($0.name) \($0.fields)" }
    for rule in campaign.rules {
      let paths = (rule.outputs + rule.inputs).map { "\($0.parts) \($0.isGlob)" }
      lines.append(
        "\(paths) \(rule.each?.variable ?? "") \(rule.pool ?? "") \(rule.manner.units) \(rule.isCostly)")
      switch rule.recipe {
      case .alias: lines.append("alias")
      case .action(let name, let parameters): lines += [name] + parameters.map { "\($0.name) \($0.parts)" }
      case .shell(let script, let variables): lines += [script] + variables.map { "\($0.name) \($0.parts)" }
      }
    }
    return lines
  }
}

/// Texts of the shape of a Campaignfile, with the oddities that people and programs put in.
private struct RandomText {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  private mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  private mutating func one(_ choices: [String]) -> String { choices[next(choices.count)] }

  mutating func campaignfile() -> [UInt8] {
    var text = "campaign c" + one(["", "  ", " # why"]) + end()
    for _ in 0..<next(12) { text += statement() }
    var bytes = Array(text.utf8)
    if next(4) == 0 {
      for _ in 0...next(4) { bytes[next(bytes.count)] = Array("\"{}$#=: \n\r\t\\*x\u{1}".utf8)[next(15)] }
    }
    return bytes
  }

  private mutating func end() -> String { one(["\n", "\n", "\n", "\r\n", "\n\n", " \n", "\t\n", "\n\n\n"]) }
  private mutating func blank() -> String { one(["", " ", "  ", "\t", " \t "]) }
  private mutating func gap() -> String { one([" ", " ", "  ", "\t"]) }
  private mutating func name() -> String { one(["a", "b-c", "_d", "size", "fps", "été", "x1", "duration"]) }

  private mutating func value() -> String {
    one([
      "6s", "1920x1080", "two  words", "\"a  string\"", "\"say \\\"hi\\\" # no\"", "\"\"\"one\"\"\"",
      "\"\"\"\n      long\n    text  \n    \"\"\"", "\"\"\"  \nx\r\n\"\"\"", "$a", "$$5", "\"$size {p.id}\"",
      "{p.id}", "\"",
      "“curly”", "a\"b", "\"a\"b", "#", "x #y", "x#y", "\"\\", "\"\"", "", "é è", "\u{301}e", "🎬", "yes",
      "all",
    ])
  }

  private mutating func assignment() -> String {
    name() + blank() + "=" + blank() + value() + one(["", "", " # why", "#", "  #"]) + end()
  }

  private mutating func path() -> String {
    one([
      "a", "b/c.txt", "\"a b\"", "photos/*.jpg", "x/{p.id}.mp4", "./y", "é", "\"", "a\"b c\"d", "{", "$a",
      "#", "a:b", "x#",
    ])
  }

  private mutating func indented() -> String {
    let indent = one(["    ", "  ", "\t", " "])
    switch next(6) {
    case 0, 1: return indent + assignment()
    case 2: return indent + one(["render", "choose", "render  # it", "nothing"]) + end()
    case 3:
      return indent + "$ "
        + one(["echo  'x  y'", "true # for sh", "echo $a $p_id", "a \\\n   b", "a \\\r\n b", "x \\"]) + end()
    case 4: return indent + "#  a comment" + end()
    default: return indent + one(["a = \"\"\"", "$", "$x", "\"", "é", "= 1"]) + end()
    }
  }

  private mutating func statement() -> String {
    var text = ""
    switch next(8) {
    case 0, 1, 2: return assignment()
    case 3: return "#" + blank() + "comment" + end()
    case 4: return one(["include x", "what", "campaign d", ":", "\u{FEFF}", "“x” = 1"]) + end()
    case 5: text = one(["scene", "profile", "pool", "model"]) + gap() + name() + end()
    default:
      text = path() + blank() + (next(3) == 0 ? gap() + path() : "") + ":" + gap() + path() + blank()
      if next(3) == 0 { text += gap() + one(["for p in f", "for  p  in  f # each", "for p", "for p in *"]) }
      text += end()
    }
    for _ in 0..<next(5) { text += indented() }
    return text
  }
}
