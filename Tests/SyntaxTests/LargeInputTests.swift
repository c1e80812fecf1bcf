import CampaignCore
import CampaignSyntax
import Testing

/// Whatever is long, many or deep is read in a time that grows with it. Each of these took minutes, gigabytes or the
/// stack once.
@Suite(.timeLimit(.minutes(1)))
struct LargeInputTests {
  private func codes(_ rest: String) -> [String] {
    load(["Campaignfile": "campaign c\n" + rest]).diagnostics.map(\.code)
  }

  private func lines(_ count: Int, _ line: (Int) -> String) -> String {
    (0..<count).map { line($0) + "\n" }.joined()
  }

  // MARK: - Settings

  @Test func aChainOfSettingsMayBeLong() {
    #expect(codes(lines(20_000) { "a\($0) = $a\($0 + 1)" } + "a20000 = x\n") == [])
  }

  @Test func aLongCircleIsToldOnce() {
    let diagnostics = load(["Campaignfile": "campaign c\n" + lines(5000) { "a\($0) = $a\(($0 + 1) % 5000)" }])
      .diagnostics
    #expect(diagnostics.map(\.code) == ["E0211"])
    #expect(diagnostics[0].message.utf8.count < 1000)
    #expect(diagnostics[0].message.hasSuffix("-> `a4999` -> `a0`"))
  }

  @Test func valuesThatDoubleEnd() {
    #expect(codes("a0 = 0123456789\n" + lines(40) { "a\($0 + 1) = $a\($0)$a\($0)" }) == ["E0116"])
  }

  // MARK: - Many mistakes

  @Test(arguments: [
    ("settings", "$nome", "name", " = x\n"), ("scenes", "nome", "scene name", "\n"),
  ])
  func ofThousandsOfMistakesAHundredAreTold(what: String, wrong: String, right: String, end: String) {
    let names = (0..<1000).map { "\(wrong)\($0)" }.joined(separator: " ")
    let known = lines(1000) { "\(right)\($0)" + end.dropLast() }
    let rule = what == "scenes" ? "a: b\n    choose\n    scenes = \(names)\n" : "x = \(names)\n"
    let diagnostics = load(["Campaignfile": "campaign c\n" + known + rule]).diagnostics
    #expect(diagnostics.count == 101)
    #expect(diagnostics.first?.help?.hasPrefix("did you mean") == true)
    #expect(diagnostics.last?.message == "900 more mistakes are not told")
    #expect(diagnostics.last?.count == 900)
  }

  @Test func aLongLineOfMistakesIsShownInPart() {
    let diagnostics = load(["Campaignfile": "campaign c\na: " + String(repeating: "x{ ", count: 20_000)])
      .diagnostics
    #expect(diagnostics.count == 101)
    #expect(diagnostics.allSatisfy { $0.rendered.utf8.count < 1000 })
    #expect(diagnostics[50].rendered.contains("| …{ x{ "))
  }

  @Test func aLongNameIsToldInPart() {
    let name = String(repeating: "a", count: 200_000)
    let diagnostics = load(["Campaignfile": "campaign c\n\(name) = 1\nb = $\(name)a\n"]).diagnostics
    #expect(diagnostics.map(\.code) == ["E0201"])
    #expect(diagnostics[0].rendered.utf8.count < 4000)
  }

  // MARK: - Long rules and blocks

  @Test func aRuleMayHaveManyInputs() {
    #expect(
      codes("a: " + (0..<20_000).map { "photos/\($0).jpg" }.joined(separator: " ") + "\n    $ true\n") == [])
  }

  @Test func aScriptMayBeLong() {
    #expect(codes("x = 1\na: b\n" + String(repeating: "    $ echo $x\n", count: 20_000)) == [])
  }

  @Test func manyPoolsAndScenesMayBeNamed() {
    let pools = lines(2000) { "pool p\($0)\n    width = 2\na\($0): b\n    pool = p\($0)\n    $ true" }
    let scenes = lines(2000) { "scene s\($0)\n    tags = x" }
    let names = (0..<2000).map { "s\($0)" }.joined(separator: " ")
    #expect(codes(pools + scenes + "all: b\n    choose\n    scenes = \(names)\n") == [])
  }

  @Test func longGroupsAreAligned() {
    let text = "campaign c\n" + lines(20_000) { "a\($0) = x" }
    let formatted = format(file: "C", bytes: Array(text.utf8)).text
    #expect(formatted?.count ?? 0 > text.utf8.count)
  }

  // MARK: - Includes

  @Test func includesAreNotDeepWithoutEnd() {
    var request = LoadRequest(
      file: "0", read: { Array("include \((Int($0) ?? 0) + 1)\n".utf8) }, schemas: catalog)
    request.profile = nil
    let diagnostics = load(request).diagnostics
    #expect(diagnostics.contains { $0.message == "files include each other more than 64 deep" })
  }
}
