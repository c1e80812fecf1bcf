import CampaignCore

/// Judges every step without running any: what a build would do now.
package struct Planner {
  private let evaluation: Evaluation
  private var scheduler: Scheduler
  private var verdicts: [Plan.Verdict?] = []
  /// Of stale steps.
  private var purchases: [StepID: Purchase] = [:]
  private let request: BuildRequest

  /// Reads files and hashes them; writes nothing.
  package static func plan(
    _ recipe: Recipe, toolbox: any Toolbox, state: StateFolder, request: BuildRequest
  ) throws(EngineError) -> Plan {
    let cache = HashCache(path: state.cache, known: PlanCache(path: state.plan))
    let evaluation = try Evaluation.open(
      recipe, toolbox: toolbox, state: state, cache: cache, request: request)
    var planner = Planner(evaluation, request)
    try planner.judgeAll()
    return planner.plan()
  }

  private init(_ evaluation: Evaluation, _ request: BuildRequest) {
    self.evaluation = evaluation
    self.request = request
    scheduler = Scheduler(pools: [:], defaultWidth: request.jobs)
    takeIn()
  }

  /// Takes in the steps that the graph has by now.
  private mutating func takeIn() {
    scheduler.update(from: evaluation.graph)
    verdicts += Array(repeating: nil, count: evaluation.graph.steps.count - verdicts.count)
  }

  private func verdict(_ step: StepID) -> Plan.Verdict? { verdicts[Int(step.index)] }

  private mutating func judgeAll() throws(EngineError) {
    repeat {
      do throws(FileError) {
        while let step = scheduler.nextReady() { try judge(step) }
      } catch { throw .file(error) }
    } while try expand()
  }

  private mutating func judge(_ step: StepID) throws(FileError) {
    if evaluation.isAsBefore(step) {
      verdicts[Int(step.index)] = .current
      return scheduler.settle(step)
    }
    switch try evaluation.judge(step) {
    case .current, .adoptTake: verdicts[Int(step.index)] = .current
    case .kept: verdicts[Int(step.index)] = .kept
    case .edited(let reasons, _, let key): verdicts[Int(step.index)] = key == nil ? .edited(reasons) : .kept
    case .restorable(let reasons, let hashes):
      verdicts[Int(step.index)] = .restorable(reasons)
      evaluation.assume(step, hashes)
    case .stale(let reasons):
      verdicts[Int(step.index)] = .stale(reasons)
      let gates = try evaluation.gates(step)
      if !gates.isEmpty { verdicts[Int(step.index)] = .awaiting(gates) }
      purchases[step] = try evaluation.purchase(step)
      _ = scheduler.fail(step)
      return
    }
    scheduler.settle(step)
  }

  /// Gives rules their steps whose array is up to date.
  private mutating func expand() throws(EngineError) -> Bool {
    let scheduler = scheduler
    let rules = evaluation.expandableRules { scheduler.state($0) == .settled }
    for rule in rules {
      do throws(StepFailure) { _ = try evaluation.expand(rule) } catch {
        let site = error.site ?? evaluation.graph.recipe.rules[rule].site
        throw .invalid([Diagnostic("E0414", error.message, at: site, help: error.help)])
      }
    }
    if !rules.isEmpty { takeIn() }
    return !rules.isEmpty
  }

  // MARK: - The result

  private func plan() -> Plan {
    var plan = Plan()
    let taken = evaluation.graph.taken()
    for step in evaluation.graph.topologicalOrder() where evaluation.graph.step(step).isWanted {
      let isTaken = evaluation.graph.outputs(of: step).contains { taken[Int($0.index)] }
      if isTaken && !request.listsCurrent && verdict(step) == .current {
        plan.omitted += 1
      } else {
        plan.entries.append(entry(step))
      }
    }
    for number in evaluation.graph.pendingEachRules where evaluation.graph.isWanted(rule: number) {
      let rule = evaluation.graph.recipe.rules[number]
      plan.pending.append(
        Plan.Pending(
          outputs: rule.outputs.map(\.description).joined(separator: " "), file: rule.each!,
          action: rule.action, most: most(ofRule: number),
          site: rule.site))
    }
    plan.orphans = evaluation.orphans()
    plan.oddLines = evaluation.spending.ledger.oddLines
    plan.forecast = forecast(plan)
    return plan
  }

  private func entry(_ step: StepID) -> Plan.Entry {
    let verdict = self.verdict(step) ?? .undecided(because: waitsFor(step))
    let cost = cost(step, verdict)
    let planned = evaluation.graph.action(of: step)
    var entry = Plan.Entry(
      outputs: evaluation.graph.outputPaths(of: step),
      inputs: evaluation.graph.inputs(of: step).map { evaluation.graph.path($0) },
      action: planned.name, pool: planned.pool, verdict: verdict,
      estimate: cost.amount, payee: cost.offer.map { "\($0.provider) \($0.model)" },
      item: evaluation.graph.item(of: step)?.name,
      order: self.verdict(step) == nil ? nil : try? evaluation.offer(step)?.order,
      notes: cost.offer?.notes ?? [], usual: evaluation.usual(step),
      site: evaluation.graph.rule(of: step).site)
    entry.each = evaluation.graph.rule(of: step).each
    let action = self.verdict(step) == nil ? nil : try? evaluation.action(step)
    entry.parameters = (action ?? planned).parameters
    if scheduler.state(step) == .settled { entry.result = try? evaluation.outputHashes(step).first }
    return entry
  }

  /// What a step costs, or may cost as long as it is not decided.
  private func cost(_ step: StepID, _ verdict: Plan.Verdict) -> (amount: Money, offer: Offer?) {
    let action = evaluation.graph.action(of: step)
    switch verdict {
    case .stale, .awaiting:
      switch purchases[step] ?? .nothing {
      case .nothing, .owned, .inFlight: return (.zero, nil)
      case .buys(let offer), .lost(_, let offer): return (offer.price ?? .zero, offer)
      }
    case .undecided:
      let offer = action.isPaid ? evaluation.roughOffer(action) : nil
      return (offer?.price ?? .zero, offer)
    case .current, .kept, .restorable, .edited: return (.zero, nil)
    }
  }

  /// What the steps of a rule that are not known yet can cost, if the maker of its array knows what it will hold.
  private func most(ofRule number: Int) -> (count: Int, cost: Money)? {
    guard let each = evaluation.graph.recipe.rules[number].each,
      let producer = evaluation.graph.producer(of: each),
      let elements = evaluation.toolbox.expectedElements(evaluation.graph.action(of: producer))
    else { return nil }
    var cost = Money.zero
    for element in elements {
      let action = try? evaluation.graph.action(rule: number, element: element)
      if let action, action.isPaid { cost = cost + (evaluation.roughOffer(action)?.price ?? .zero) }
    }
    return (elements.count, cost)
  }

  /// Targets right before a step that are not known yet.
  private func waitsFor(_ step: StepID) -> [String] {
    var names = evaluation.graph.openRules(of: step).map {
      evaluation.graph.recipe.rules[$0].outputs[0].description
    }
    for producer in evaluation.graph.inputs(of: step).compactMap({ evaluation.graph.producer(of: $0) }) {
      switch verdict(producer) {
      case .stale, .awaiting, nil: names.append(evaluation.graph.target(of: producer))
      default: break
      }
    }
    return Set(names).sorted()
  }

  private func forecast(_ plan: Plan) -> Event.Forecast {
    var forecast = Event.Forecast()
    forecast.current = plan.omitted
    var seconds = 0.0
    var isKnown = plan.pending.isEmpty
    for entry in plan.entries {
      switch entry.verdict {
      case .current, .kept: forecast.current += 1
      case .edited: forecast.toAdopt += 1
      case .restorable: forecast.toRestore += 1
      case .stale:
        forecast.toMake += 1
        forecast.cost = forecast.cost + entry.estimate
      case .undecided:
        forecast.undecided += 1
        forecast.undecidedCost = forecast.undecidedCost + entry.estimate
      case .awaiting:
        forecast.undecided += 1
        forecast.awaitedCost = forecast.awaitedCost + entry.estimate
      }
      guard case .stale = entry.verdict else { continue }
      if let usual = entry.usual { seconds += usual } else { isKnown = false }
    }
    for pending in plan.pending {
      forecast.undecidedCost = forecast.undecidedCost + (pending.most?.cost ?? .zero)
    }
    for case .inFlight(let attempt) in purchases.values {
      forecast.inFlight += 1
      forecast.inFlightCost = forecast.inFlightCost + attempt.reserved
    }
    forecast.seconds = isKnown && forecast.toMake > 0 ? seconds / Double(max(1, request.jobs)) : nil
    return forecast
  }
}

