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

  /// What is said without looking at the graph must be what one would say after judging all of it.
  @Test(arguments: 0..<24)
  func theShortAnswerIsTheLongOne(seed: UInt64) throws {
    var world = World(seed: seed)
    let lab = Lab()
    world.write(to: lab)
    for round in 0..<8 {
      for _ in 0..<2 { lab.build(world.recipe) { $0.call = world.call } }
      #expect(lab.isKnownCurrent(world.call), "seed \(seed), round \(round): nothing to do, and known")
      world.edit(lab)
      let isKnown = lab.isKnownCurrent(world.call)
      let plan = try lab.plan(world.recipe)
      lab.remove(".campaign/plan")
      let long = try lab.plan(world.recipe)
      #expect(
        plan.entries.map(\.verdict) == long.entries.map(\.verdict)
          && plan.pending.count == long.pending.count,
        "seed \(seed), round \(round): the plan cache changes no verdict")
      #expect(!isKnown || long.isCurrent, "seed \(seed), round \(round): never lies")
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
    /// Sources that share their file with another: they are edited no more.
    private var linked: Set<String> = []
    /// Stands for all that shapes the verdict and is in no file.
    var call: ContentHash { ContentHasher.hash(Array("\(recipe)".utf8)) }

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
        let paths = sources.keys.sorted().filter { !linked.contains($0) }
        let outputs = recipe.rules.filter { $0.each == nil }.map(\.outputs[0].description)
        switch random.below(12) {
        case 0, 1, 2: change(paths[random.below(paths.count)], lab)
        case 3: lab.remove(outputs[random.below(outputs.count)])
        case 4: lab.write(outputs[random.below(outputs.count)], "garbage")
        case 5:
          let rule = random.below(recipe.rules.count)
          if recipe.rules[rule].action == "join", recipe.rules[rule].each == nil {
            recipe.rules[rule].parameters = [(name: "n", value: Template("\(random.below(9))"))]
          }
        case 6: editSecretly(paths[random.below(paths.count)], lab)
        case 7: lab.touch(paths[random.below(paths.count)], seconds: random.below(2) == 0 ? 7200 : -7200)
        case 8: replace(paths[random.below(paths.count)], by: paths[random.below(paths.count)], lab)
        case 9: lab.remove(".campaign/plan")
        case 10: lab.write(".campaign/plan", "garbage")
        default: if random.below(3) == 0 { lab.remove(".campaign/cache") }
        }
      }
    }

    /// Another text of the same length at the same time.
    private mutating func editSecretly(_ path: String, _ lab: Lab) {
      guard path != "words" else { return }
      sources[path] = sources[path]!.first == "t" ? "u\(random.below(4))" : "t\(random.below(4))"
      lab.writeSecretly(path, sources[path]!)
    }

    /// One more name for another source's file.
    private mutating func replace(_ path: String, by other: String, _ lab: Lab) {
      guard path != other, path != "words", other != "words", !linked.contains(other) else { return }
      linked.formUnion([path, other])
      sources[path] = sources[other]
      lab.link(path, to: other, isSymbolic: random.below(2) == 0)
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
