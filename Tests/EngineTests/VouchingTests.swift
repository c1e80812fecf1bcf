import CampaignCore
import CampaignEngine
import Testing

/// What is written down vouches for nothing that was not judged on these very contents.
struct VouchingTests {
  let lab = Lab()
  let chain = recipe(make("a", from: ["src"]), make("b", from: ["a"]))

  init() { lab.write("src", "1") }

  /// A build of one target gives its files new stamps; the steps behind it have not been judged on them.
  @Test func aBuildOfOneTargetSettlesNoOther() {
    lab.build(chain)
    lab.write("src", "2")
    #expect(lab.build(chain) { $0.goals = [.file("a")] }.ran == ["a"])
    #expect(lab.build(chain).ran == ["b"])
    #expect(lab.read("b") == "0(0(2))")
  }

  /// A step that was settled on other contents is settled again when they come back, and not before.
  @Test func whatWasSettledStaysSo() {
    lab.build(chain)
    #expect(lab.build(recipe(make("a", from: ["src"]))).ran == [])
    #expect(lab.build(chain).ran == [])
    lab.write("src", "2")
    lab.build(chain) { $0.goals = [.file("a")] }
    lab.write("src", "1")
    lab.build(chain) { $0.goals = [.file("a")] }
    #expect(lab.build(chain).ran == [])
    #expect(lab.read("b") == "0(0(1))")
  }

  /// An array that no rule makes vouches for its steps like any other file.
  @Test func anElementThatIsGoneIsNoticed() {
    let call = ContentHash(high: 1, low: 1)
    let all = recipe(
      make(each("each/", ""), from: ["src"], each: "array"),
      Rule(outputs: ["all"], inputs: [.all(rule: 0, output: 0)], action: "join"))
    lab.write("array", #"[{"id":"x"},{"id":"y"}]"#)
    for _ in 0..<2 { lab.build(all) { $0.call = call } }
    #expect(lab.isKnownCurrent(call))
    lab.write("array", #"[{"id":"x"}]"#)
    #expect(!lab.isKnownCurrent(call))
    #expect(lab.build(all) { $0.call = call }.ran == ["all"])
    #expect(lab.read("all") == "0(0(1))")
  }

  /// A rule with an array may also take what all steps of another rule give.
  @Test func elementsTakeWhatOtherRulesGiveByNow() {
    var both = make(each("both/", ""), from: ["src"], each: "array")
    both.inputs.append(.all(rule: 0, output: 0))
    let all = recipe(make(each("each/", ""), from: ["src"], each: "words"), both)
    lab.write("words", #"[{"id":"x"},{"id":"y"}]"#)
    lab.write("array", #"[{"id":"1"}]"#)
    lab.build(all)
    #expect(lab.read("both/1") == "0(1,0(1),0(1))")
    lab.write("words", #"[{"id":"x"}]"#)
    #expect(lab.build(all).ran == ["both/1"])
    #expect(lab.read("both/1") == "0(1,0(1))")
  }
}
