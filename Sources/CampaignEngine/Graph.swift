import CampaignCore

/// Files and steps with dense ids. It grows while a build runs: a rule with `each` gives its steps once its file is made.
///
/// There is one of it, and nobody can copy it unawares: every step asks it a dozen times.
package struct Graph: ~Copyable, Sendable {
  /// One concrete unit: outputs from inputs by an action. Plain numbers: there may be a hundred thousand.
  package struct Step: Sendable {
    fileprivate(set) var rule: Int32
    /// Of the action alone; the key adds the inputs.
    fileprivate(set) var actionHash: ContentHash
    /// Where its lists and its element lie in the graph's columns.
    fileprivate(set) var outputs: Range<Int32>
    fileprivate(set) var inputs: Range<Int32>
    fileprivate(set) var element: Range<Int32>
    package fileprivate(set) var isWanted = false
  }

  /// An element of an array, by its `id` and content.
  package struct Item: Hashable, Sendable {
    package var name: String
    package var hash: ContentHash

    package init(_ element: JSON, index: Int) {
      name = element["id"]?.scalar ?? String(index + 1)
      hash = ContentHasher.hash(Array(element.compact.utf8))
    }
  }

  package let recipe: Recipe
  /// Some rule's outputs have to be approved.
  let hasApprovals: Bool
  private let toolbox: any Toolbox
  private(set) var paths: PathTable
  /// The step that makes each file; -1 for a source.
  private var producers: [Int32] = []
  package private(set) var steps: [Step] = []
  private var outputIDs: [ArtifactID] = []
  private var inputIDs: [ArtifactID] = []
  private var inputRoles: [Int32] = []
  /// The elements that steps are for, as JSON texts one after the other.
  private var elements: [UInt8] = []
  /// What steps do; nil: to be derived from rule and element, as for steps that the plan cache gave.
  private var actions: [Action?] = []
  /// Rules that must give their steps before the inputs of a step are known.
  private var openRules: [StepID: Set<Int>] = [:]
  /// For each rule its steps; nil: not known yet.
  private var expansions: [Range<Int>?]
  private var wantedRules: [WantedRule]
  /// Rules with `each` whose steps are not known yet.
  private(set) var pendingEachRules: [Int]
  /// For each rule those that it draws on.
  private let drawnRules: [[Int]]
  /// Folders that outputs lie in.
  private var folders = PathTable()
  private var lookalikes = Lookalikes()
  private let eachRules: TemplateIndex

  private enum WantedRule {
    case none
    case outputs(Set<String>)
    case all
  }

  /// Makes the steps that are known before anything runs. Throws all mistakes at once.
  package init(_ recipe: Recipe, toolbox: any Toolbox) throws(InvalidGraph) {
    try self.init(recipe, toolbox: toolbox, paths: PathTable())
  }

  /// The same, with some paths numbered already.
  init(_ recipe: Recipe, toolbox: any Toolbox, paths: PathTable) throws(InvalidGraph) {
    self.recipe = recipe
    self.toolbox = toolbox
    self.paths = paths
    producers = Array(repeating: -1, count: paths.count)
    hasApprovals = recipe.rules.contains { $0.needsApproval }
    expansions = Array(repeating: nil, count: recipe.rules.count)
    wantedRules = Array(repeating: .none, count: recipe.rules.count)
    pendingEachRules = recipe.rules.indices.filter { recipe.rules[$0].each != nil }
    drawnRules = recipe.rules.map(\.drawsOn)
    eachRules = TemplateIndex(recipe)
    var mistakes = Mistakes()
    for (number, rule) in recipe.rules.enumerated() where rule.each == nil {
      do throws(StepFailure) {
        let action = try action(rule: number, element: nil)
        do throws(StepFailure) {
          let step = Int(try addStep(rule: number, element: nil, action).index)
          expansions[number] = step..<step + 1
        } catch {
          mistakes.add("E0421", "this rule \(error.message)", at: rule.site, help: error.help)
        }
      } catch {
        mistakes.add("E0410", error.message, at: rule.site(of: error), help: error.help)
      }
    }
    for step in steps.indices { noteOpenRules(of: StepID(step)) }
    reportCycle(&mistakes)
    guard mistakes.isEmpty else { throw InvalidGraph(diagnostics: mistakes.sorted) }
  }

  // MARK: - Reading

  package func path(_ id: ArtifactID) -> String { paths.path(id) }
  package func artifact(_ path: String) -> ArtifactID? { paths.find(FilePath.normal(path)) }
  var artifactCount: Int { paths.count }

  package func producer(of id: ArtifactID) -> StepID? {
    let step = producers[Int(id.index)]
    return step < 0 ? nil : StepID(Int(step))
  }
  package func producer(of path: String) -> StepID? { artifact(path).flatMap { producer(of: $0) } }

  /// Calls `body` for each input of a step that another step makes.
  @inline(__always)
  func forEachProducer(of id: StepID, _ body: (StepID) -> Void) {
    for index in steps[Int(id.index)].inputs.asIndices {
      let producer = producers[Int(inputIDs[index].index)]
      if producer >= 0 && producer != id.index { body(StepID(Int(producer))) }
    }
  }

  package func step(_ id: StepID) -> Step { steps[Int(id.index)] }
  package func outputs(of id: StepID) -> ArraySlice<ArtifactID> {
    outputIDs[steps[Int(id.index)].outputs.asIndices]
  }
  package func inputs(of id: StepID) -> ArraySlice<ArtifactID> {
    inputIDs[steps[Int(id.index)].inputs.asIndices]
  }
  func outputPaths(of id: StepID) -> [String] { outputs(of: id).map { path($0) } }
  func roles(of id: StepID) -> ArraySlice<Int32> { inputRoles[steps[Int(id.index)].inputs.asIndices] }
  package func target(of id: StepID) -> String { path(outputs(of: id).first!) }
  package func ruleNumber(of id: StepID) -> Int { Int(steps[Int(id.index)].rule) }
  package func rule(of id: StepID) -> Rule { recipe.rules[ruleNumber(of: id)] }
  func openRules(of id: StepID) -> Set<Int> { openRules[id] ?? [] }
  package func isOpen(_ id: StepID) -> Bool { openRules[id] != nil }
  package func steps(ofRule rule: Int) -> Range<Int>? { expansions[rule] }
  /// Whether the steps of all rules are known that a rule draws on.
  func knowsWhatIsDrawn(byRule rule: Int) -> Bool { drawnRules[rule].allSatisfy { expansions[$0] != nil } }

  /// What a step does.
  package func action(of id: StepID) -> Action {
    if let known = actions[Int(id.index)] { return known }
    // It was derived once, when the plan cache was written, from the same rule and element.
    guard let action = try? action(rule: ruleNumber(of: id), element: element(of: id)) else {
      preconditionFailure("the plan cache holds a step that its rule does not give")
    }
    return action
  }

  /// The element that a step is for, as JSON; empty: none.
  func elementText(of id: StepID) -> ArraySlice<UInt8> { elements[steps[Int(id.index)].element.asIndices] }

  /// The element that a step is for.
  func element(of id: StepID) -> JSON? {
    let text = elementText(of: id)
    return text.isEmpty ? nil : try? JSON.parse(Array(text))
  }

  /// The element that a step is for, by name and content, where elements are approved one by one.
  func item(of id: StepID) -> Item? {
    guard hasApprovals, let first = expansions[ruleNumber(of: id)]?.first else { return nil }
    return element(of: id).map { Item($0, index: Int(id.index) - first) }
  }

  func isWanted(rule: Int) -> Bool {
    if case .none = wantedRules[rule] { false } else { true }
  }

  /// The rule, not yet expanded, that could make `path`.
  func pendingRule(making path: String) -> Int? {
    pendingEachRules.isEmpty ? nil : eachRules.owner(making: path) { expansions[$0] == nil }
  }

  // MARK: - Wanting

  /// What is to be brought up to date.
  package enum Goal: Hashable, Sendable {
    case file(String)
    case all(rule: Int)
  }

  /// Marks all that a goal needs. Returns false when nothing makes it and no step uses it.
  @discardableResult
  package mutating func want(_ goal: Goal) -> Bool {
    switch goal {
    case .all(let rule):
      wantAll(rule: rule)
      return true
    case .file(let path):
      if let id = artifact(path) {
        want(id)
        return true
      }
      guard let rule = pendingRule(making: path) else { return false }
      want(rule: rule, outputs: [path])
      return true
    }
  }

  private mutating func want(_ id: ArtifactID) {
    if let step = producer(of: id) { return want(step) }
    let path = path(id)
    if let rule = pendingRule(making: path) { want(rule: rule, outputs: [path]) }
  }

  /// Iterative: a chain of a hundred thousand steps must not exhaust the stack.
  private mutating func want(_ step: StepID) {
    guard !steps[Int(step.index)].isWanted else { return }
    var stack = [step]
    while let step = stack.popLast() {
      guard !steps[Int(step.index)].isWanted else { continue }
      steps[Int(step.index)].isWanted = true
      for index in steps[Int(step.index)].inputs.asIndices {
        if let producer = producer(of: inputIDs[index]) {
          if !steps[Int(producer.index)].isWanted { stack.append(producer) }
        } else if !pendingEachRules.isEmpty {
          want(inputIDs[index])
        }
      }
      wantWhatIsDrawn(byRule: ruleNumber(of: step))
    }
  }

  private mutating func wantWhatIsDrawn(byRule number: Int) {
    guard !drawnRules[number].isEmpty else { return }
    for input in recipe.rules[number].inputs {
      switch input {
      case .file: break
      case .all(let rule, _): wantAll(rule: rule)
      // Which of its outputs match, and so are wanted, is seen once they are known.
      case .glob(_, _, let rules):
        for rule in rules where expansions[rule] == nil { want(rule: rule, outputs: []) }
      }
    }
  }

  private mutating func wantAll(rule: Int) {
    if case .all = wantedRules[rule] { return }
    wantedRules[rule] = .all
    if let steps = expansions[rule] { steps.forEach { want(StepID($0)) } } else { wantSources(ofRule: rule) }
  }

  private mutating func want(rule: Int, outputs: Set<String>) {
    switch wantedRules[rule] {
    case .all: break
    case .outputs(let others): wantedRules[rule] = .outputs(others.union(outputs))
    case .none:
      wantedRules[rule] = .outputs(outputs)
      wantSources(ofRule: rule)
    }
  }

  /// What must be made before the steps of a rule can be known.
  private mutating func wantSources(ofRule number: Int) {
    if let each = recipe.rules[number].each { want(self.number(each)) }
    wantWhatIsDrawn(byRule: number)
  }

  // MARK: - Growing

  /// Gives a rule its steps, from the array in its file. Returns the new ones, wanted or not.
  mutating func expand(rule number: Int, array: JSON) throws(StepFailure) -> Range<Int> {
    let rule = recipe.rules[number]
    guard let elements = array.array else {
      throw StepFailure(
        "`\(rule.each!)` holds no JSON array",
        help: "a rule with `for` needs a file whose content is an array of objects")
    }
    let first = steps.count
    for (index, element) in elements.enumerated() {
      do {
        _ = try addStep(rule: number, element: element, try action(rule: number, element: element))
      } catch {
        var failure = error
        failure.message = "element \(index + 1) of `\(rule.each!)` \(error.message)"
        failure.site = rule.site(of: error)
        throw failure
      }
    }
    try finishExpansion(of: number, first..<steps.count)
    return first..<steps.count
  }

  /// Gives a rule the steps that it had when the plan cache was written, in a graph that began with its paths.
  ///
  /// - Returns: nil, and nothing has changed, when some other step makes one of the outputs by now, or when its inputs
  ///   depend on other arrays, too.
  mutating func expand(rule number: Int, as known: PlanCache, _ range: Range<Int32>) throws(StepFailure)
    -> Range<Int>?
  {
    let first = steps.count
    guard drawnRules[number].isEmpty, let start = range.first.map({ known.steps[Int($0)] }),
      let last = range.last.map({ known.steps[Int($0)] })
    else { return nil }
    let outputs = known.outputs[start.outputs.lowerBound..<last.outputs.upperBound]
    guard outputs.allSatisfy({ producers[Int($0.index)] < 0 }) else { return nil }
    let (output, input) = (Int32(outputIDs.count), Int32(inputIDs.count))
    let element = Int32(elements.count)
    for step in known.steps[range] {
      for id in known.outputs[step.outputs] { producers[Int(id.index)] = Int32(steps.count) }
      steps.append(
        Step(
          rule: Int32(number), actionHash: step.actionHash,
          outputs: step.outputs.moved(by: output - start.outputs.lowerBound),
          inputs: step.inputs.moved(by: input - start.inputs.lowerBound),
          element: step.element.moved(by: element - start.element.lowerBound)))
    }
    outputIDs += outputs
    inputIDs += known.inputs[start.inputs.lowerBound..<last.inputs.upperBound]
    inputRoles += known.roles[start.inputs.lowerBound..<last.inputs.upperBound]
    elements += known.elements[start.element.lowerBound..<last.element.upperBound]
    actions += Array(repeating: nil, count: range.count)
    try finishExpansion(of: number, first..<steps.count)
    return first..<steps.count
  }

  private mutating func finishExpansion(of rule: Int, _ added: Range<Int>) throws(StepFailure) {
    try checkWanted(rule: rule, added)
    expansions[rule] = added
    pendingEachRules.removeAll { $0 == rule }
    if !pendingEachRules.isEmpty { for step in added { noteOpenRules(of: StepID(step)) } }
    for step in openRules.filter({ $0.value.contains(rule) }).keys.sorted() { try close(step) }
    for step in added where isWanted(StepID(step), of: rule) { want(StepID(step)) }
  }

  /// A file that was asked for by name must be among those that the array gives.
  private func checkWanted(rule: Int, _ added: Range<Int>) throws(StepFailure) {
    guard case .outputs(let paths) = wantedRules[rule] else { return }
    let known = added.flatMap { outputPaths(of: StepID($0)) }
    guard let lost = paths.subtracting(known).sorted().first else { return }
    let near = suggestion(for: lost, among: known) ?? known.first
    throw StepFailure(
      "no element of `\(recipe.rules[rule].each!)` gives `\(lost)`",
      help: near.map { "did you mean `\($0)`?" })
  }

  private func isWanted(_ step: StepID, of rule: Int) -> Bool {
    switch wantedRules[rule] {
    case .none: false
    case .all: true
    case .outputs(let paths): outputs(of: step).contains { paths.contains(path($0)) }
    }
  }

  /// Adds a step with its outputs; `close` gives it its inputs.
  private mutating func addStep(rule number: Int, element: JSON?, _ action: Action) throws(StepFailure)
    -> StepID
  {
    let rule = recipe.rules[number]
    let id = StepID(steps.count)
    let outputs = try addOutputs(of: rule, element: element, step: id)
    let inputs = try addInputs(of: rule, element: element)
    let start = Int32(elements.count)
    if let element { elements += Array(element.compact.utf8) }
    steps.append(
      Step(
        rule: Int32(number), actionHash: action.hash, outputs: outputs, inputs: inputs,
        element: start..<Int32(elements.count)))
    actions.append(action)
    return id
  }

  /// What a rule does for an element.
  func action(rule number: Int, element: JSON?) throws(StepFailure) -> Action {
    let rule = recipe.rules[number]
    var parameters: [Parameter] = []
    for parameter in rule.parameters {
      do throws(StepFailure) {
        parameters.append(Parameter(parameter.name, try parameter.value.filled(from: element)))
      } catch {
        var failure = error
        failure.parameter = parameter.name
        throw failure
      }
    }
    var action = try toolbox.action(
      named: rule.action, parameters: parameters, target: try rule.outputs[0].filled(from: element))
    action.pool = rule.pool ?? action.pool
    action.isCostly = action.isCostly || rule.isCostly
    return action
  }

  private mutating func addOutputs(
    of rule: Rule, element: JSON?, step: StepID
  ) throws(StepFailure) -> Range<Int32> {
    let start = outputIDs.count
    for template in rule.outputs {
      let path = FilePath.normal(try template.filled(from: element))
      try check(output: path)
      let id = try intern(path)
      if let other = producer(of: id) {
        throw StepFailure(
          "gives `\(path)`, which \(other == step ? "it" : "another step") makes already",
          help: "every output needs a name of its own")
      }
      producers[Int(id.index)] = step.index
      outputIDs.append(id)
    }
    return Int32(start)..<Int32(outputIDs.count)
  }

  /// A field may hold anything, so a filled path is checked like one that is written.
  private mutating func check(output path: String) throws(StepFailure) {
    let names = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isInside = !names[0].isEmpty && path != "." && !names.contains { $0.elementsEqual("..".utf8) }
    guard isInside, !names[0].elementsEqual(StateFolder.name.utf8), !recipe.reserved.contains(path) else {
      throw StepFailure(
        "gives the output `\(FilePath.shown(path.utf8))`, which is not a path inside the workspace that a step may write",
        help: "outputs are files inside the workspace, not in .campaign, and no Campaignfile")
    }
    if folders.find(path) != nil { throw Self.clash(path, "an output lies in a folder of that name") }
    var folder = Files.folder(of: path)
    while let inner = folder, folders.find(inner) == nil {
      if producer(of: inner) != nil { throw Self.clash(path, "`\(inner)` is an output, so no folder") }
      _ = folders.intern(inner)
      folder = Files.folder(of: inner)
    }
  }

  private static func clash(_ path: String, _ reason: String) -> StepFailure {
    StepFailure("gives `\(path)`, but \(reason)", help: "a name is that of a file or of a folder: rename one")
  }

  /// Inputs that are known now; those of "all of" inputs come when their rules are expanded.
  private mutating func addInputs(of rule: Rule, element: JSON?) throws(StepFailure) -> Range<Int32> {
    let start = inputIDs.count
    for (role, input) in rule.inputs.enumerated() {
      switch input {
      case .file(let template): addInput(try intern(try template.filled(from: element)), role: role)
      case .glob(let glob, let files, let rules):
        for path in try matches(of: glob, files, rules) { addInput(try intern(path), role: role) }
      case .all(let other, let output):
        for step in expansions[other] ?? 0..<0 {
          addInput(outputIDs[Int(steps[step].outputs.lowerBound) + output], role: role)
        }
      }
    }
    return Int32(start)..<Int32(inputIDs.count)
  }

  private mutating func addInput(_ id: ArtifactID, role: Int) {
    inputIDs.append(id)
    inputRoles.append(Int32(role))
  }

  /// Completes the inputs of a step whose rules are known by now, as far as they are.
  private mutating func close(_ id: StepID) throws(StepFailure) {
    let number = ruleNumber(of: id)
    if !drawnRules[number].isEmpty && knowsWhatIsDrawn(byRule: number) {
      do throws(StepFailure) {
        steps[Int(id.index)].inputs = try addInputs(of: recipe.rules[number], element: element(of: id))
      } catch { throw StepFailure("`\(target(of: id))` \(error.message)", help: error.help) }
    }
    noteOpenRules(of: id)
  }

  /// Notes the rules that the inputs of a step still wait for.
  private mutating func noteOpenRules(of id: StepID) {
    var open = Set(drawnRules[ruleNumber(of: id)].filter { expansions[$0] == nil })
    for input in inputs(of: id) where producer(of: input) == nil {
      if let other = pendingRule(making: path(input)) { open.insert(other) }
    }
    openRules[id] = open.isEmpty ? nil : open
    if steps[Int(id.index)].isWanted {
      steps[Int(id.index)].isWanted = false
      want(id)
    }
  }

  /// The number of a file of the graph, by its one spelling.
  private mutating func intern(_ path: String) throws(StepFailure) -> ArtifactID {
    let path = FilePath.normal(path)
    if let problem = FilePath.problem(path) {
      throw StepFailure(
        "has the file `\(FilePath.shown(path.utf8))`, which \(problem.message)", help: problem.help)
    }
    guard lookalikes.note(path) else {
      throw StepFailure(
        "has the file `\(path)`, whose name looks like that of another and is not: one letter is written in two ways",
        help: "rename one of them, or remove it if both are the same")
    }
    return number(path)
  }

  private mutating func number(_ path: String) -> ArtifactID {
    let id = paths.intern(path)
    if Int(id.index) == producers.count { producers.append(-1) }
    return id
  }
}

extension Range<Int32> {
  /// The same, as an array counts.
  fileprivate var asIndices: Range<Int> { Int(lowerBound)..<Int(upperBound) }

  fileprivate func moved(by distance: Int32) -> Range { lowerBound + distance..<upperBound + distance }
}

extension UnsafeBufferPointer {
  subscript(range: Range<Int32>) -> Slice<UnsafeBufferPointer> {
    self[Int(range.lowerBound)..<Int(range.upperBound)]
  }
}

/// Everything that is wrong with a graph before anything runs.
package struct InvalidGraph: Error {
  package var diagnostics: [Diagnostic]
}

extension Rule {
  /// Where a mistake in one of its steps stands, as well as it is known.
  fileprivate func site(of failure: StepFailure) -> Site? {
    failure.site ?? failure.parameter.flatMap { sites[$0] } ?? site
  }
}
