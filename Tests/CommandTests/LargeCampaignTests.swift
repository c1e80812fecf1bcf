import Testing

/// Large campaigns against a workspace: in a time and on a stack that do not grow with the square of what is written.
@Suite(.timeLimit(.minutes(1)))
struct LargeCampaignTests {
  private static let copy = "\n    $ cp \"$in\" \"$out\"\n\n"

  private func lines(_ count: Int, _ line: (Int) -> String) -> String {
    (0..<count).map { line($0) + "\n" }.joined()
  }

  @Test func `names of names may be many`() throws {
    let chain = lines(10_000) { "n\($0): n\($0 + 1)" } + "n10000: build/a.txt\n"
    let doubled = lines(40) { "d\($0): d\($0 + 1) d\($0 + 1)" } + "d40: build/a.txt\n"
    let test = try CommandTest(chain + doubled + "build/a.txt: a.txt" + Self.copy, ["a.txt": "1"])
    #expect(try test.run(["build", "n0", "d0"]).code == 0)
    #expect(try test.read("build/a.txt") == "1")
  }

  @Test func `a name for a file twice is it once`() throws {
    let test = try CommandTest(
      "x: a.txt\n\ny: a.txt b.txt\n\nbuild/a.txt: x y\n    $ cat $in > \"$out\"",
      ["a.txt": "1", "b.txt": "2"])
    #expect(try test.run(["build"]).code == 0)
    #expect(try test.read("build/a.txt") == "112")
    let named = try CommandTest(
      "all: x y\n\nx: a.txt\n\ny: a.txt b.txt\n\nbuild/a.txt: all\n    $ cat $in > \"$out\"",
      ["a.txt": "1", "b.txt": "2"])
    #expect(try named.run(["build"]).code == 0)
    #expect(try named.read("build/a.txt") == "12")
  }

  @Test func `thousands of missing inputs are told soon`() throws {
    let test = try CommandTest(lines(4000) { "build/\($0).txt: src/missing\($0).jpg\n    $ true" })
    let run = try test.run(["check"])
    #expect(run.code == 2)
    #expect(run.narration.contains("`src/missing0.jpg` does not exist"))
    #expect(run.narration.hasSuffix("and 3980 more\n\nnothing was run, nothing was spent\n"))
  }

  @Test func `thousands of rules may wait for arrays`() throws {
    let rules = lines(1500) { "build/\($0)/{p.id}.txt: a.txt for p in build/list.json\n    $ true" }
    let test = try CommandTest("build/list.json: a.txt" + Self.copy + rules, ["a.txt": "1"])
    #expect(try test.run(["check"]).code == 0)
  }

  @Test func `the tree of a long chain is no square`() throws {
    let chain = lines(3000) { "s\($0 + 1): s\($0)\n    $ true" }
    let test = try CommandTest(chain, ["s0": "1"])
    let tree = try test.run(["graph"]).output.split(separator: "\n")
    #expect(tree.count < 3200)
    #expect(tree.allSatisfy { $0.count < 200 })
    #expect(tree.contains { $0.hasSuffix("…below") })
    #expect(tree.contains { $0.hasSuffix("s0") })
  }
}
