import CampaignCore
import CampaignEngine
import Glibc
import Testing

/// What runs, what does not, and what stands afterwards.
struct BuildTests {
  let lab = Lab()
  let chain = recipe(make("mid", from: ["a", "b"]), make("final", from: ["mid"]))

  init() {
    lab.write("a", "A")
    lab.write("b", "B")
  }

  @Test func buildsOnceAndThenNothing() {
    #expect(lab.build(chain).ran == ["final", "mid"])
    #expect(lab.read("final") == "0(0(A,B))")
    let second = lab.build(chain)
    #expect(second.ran == [])
    #expect(second.summary.current == 2)
  }

  @Test func touchedInputRunsNothing() {
    lab.build(chain)
    lab.write("a", "A")
    #expect(lab.build(chain).ran == [])
  }

  @Test func changedInputRunsWhatDependsOnIt() {
    let wide = recipe(make("x", from: ["a"]), make("y", from: ["b"]), make("z", from: ["x", "y"]))
    lab.build(wide)
    lab.write("b", "BB")
    let run = lab.build(wide)
    #expect(run.ran == ["y", "z"])
    #expect(run.reasons["y"] == [.inputChanged([.init(path: "b", kind: .changed)])])
    #expect(lab.read("z") == "0(0(A),0(BB))")
  }

  @Test func sameOutputStopsTheRerun() {
    let cut = recipe(make("mid", from: ["a"], by: "first"), make("final", from: ["mid"]))
    lab.build(cut)
    lab.write("a", "Apple")
    #expect(lab.build(cut).ran == ["mid"])
  }

  @Test func editThatKeepsSizeAndTimeIsSeen() {
    lab.build(chain)
    var times = stat()
    stat(lab.root + "/a", &times)
    lab.write("a", "Z")
    let stamps = [times.st_atim, times.st_mtim]
    utimensat(AT_FDCWD, lab.root + "/a", stamps, 0)
    #expect(lab.build(chain).ran == ["final", "mid"])
  }

  @Test func olderContentIsSeen() {
    lab.build(chain)
    lab.write("a", "Z")
    let stamps = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
    utimensat(AT_FDCWD, lab.root + "/a", stamps, 0)
    #expect(lab.build(chain).ran == ["final", "mid"])
  }

  @Test func changedParameterRunsAndSaysSo() {
    lab.build(recipe(make("x", from: ["a"], [("speed", "1"), ("size", "9")])))
    let run = lab.build(recipe(make("x", from: ["a"], [("size", "9"), ("speed", "2")])))
    #expect(run.reasons["x"] == [.actionChanged([.init(name: "speed", old: "1", new: "2")])])
  }

  @Test func orderOfParametersIsNoChange() {
    lab.build(recipe(make("x", from: ["a"], [("speed", "1"), ("size", "9")])))
    #expect(lab.build(recipe(make("x", from: ["a"], [("size", "9"), ("speed", "1")]))).ran == [])
  }

  @Test func removedInputRuns() {
    lab.build(chain)
    let run = lab.build(recipe(make("mid", from: ["a"]), make("final", from: ["mid"])))
    #expect(run.reasons["mid"] == [.inputChanged([.init(path: "b", kind: .removed)])])
  }

  @Test func reorderedInputsRun() {
    lab.build(chain)
    let run = lab.build(recipe(make("mid", from: ["b", "a"]), make("final", from: ["mid"])))
    #expect(run.reasons["mid"] == [.inputChanged([.init(path: "b", kind: .reordered)])])
  }

  @Test func renamedInputIsNoChange() {
    lab.build(recipe(make("x", from: ["a"])))
    lab.write("c", "A")
    #expect(lab.build(recipe(make("x", from: ["c"]))).ran == [])
  }

  @Test func deletedOutputIsMadeAgainAlone() {
    lab.build(chain)
    lab.remove("mid")
    let run = lab.build(chain)
    #expect(run.ran == ["mid"])
    #expect(run.reasons["mid"] == [.outputMissing("mid")])
  }

  @Test func failureKeepsTheOldOutputAndIsRetried() {
    lab.build(chain)
    lab.write("a", "AA")
    lab.tools.failing.withLock { $0 = ["mid"] }
    let run = lab.build(chain)
    #expect(run.failed == ["mid"])
    #expect(run.summary.skipped == 1)
    #expect(lab.read("mid") == "0(A,B)")
    lab.tools.failing.withLock { $0 = [] }
    #expect(lab.build(chain).ran == ["final", "mid"])
  }

  @Test func keepGoingBuildsWhatDoesNotDependOnTheFailure() {
    let wide = recipe(make("x", from: ["a"]), make("y", from: ["b"]), make("z", from: ["x"]))
    lab.tools.failing.withLock { $0 = ["x"] }
    let run = lab.build(wide) {
      $0.keepGoing = true
      $0.jobs = 1
    }
    #expect(run.ran == ["x", "y"])
    #expect(run.summary.failed == 1)
    #expect(run.summary.skipped == 1)
  }

  @Test func stepWithoutItsOutputFails() {
    #expect(lab.build(recipe(make("x", from: ["a"], by: "nothing"))).failed == ["x"])
  }

  @Test func forcedTargetRunsAlone() {
    lab.build(chain)
    let run = lab.build(chain) { $0.forced = [.file("mid")] }
    #expect(run.ran == ["mid"])
    #expect(run.reasons["mid"] == [.forced])
    #expect(lab.build(chain) { $0.forceAll = true }.ran == ["final", "mid"])
  }

  @Test func onlyWhatAGoalNeedsIsBuilt() {
    let wide = recipe(make("x", from: ["a"]), make("y", from: ["b"]), make("z", from: ["x"]))
    #expect(lab.build(wide) { $0.goals = [.file("z")] }.ran == ["x", "z"])
  }

  @Test func poolsBoundWhatRunsAtOnce() {
    var many = recipe()
    for index in 0..<40 {
      many.rules.append(make(Template("o\(index)"), from: ["a"], pool: index % 2 == 0 ? "slow" : nil))
    }
    many.pools = ["slow": .init(width: 2)]
    lab.build(many) { $0.jobs = 3 }
    let peaks = lab.tools.peaks.withLock { $0.mapValues(\.most) }
    #expect(peaks["slow"]! <= 2)
    #expect(peaks["cpu"]! <= 3)
  }

  @Test func mistakesInTheGraphAreFoundBeforeAnythingRuns() {
    #expect(lab.build(recipe(make("x", from: ["nowhere"]))).diagnostics.map(\.code) == ["E0405"])
    #expect(
      lab.build(recipe(make(each("x/", ""), from: ["a"], each: "nowhere"))).diagnostics.map(\.code) == [
        "E0405"
      ])
    #expect(
      lab.build(recipe(make("x", from: ["y"]), make("y", from: ["x"]))).diagnostics.map(\.message)
        == ["these targets depend on each other: x -> y -> x"])
    #expect(
      lab.build(chain) { $0.goals = [.file("finl")] }.diagnostics.map(\.help) == ["did you mean `final`?"])
    #expect(
      lab.build(chain) { $0.goals = [.file("a")] }.diagnostics.map(\.message) == [
        "`a` is a source: no rule makes it"
      ])
  }

  @Test func aHundredThousandStepsInAChainDoNotOverflow() {
    var long = recipe(make("s0", from: ["a"], by: "first"))
    for index in 1..<3000 {
      long.rules.append(make(Template("s\(index)"), from: [Template("s\(index - 1)")], by: "first"))
    }
    #expect(lab.build(long).ran.count == 3000)
    #expect(lab.build(long).ran == [])
  }
}
