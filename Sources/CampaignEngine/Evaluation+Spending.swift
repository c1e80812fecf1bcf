import CampaignCore

/// What performing a step costs.
enum Purchase: Hashable {
  /// It buys nothing.
  case nothing
  /// Its take is in the store already.
  case owned
  /// It was sent by an earlier build; nothing more is to be paid.
  case inFlight(Attempt)
  case buys(Offer)
  /// `Campaignfile.lock` names a take that is not in the store: to buy another is for a person to decide.
  case lost(ContentHash, Offer)
}

extension Evaluation {
  /// What a step would buy; nil for steps that nothing is paid for, or that cannot say.
  func offer(_ step: StepID) throws(FileError) -> Offer? {
    let action = graph.action(of: step)
    guard action.isPaid else { return nil }
    if let known = offers[step] { return known }
    let offer = try? toolbox.offer(
      action, inputs: try jobInputs(step), earlier: earlier(step), root: state.root)
    offers[step] = offer
    return offer
  }

  /// Where a step's last results are: in their places, or, if they were removed, in the store.
  func earlier(_ step: StepID) -> [String] {
    let outputs = graph.outputPaths(of: step)
    guard let trace = cache.trace(graph.target(of: step)) else { return outputs }
    return outputs.map { path in
      let hash = trace.outputs.first { $0.path == path }?.hash
      guard !Files.exists(state.resolve(path)), let hash, store.holds(hash) else { return path }
      return StateFolder.storedObject(hash)
    }
  }

  /// What an action costs whose inputs are not known yet.
  func roughOffer(_ action: Action) -> Offer? {
    (try? toolbox.offer(action, inputs: [], earlier: [], root: state.root)) ?? nil
  }

  /// The inputs of a step with their contents; all of them exist.
  func jobInputs(_ step: StepID) throws(FileError) -> [Job.Input] {
    var inputs: [Job.Input] = []
    for (id, role) in zip(graph.inputs(of: step), graph.roles(of: step)) {
      guard let content = try content(id) else { throw FileError("read", graph.path(id), code: 2) }
      inputs.append(Job.Input(path: readablePath(id), role: Int(role), hash: content.hash))
    }
    return inputs
  }

  /// The take that a step's output is to be made of: the one in `Campaignfile.lock`, or the last on its shelf.
  func take(_ step: StepID) throws(FileError) -> ContentHash? {
    guard let order = try offer(step)?.order else { return nil }
    let shelf = try spending.store.shelf(order)
    if let locked = lock.take(graph.target(of: step), order: order), shelf[locked]?.rejected == nil {
      return locked
    }
    return shelf.current
  }

  /// The action with the take as one of its parameters, so that another choice is a change.
  func action(_ step: StepID) throws(FileError) -> Action {
    let action = graph.action(of: step)
    guard action.isPaid, let take = try take(step) else { return action }
    return action.with(take: take)
  }

  /// An earlier build ordered what a step needs, and it has not come yet.
  func isInFlight(_ step: StepID) throws(FileError) -> Bool {
    guard let order = try offer(step)?.order, let attempt = spending.ledger.open(order) else { return false }
    return attempt.run != spending.run
  }

  /// What it costs to perform a step now.
  func purchase(_ step: StepID) throws(FileError) -> Purchase {
    guard let offer = try offer(step) else { return .nothing }
    guard let order = offer.order else { return offer.price == .zero ? .owned : .buys(offer) }
    if let attempt = spending.ledger.open(order), attempt.state != .intent { return .inFlight(attempt) }
    guard !isForced(step), let take = try take(step) else { return .buys(offer) }
    return spending.store.holds(take) ? .owned : .lost(take, offer)
  }

  /// Writes the take of a step into the lock file, as far as it is known.
  func noteTake(_ step: StepID) throws(FileError) {
    guard let order = try offer(step)?.order else { return }
    let target = graph.target(of: step)
    guard let take = try take(step), lock.take(target, order: order) != take,
      let known = try spending.store.shelf(order)[take]
    else { return }
    lock.set(known, order: order, for: target)
  }

  // MARK: - Approvals

  /// What a person has to approve before a step may run.
  func gates(_ step: StepID) throws(FileError) -> [String] {
    guard graph.hasApprovals else { return [] }
    var gates: [String] = []
    if let each = graph.rule(of: step).each, let id = graph.artifact(each), needsApproval(id),
      let content = try content(id), !lock.isApproved(each, content.hash)
    {
      let item = graph.item(of: step)
      if item.map({ lock.isApproved(each, item: $0.name, $0.hash) }) != true { gates.append(each) }
    }
    for id in graph.inputs(of: step) where needsApproval(id) {
      guard let content = try content(id) else { continue }
      if !lock.isApproved(graph.path(id), content.hash) { gates.append(graph.path(id)) }
    }
    return gates
  }

  private func needsApproval(_ id: ArtifactID) -> Bool {
    graph.producer(of: id).map { graph.rule(of: $0).needsApproval } == true
  }
}

extension Action {
  /// The same, made of a certain take.
  func with(take: ContentHash) -> Action {
    var action = self
    action.parameters = (parameters + [Parameter("take", take.hex)]).sorted { $0.name < $1.name }
    return action
  }
}
