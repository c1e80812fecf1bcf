import CampaignCore
import CampaignEngine
import Glibc
import Testing

/// Whose an output is: what a step made is never taken for a person's, nor a person's for ours, whatever becomes of the
/// cache.
struct OwnershipTests {
  let lab = Lab()
  let one = recipe(make("out", from: ["src"]))
  private let cache = ".campaign/cache"
  private let plan = ".campaign/plan"

  init() {
    lab.write("src", "1")
    lab.build(one)
  }

  private func bytes(_ path: String) -> [UInt8] { (try? Files.read(lab.root + "/" + path)) ?? [] }
  private func put(_ bytes: [UInt8], at path: String) { try? Files.write(bytes, to: lab.root + "/" + path) }

  /// A person's edit outlives the cache; so does the knowledge that its inputs have changed since.
  @Test(arguments: [false, true]) func anEditOutlivesTheCache(isOutdated: Bool) throws {
    lab.write("out", "mine")
    #expect(lab.build(one).adopted == ["out"])
    if isOutdated { lab.write("src", "2") }
    lab.remove(cache)
    lab.remove(plan)
    #expect(
      try lab.plan(one).entries.map(\.verdict) == [isOutdated ? .kept : .edited([.outputEdited("out")])])
    for round in 0..<2 {
      #expect(lab.build(one).ran == [] && lab.read("out") == "mine", "round \(round)")
    }
    #expect(lab.build(one) { $0.forced = [.file("out")] }.ran == ["out"])
    lab.remove(cache)
    lab.write("src", "3")
    #expect(lab.build(one).ran == ["out"])
    #expect(lab.read("out") == "0(3)")
  }

  /// An edit that no build has seen yet is an edit even when the cache is gone.
  @Test func anEditBeforeTheLossIsStillAnEdit() {
    lab.write("out", "mine")
    lab.remove(cache)
    lab.remove(plan)
    #expect(lab.build(one).adopted == ["out"])
    #expect(lab.read("out") == "mine")
  }

  /// A cache that has lost its end, or is an older one, does not make our own output a person's.
  @Test(arguments: ["cut", "older", "older with its plan", "gone"]) func ourOwnIsNoEdit(loss: String) {
    let (before, plan) = (bytes(cache), bytes(plan))
    lab.write("src", "2")
    lab.build(one)
    switch loss {
    case "cut": Glibc.truncate(lab.root + "/" + cache, before.count)
    case "gone": lab.remove(cache)
    default: put(before, at: cache)
    }
    if loss == "older with its plan" { put(plan, at: self.plan) } else { lab.remove(self.plan) }
    #expect(lab.build(one).adopted == [])
    lab.write("src", "3")
    let run = lab.build(one)
    #expect(run.adopted == [] && run.notices == [])
    #expect(lab.read("out") == "0(3)")
  }

  /// What a step made before, put back by hand, is a person's choice.
  @Test func anEarlierVersionPutBackStays() {
    lab.write("src", "2")
    lab.build(one)
    lab.write("out", "0(1)")
    #expect(lab.build(one).adopted == ["out"])
    #expect(lab.read("out") == "0(1)")
    #expect(lab.build(one).ran == [])
  }

  /// A crash between the trace and the rename leaves the old output, which is no edit.
  @Test(arguments: [false, true]) func whatWasNeverPublishedIsNoEdit(isOtherBuilt: Bool) throws {
    let log = lab.root + "/.campaign/outputs"
    lab.write("src", "2")
    lab.build(one)
    let ended = bytes(".campaign/outputs")
    // As if the build had died right before the rename: its last record stands, its end does not.
    try Files.write(Array(ended.dropLast(24)), to: log)
    lab.write("out", "0(1)")
    if isOtherBuilt {
      lab.write("other", "o")
      lab.build(recipe(make("else", from: ["other"])))
    }
    let run = lab.build(one)
    #expect(run.adopted == [] && run.notices == [] && run.ran == ["out"])
    #expect(lab.read("out") == "0(2)")
  }

  /// Any byte of the cache and of the plan cache may lie.
  @Test(arguments: [".campaign/cache", ".campaign/plan"]) func anyByteMayLie(path: String) {
    let whole = bytes(path)
    for index in stride(from: 0, to: whole.count, by: 7) {
      var bytes = whole
      bytes[index] ^= index % 2 == 0 ? 0xFF : 0x01
      put(bytes, at: path)
      let text = "s\(index)"
      lab.write("src", text)
      let run = lab.build(one)
      #expect(run.adopted == [] && run.failed == [] && lab.read("out") == "0(\(text))", "byte \(index)")
      put(whole, at: path)
    }
  }

  /// An output that is a link would change with what it leads to.
  @Test(arguments: [false, true]) func anOutputIsAFileOfItsOwn(isSymbolic: Bool) {
    let links = recipe(make("copy", from: ["src"], by: isSymbolic ? "symlink" : "link"))
    lab.build(links)
    #expect(lab.read("copy") == "1")
    lab.write("src", "2")
    #expect(lab.read("copy") == "1")
    #expect(lab.build(links).ran == ["copy"])
    #expect(lab.read("copy") == "2")
  }

  /// An edit that is saved while its step runs stays, too.
  @Test func anEditMeanwhileStays() {
    lab.write("src", "2")
    lab.tools.meanwhile.withLock { $0 = { [lab] in lab.write("out", "mine") } }
    let run = lab.build(one)
    #expect(run.ran == ["out"] && run.adopted == ["out"])
    #expect(
      run.notices == ["`out` was edited by hand and stays; `campaign build --force out` makes it anew"])
    #expect(lab.read("out") == "mine")
  }

  /// A step that has to run for one of its outputs leaves a person's other one alone.
  @Test(arguments: [false, true]) func anEditStaysBesideALostOutput(isAdopted: Bool) {
    let two = recipe(Rule(outputs: ["o1", "o2"], inputs: [.file("src")], action: "join"))
    lab.build(two)
    lab.write("o2", "mine")
    if isAdopted {
      lab.build(two)
      lab.write("src", "2")
    }
    lab.remove("o1")
    #expect(lab.build(two).adopted == ["o1"])
    #expect(lab.read("o1") == (isAdopted ? "0(2)" : "0(1)") && lab.read("o2") == "mine")
    #expect(lab.build(two).ran == [])
    #expect(lab.build(two) { $0.forced = [.file("o2")] }.ran == ["o1"])
    #expect(lab.read("o2") == (isAdopted ? "1(2)" : "1(1)"))
  }

  /// An edit that came back from the store is still an edit.
  @Test func anEditThatComesBackIsAnEdit() {
    lab.write("out", "mine")
    lab.build(one)
    lab.remove("out")
    #expect(lab.build(one).restored == ["out"])
    lab.write("src", "2")
    #expect(lab.build(one).ran == [])
    #expect(lab.read("out") == "mine")
  }

  /// What a step made and the store brings back is ours, whatever was made meanwhile.
  @Test func whatComesBackIsNoEdit() {
    func costly(_ n: String) -> Recipe {
      recipe(make("costly", from: ["src"], [("n", Template(n))], isCostly: true))
    }
    lab.build(costly("1"))
    lab.build(costly("2"))
    #expect(lab.build(costly("1")).restored == ["costly"])
    lab.write("src", "2")
    #expect(lab.build(costly("1")).ran == ["costly"])
  }

  /// An edit that was replaced on demand does not come back because the cache has lost its end.
  @Test func aReplacedEditStaysReplaced() {
    lab.write("out", "mine")
    lab.build(one)
    let before = bytes(cache)
    lab.build(one) { $0.forceAll = true }
    put(before, at: cache)
    lab.remove(plan)
    lab.build(one)
    #expect(lab.read("out") == "0(1)")
  }

  /// Once the edited one of two outputs is gone, no edit holds the other.
  @Test func aSiblingOfADeletedEditIsOurs() {
    func two(_ n: String) -> Recipe {
      var rule = make("o1", from: ["src"], [("n", Template(n))])
      rule.outputs.append("o2")
      return recipe(rule)
    }
    lab.build(two("1"))
    lab.write("o2", "mine")
    lab.build(two("1"))
    lab.remove("o2")
    lab.build(two("2"))
    #expect(lab.read("o1") == "0(n=2,1)" && lab.read("o2") == "1(n=2,1)")
  }

  /// When an edit comes back from the store, its sibling is ours as it was.
  @Test func aSiblingOfARestoredEditIsOurs() {
    let two = recipe(Rule(outputs: ["o1", "o2"], inputs: [.file("src")], action: "join"))
    lab.build(two)
    lab.write("o1", "mine")
    lab.build(two)
    lab.remove("o1")
    #expect(lab.build(two).restored == ["o1"])
    lab.write("src", "2")
    lab.remove("o1")
    lab.build(two)
    #expect(lab.read("o1") == "0(2)" && lab.read("o2") == "1(2)")
  }
}
