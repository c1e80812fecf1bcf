import CampaignCore
import Testing

@testable import CampaignEngine

/// What no stamp shows, and what lists of scenes differ in.
struct VerificationTests {
  @Test func rotIsAChangeThatNoStampShows() throws {
    let lab = Lab()
    lab.write("a", "one")
    #expect(lab.build(recipe(make("out", from: ["a"]))).ran == ["out"])
    let state = StateFolder(root: lab.root)
    #expect(try Verification(state).findings == [])
    // As if the disk had given other bytes when the file was hashed.
    let cache = HashCache(path: state.cache)
    try cache.openForWriting()
    let record = try #require(cache.file("a"))
    let other = HashCache.FileRecord(stamp: record.stamp, hash: ContentHasher.hash([1]), isRacy: false)
    try cache.remember("a", other)
    try cache.close()
    let findings = try Verification(state).findings
    #expect(findings.map(\.kind) == [.rotten] && findings.map(\.path) == ["a"])
  }

  @Test func editsAndLossesAreNoRot() throws {
    let lab = Lab()
    lab.write("a", "one")
    lab.build(recipe(make("out", from: ["a"]), make("other", from: ["a"])))
    lab.write("out", "edited")
    lab.remove("other")
    let findings = try Verification(StateFolder(root: lab.root)).findings
    #expect(Set(findings.map(\.kind)) == [.changed, .missing])
    #expect(findings.allSatisfy { !$0.kind.isDamage })
  }

  @Test(arguments: [
    (#"[{"name":"a","p":"1"}]"#, #"[{"name":"a","p":"2"}]"#, "a.p"),
    (#"[{"name":"a","p":"1"}]"#, #"[{"name":"a","p":"1"},{"name":"b"}]"#, "b is new"),
    (#"[{"name":"a"},{"name":"b"}]"#, #"[{"name":"b"}]"#, "a is gone"),
    (#"[{"name":"a"},{"name":"b"}]"#, #"[{"name":"b"},{"name":"a"}]"#, "another order"),
    (
      #"[{"name":"a","p":"1","q":"1","r":"1","s":"1"}]"#, #"[{"name":"a","p":"2","q":"2","r":"2","s":"2"}]"#,
      "a.p, a.q, a.r and 1 more"
    ),
  ])
  func listsAreComparedByName(old: String, new: String, words: String) {
    let change = Reason.ParameterChange(name: "scenes", old: old, new: new)
    #expect(change.description == "`scenes` changed: \(words)")
  }

  @Test(arguments: ["[1]", "[{}]", "{", #"[{"name":"a"},{"name":"a"}]"#])
  func otherTextsAreNoLists(text: String) {
    #expect(ListDifference(from: text, to: text) == nil)
  }
}
