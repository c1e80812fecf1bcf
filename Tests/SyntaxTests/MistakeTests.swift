import CampaignCore
import CampaignSyntax
import Glibc
import Testing

/// The whole text of every diagnostic, as `mistakes.txt` has it: cases of source, `---`, message.
///
/// After a deliberate change of words run with `CAMPAIGN_REWRITE_EXPECTATIONS=1` and read the difference.
struct MistakeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var source: String
    var expected: String
    var testDescription: String { name }

    /// Everything the file gives rise to, in order.
    var actual: String { load(["Campaignfile": source]).diagnostics.map(\.rendered).joined() }
  }

  static let path = "\(#filePath)".replacing("MistakeTests.swift", with: "mistakes.txt")

  static let cases: [Case] = {
    guard let text = try? Files.text(path) else { return [] }
    return text.split(separator: "=== ").map { section in
      let name = section.prefix { $0 != "\n" }
      let halves = section.dropFirst(name.count + 1).split(
        separator: "---\n", maxSplits: 1, omittingEmptySubsequences: false)
      return Case(
        name: String(name), source: String(halves[0]), expected: halves.count > 1 ? String(halves[1]) : "")
    }
  }()

  @Test(arguments: cases)
  func saysJustThis(mistake: Case) { #expect(mistake.actual == mistake.expected) }

  /// Codes that cannot come from the text of one Campaignfile alone are tested below or by the command tests.
  @Test func everyCodeHasACase() {
    let elsewhere = [
      "E0111", "E0112", "E0113", "E0114", "E0115", "E0208", "E0210", "E0404", "E0405", "E0406", "E0407",
      "E0410",
      "E0302", "E0414", "E0415", "E0416", "E0417", "E0418", "E0419", "E0420", "E0421", "E0422",
    ]
    for area in 1...4 {
      for number in 0...30 {
        let code = "E0\(area)" + (number < 10 ? "0" : "") + String(number)
        guard explanation(of: code) != nil, !elsewhere.contains(code) else { continue }
        #expect(Self.cases.contains { $0.expected.contains("[\(code)]") }, "\(code) has no case")
      }
    }
  }

  @Test func everyMessageHasAnExplanation() {
    for mistake in Self.cases {
      for diagnostic in load(["Campaignfile": mistake.source]).diagnostics {
        #expect(explanation(of: diagnostic.code) != nil, "\(diagnostic.code)")
      }
    }
  }

  @Test(.enabled(if: getenv("CAMPAIGN_REWRITE_EXPECTATIONS") != nil))
  func rewrite() throws {
    try Files.write(
      Self.cases.map { "=== \($0.name)\n\($0.source)---\n\($0.actual)" }.joined(), to: Self.path)
  }

  // MARK: - Mistakes outside of the one file

  @Test func missingCampaignfile() {
    #expect(
      load([:]).diagnostics.map(\.rendered) == [
        """
        error[E0111]: there is no `Campaignfile` here
        help: `campaign init` writes one; `-C DIR` goes to another folder

        """
      ])
  }

  @Test func includesThatFail() {
    let head = "campaign c\ninclude more/a\n"
    #expect(
      load(["Campaignfile": head]).diagnostics.map(\.message) == ["there is no file `more/a` to include"])
    #expect(
      load(["Campaignfile": head, "more/a": "include b\n", "more/b": "include a\n"]).diagnostics.map(
        \.message)
        == ["these files include each other: more/a -> more/b -> more/a"])
  }

  @Test(arguments: ["./Campaignfile", "more/../Campaignfile", "more/up"])
  func aFileIsKnownHoweverItsPathIsWritten(path: String) {
    let files = ["Campaignfile": "campaign c\ninclude \(path)\n", "more/up": "include ../Campaignfile\n"]
    var request = LoadRequest(
      file: "Campaignfile",
      read: { name in
        (files[name] ?? (name.hasSuffix("Campaignfile") ? files["Campaignfile"] : nil)).map { Array($0.utf8) }
      }, schemas: catalog)
    // As a workspace does, by what the path leads to.
    request.identity = { $0.hasSuffix("Campaignfile") ? "Campaignfile" : $0 }
    #expect(load(request).diagnostics.map(\.code) == ["E0113"])
  }

  @Test func whatIsIncludedTwiceIsReadOnce() {
    let files = [
      "Campaignfile": "campaign c\ninclude a\ninclude b\n", "a": "include c\n", "b": "include ./c\n",
      "c": "x = 1\n",
    ]
    let (campaign, diagnostics) = load(files)
    #expect(diagnostics == [])
    #expect(campaign?.settings.map(\.name) == ["x"])
  }

  @Test func unknownProfileAndSetting() {
    let files = ["Campaignfile": "campaign c\nfilm = local\nprofile draft\n    film = x\n"]
    #expect(load(files, profile: "drafd").diagnostics.map(\.help) == ["did you mean `draft`?"])
    #expect(load(files, set: [("flim", "x")]).diagnostics.map(\.help) == ["did you mean `film`?"])
  }

  @Test(arguments: [
    ([0xFF], "is not UTF-8"), ([0], "holds a NUL byte"),
    ([0xEF, 0xBB, 0xBF], "starts with a byte-order mark"),
  ])
  func foreignBytes(bytes: [UInt8], words: String) {
    let request = LoadRequest(file: "C", read: { _ in bytes }, schemas: catalog)
    #expect(load(request).diagnostics.map(\.message) == ["`C` \(words)"])
    #expect(format(file: "C", bytes: bytes).diagnostics.map(\.code) == ["E0112"])
  }
}