extension Evaluation {
  /// Takes for granted that a step's outputs will be these.
  func assume(_ step: StepID, _ hashes: [ContentHash]) {
    for (id, hash) in zip(graph.outputs(of: step), hashes) { assume(id, hash) }
  }

  /// Files that steps made once, that are still there, and that no rule makes or takes now.
  ///
  /// Nothing is an orphan while some rule's steps are unknown.
  func orphans() -> [String] {
    guard graph.pendingEachRules.isEmpty else { return [] }
    if let plan, isGraphAsBefore, plan.holdsAllTraces { return [] }
    let taken = graph.taken()
    var orphans: [String] = []
    cache.forEachTrace { trace in
      for output in trace.outputs where graph.producer(of: output.path) == nil {
        let isSource = graph.artifact(output.path).map { taken[Int($0.index)] } ?? false
        if !isSource && Files.exists(resolve(output.path)) { orphans.append(output.path) }
      }
    }
    return orphans.uniqueByBytes()
  }
}

extension Graph {
  /// For each file, whether some wanted step or rule needs it.
  func taken() -> [Bool] {
    var taken = [Bool](repeating: false, count: artifactCount)
    for index in steps.indices where steps[index].isWanted {
      for id in inputs(of: StepID(index)) { taken[Int(id.index)] = true }
    }
    for rule in recipe.rules.indices where isWanted(rule: rule) {
      if let id = recipe.rules[rule].each.flatMap({ artifact($0) }) { taken[Int(id.index)] = true }
    }
    return taken
  }

  /// Steps such that each comes after those that make its inputs.
  func topologicalOrder() -> [StepID] {
    var order: [StepID] = []
    order.reserveCapacity(steps.count)
    var isSeen = [Bool](repeating: false, count: steps.count)
    /// Steps to visit; -1 - n: all before step n are in order.
    var stack: [Int32] = []
    for index in steps.indices where !isSeen[index] {
      stack.append(Int32(index))
      while let top = stack.popLast() {
        guard top >= 0 else {
          order.append(StepID(Int(-1 - top)))
          continue
        }
        guard !isSeen[Int(top)] else { continue }
        isSeen[Int(top)] = true
        stack.append(-1 - top)
        let first = stack.count
        forEachProducer(of: StepID(Int(top))) { if !isSeen[Int($0.index)] { stack.append($0.index) } }
        stack[first...].reverse()
      }
    }
    return order
  }
}
