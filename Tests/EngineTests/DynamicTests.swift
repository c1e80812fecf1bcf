import CampaignCore
import CampaignEngine
import Testing

/// Steps that are known only once an array is made.
struct DynamicTests {
  let lab = Lab()
  let clips = recipe(
    make("pairs", from: ["names"], by: "list"),
    make(
      each("clips/", ".mp4"), from: ["style"], each: "pairs",
      [("id", Template([.field(variable: "x", name: "id")]))]),
    Rule(outputs: ["film"], inputs: [.all(rule: 1, output: 0)], action: "join"))

  init() {
    lab.write("style", "S")
    lab.write("names", "hook outro")
  }

  @Test func elementsBecomeStepsAndAllOfThemAnInput() {
    #expect(lab.build(clips).ran == ["clips/hook.mp4", "clips/outro.mp4", "film", "pairs"])
    #expect(lab.read("film") == "0(0(id=hook,S),0(id=outro,S))")
    #expect(lab.build(clips).ran == [])
  }

  @Test func insertedElementMakesOneClip() {
    lab.build(clips)
    lab.write("names", "hook pool outro")
    #expect(lab.build(clips).ran == ["clips/pool.mp4", "film", "pairs"])
  }

  @Test func removedElementLeavesTheFilmAndBecomesAnOrphan() throws {
    lab.build(clips)
    lab.write("names", "outro")
    #expect(lab.build(clips).ran == ["film", "pairs"])
    #expect(lab.read("film") == "0(0(id=outro,S))")
    #expect(try lab.plan(clips).orphans == ["clips/hook.mp4"])
  }

  @Test func reorderedElementsMakeOnlyTheFilm() {
    lab.build(clips)
    lab.write("names", "outro hook")
    #expect(lab.build(clips).ran == ["film", "pairs"])
  }

  @Test func oneElementCanBeTheGoal() {
    #expect(lab.build(clips) { $0.goals = [.file("clips/outro.mp4")] }.ran == ["clips/outro.mp4", "pairs"])
  }

  @Test func unknownElementIsNeverSilentlyNothing() throws {
    lab.build(clips)
    let run = lab.build(clips) { $0.goals = [.file("clips/hok.mp4")] }
    #expect(run.failures == ["no element of `pairs` gives `clips/hok.mp4`"])
    #expect(throws: EngineError.self) { try lab.plan(clips) { $0.goals = [.file("clips/hok.mp4")] } }
  }

  /// What is left to do meanwhile is told, of a graph that has grown by half.
  @Test func unknownElementBesideOtherWork() {
    var both = clips
    both.rules.append(make("other", from: ["src"]))
    lab.write("src", "o")
    for _ in 0..<2 {
      let run = lab.build(both) {
        $0.goals = [.file("clips/hok.mp4"), .file("other")]
        $0.forced = [.file("other")]
      }
      #expect(run.failures == ["no element of `pairs` gives `clips/hok.mp4`"])
    }
  }

  @Test func staticStepMayUseOneElement() {
    var recipe = clips
    recipe.rules.append(make("poster", from: ["clips/hook.mp4"]))
    lab.build(recipe)
    #expect(lab.read("poster") == "0(0(id=hook,S))")
  }

  @Test func planBeforeTheArrayIsMadeSaysWhatIsUndecided() throws {
    let plan = try lab.plan(clips)
    #expect(
      plan.entries.map(\.verdict) == [.stale([.neverBuilt]), .undecided(because: ["clips/{x.id}.mp4"])])
    #expect(plan.pending.map(\.outputs) == ["clips/{x.id}.mp4"])
  }

  @Test func planAfterAChangeShowsStaleAndUndecided() throws {
    lab.build(clips)
    lab.write("style", "T")
    let verdicts = Dictionary(
      uniqueKeysWithValues: try lab.plan(clips).entries.map { ($0.outputs[0], $0.verdict) })
    let changed = Plan.Verdict.stale([.inputChanged([.init(path: "style", kind: .changed)])])
    #expect(verdicts["pairs"] == .current)
    #expect(verdicts["clips/hook.mp4"] == changed)
    #expect(verdicts["film"] == .undecided(because: ["clips/hook.mp4", "clips/outro.mp4"]))
    #expect(try lab.plan(clips).forecast.toMake == 2)
  }

  @Test(arguments: [
    ("not json", "is not valid JSON"), ("{}", "holds no JSON array"),
    (#"[{"name": "x"}]"#, "has no field `id`"),
    (#"[{"id": "x"}, {"id": "x"}]"#, "which another step makes already"),
    (#"[{"id": "../x"}]"#, "not a path inside"),
  ])
  func badArrayFailsWithItsReason(array: String, words: String) {
    var recipe = clips
    recipe.rules[0] = make("other", from: ["names"])
    lab.write("pairs", array)
    let run = lab.build(recipe)
    #expect(run.failed == ["clips/{x.id}.mp4"], "\(words)")
    #expect(run.summary.failed == 1)
  }
}
