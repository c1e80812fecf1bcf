import CampaignCore
import Glibc
import Testing

/// The ten mistakes that people make with every build tool, and all others that show only against a workspace, word for
/// word, as `errors.txt` has them: a name, the rules
/// of a Campaignfile, the call, perhaps with variables before it, and what it says. After a deliberate change of words run with
/// `CAMPAIGN_REWRITE_EXPECTATIONS=1` and read the difference.
@Suite struct ErrorTextTests {
  static let path = "\(#filePath)".replacing("ErrorTextTests.swift", with: "errors.txt")

  private struct Case {
    var name: String
    var rules: String
    var call: String

    /// As it stands in the file, with what the call says now.
    func text(_ told: String) -> String { "=== \(name)\n\(rules)\n$ \(call)\n\(told)\n" }
  }

  private static func cases() throws -> (text: String, all: [Case]) {
    let text = try Files.text(path)
    let all = text.split(separator: "=== ").map { part in
      let lines = part.split(separator: "\n", omittingEmptySubsequences: false)
      let call = lines.firstIndex { $0.hasPrefix("$ ") } ?? lines.endIndex - 1
      return Case(
        name: String(lines[0]), rules: lines[1..<call].joined(separator: "\n"),
        call: String(lines[call].dropFirst(2)))
    }
    return (text, all)
  }

  @Test func `errors read as they should`() throws {
    let (expected, cases) = try Self.cases()
    var actual = ""
    for mistake in cases {
      let test = try CommandTest(
        mistake.rules, ["a.txt": "1", "bad.json": "\u{FEFF}[{\n\"id\": \"\\u0000\"}]"])
      let words = mistake.call.split(separator: " ").map(String.init)
      let variables = words.prefix { $0 != "campaign" }
      let run = try test.run(Array(words.dropFirst(variables.count + 1)), environment: Array(variables))
      let told = run.narration.replacing(/\d+\.\d+s\b/, with: "_s")
      actual += mistake.text(told + "[code \(run.code)]\n")
    }
    if getenv("CAMPAIGN_REWRITE_EXPECTATIONS") != nil { try Files.write(actual, to: Self.path) }
    #expect(actual == expected)
    #expect(cases.count >= 10)
  }

  /// The mistakes in a text alone stand with the tests of the language. Bytes that are no text, and folders that cannot be
  /// read, stand in no text, and a hundred mistakes in too long a one.
  @Test func `every code has its text`() throws {
    let others = Self.path.replacing("CommandTests/errors", with: "SyntaxTests/mistakes")
    let texts = try Files.text(Self.path) + Files.text(others)
    let test = try CommandTest("", [:])
    let codes = try test.run(["complete", "codes"]).output.split(separator: "\n")
    #expect(codes.count > 50)
    for code in codes where !["E0112", "E0115", "E0422"].contains(code) {
      #expect(texts.contains("[\(code)]"), "\(code) has no text")
    }
    for code in codes { #expect(try test.run(["help", String(code)]).output.count > 40) }
  }
}
