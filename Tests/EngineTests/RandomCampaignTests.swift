import CampaignCore
import CampaignEngine
import Testing

/// Random campaigns under random edits: building on equals building anew, and nothing reruns without a reason.
struct RandomCampaignTests {
  @Test(arguments: 0..<24)
  func incrementalEqualsClean(seed: UInt64) {
    var world = World(seed: seed)
    let lab = Lab()
    world.write(to: lab)
    for round in 0..<6 {
      let run = lab.build(world.recipe)
      #expect(run.failed == [] && run.diagnostics == [], "\(run.failures) seed \(seed), round \(round)")
      #expect(Set(run.ran).isSubset(of: run.reasons.keys), "seed \(seed): every step that ran has a reason")
      let second = lab.build(world.recipe)
      #expect(second.ran == [] && second.restored == [], "seed \(seed), round \(round): nothing to do")
      expectClean(lab, world, "seed \(seed), round \(round)")
      world.edit(lab)
    }
  }

  private func expectClean(_ lab: Lab, _ world: World, _ comment: Comment) {
    let clean = Lab()
    world.write(to: clean)
    let run = clean.build(world.recipe)
    #expect(
      run.failed == [] && run.notices == [] && run.diagnostics == [],
      "\(run.notices) \(run.failures) \(run.diagnostics)")
    for rule in world.recipe.rules where rule.each == nil {
      let path = rule.outputs[0].description
      #expect(lab.read(path) == clean.read(path), comment)
    }
  }

  /// A recipe of up to some hundred rules over some sources, and the sources' texts.
  struct World {
    var random: SplitMix
    var sources: [String: String] = [:]
    var recipe = Recipe()

    init(seed: UInt64) {
      random = SplitMix(state: seed)
      for index in 0..<(3 + random.below(8)) { sources["src/\(index)"] = "s\(index)" }
      sources["words"] = "one two three"
      var known = sources.keys.sorted()
      for index in 0..<(5 + random.below(seed % 6 == 0 ? 300 : 60)) {
        let inputs = (0..<(1 + random.below(4))).map { _ in Template(known[random.below(known.count)]) }
        let action = random.below(4) == 0 ? "first" : "join"
        recipe.rules.append(
          make(
            Template("out/\(index)"), from: inputs, by: action, [("n", Template("\(random.below(3))"))],
            isCostly: random.below(5) == 0))
        known.append("out/\(index)")
      }
      let arrays = recipe.rules.count
      recipe.rules.append(make("array", from: ["words"], by: "list"))
      recipe.rules.append(
        make(
          each("each/", ""), from: [Template(known.last!)], each: "array",
          [("w", Template([.field(variable: "x", name: "id")]))]))
      recipe.rules.append(Rule(outputs: ["all"], inputs: [.all(rule: arrays + 1, output: 0)], action: "join"))
      recipe.rules.shuffle(using: &random)
      for index in recipe.rules.indices {
        if case .all = recipe.rules[index].inputs[0] {
          recipe.rules[index].inputs = [.all(rule: recipe.rules.firstIndex { $0.each != nil }!, output: 0)]
        }
      }
    }

    func write(to lab: Lab) {
      for (path, text) in sources { lab.write(path, text) }
    }

    /// One to three changes of sources, outputs, parameters or the cache.
    mutating func edit(_ lab: Lab) {
      for _ in 0..<(1 + random.below(3)) {
        let paths = sources.keys.sorted()
        let outputs = recipe.rules.filter { $0.each == nil }.map(\.outputs[0].description)
        switch random.below(7) {
        case 0, 1, 2: change(paths[random.below(paths.count)], lab)
        case 3: lab.remove(outputs[random.below(outputs.count)])
        case 4: lab.write(outputs[random.below(outputs.count)], "garbage")
        case 5:
          let rule = random.below(recipe.rules.count)
          if recipe.rules[rule].action == "join", recipe.rules[rule].each == nil {
            recipe.rules[rule].parameters = [(name: "n", value: Template("\(random.below(9))"))]
          }
        default: if random.below(3) == 0 { lab.remove(".campaign/cache") }
        }
      }
    }

    private mutating func change(_ path: String, _ lab: Lab) {
      let words = ["one", "two", "three", "four", "five"].shuffled(using: &random)
      sources[path] =
        path == "words" ? words.prefix(2 + random.below(3)).joined(separator: " ") : "t\(random.below(4))"
      lab.write(path, sources[path]!)
    }
  }
}

/// A small generator whose sequence is the same everywhere.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
