import CampaignCore

extension Build {
  /// Says what cannot be trusted in the ledger; the till lets nothing pass then.
  func tellDoubts() {
    for line in evaluation.spending.ledger.oddLines {
      tell(.notice("\(line.words); nothing is bought until that is mended"))
    }
  }

  /// Tells the till what a paid step will want. Returns whether it goes first: what was made for it may expire.
  func foresee(_ step: StepID) throws(FileError) -> Bool {
    switch try evaluation.purchase(step) {
    case .nothing, .owned, .lost: return false
    // Another step of this build has ordered the same.
    case .inFlight(let attempt) where attempt.run == run: return false
    case .inFlight(let attempt):
      evaluation.spending.awaitResumption(of: attempt)
      tell(
        .notice(
          "`\(evaluation.graph.target(of: step))` was ordered by an earlier build (\(attempt.reserved)): picking it up"
        ))
      return true
    case .buys(let offer):
      expected[offer.model, default: 0] += 1
      evaluation.spending.expect(expected[offer.model]!, of: offer.model)
      return false
    }
  }

  /// Why a paid step must not even start.
  func obstacle(_ step: StepID) throws(FileError) -> StepFailure? {
    let target = evaluation.graph.target(of: step)
    switch try evaluation.purchase(step) {
    case .nothing, .owned, .inFlight: return nil
    case .buys(let offer):
      guard offer.price == nil else { return nil }
      return StepFailure(
        "nobody knows what `\(offer.model)` costs",
        help: "say it in a `model \(offer.model)` block: price = \"0.50 USD\"", kind: .refused)
    case .lost(let take, let offer):
      return StepFailure(
        "take \(take.short) of Campaignfile.lock is not in the store",
        help: "copy .campaign/store from where it was made, or buy another for up to "
          + "\(offer.price ?? .zero): campaign build --force \(target)", kind: .refused)
    }
  }

  // MARK: - Approvals

  func hold(_ step: StepID, for gates: [String]) {
    scheduler.hold(step)
    for gate in gates { held[gate, default: []].append(step) }
  }

  /// Holds a step that would have to be bought, if it is one.
  func holdPurchase(_ step: StepID) throws(FileError) -> Bool {
    guard case .buys(let offer) = try evaluation.purchase(step) else { return false }
    scheduler.hold(step)
    let target = evaluation.graph.target(of: step)
    unbought.append(target)
    let price = offer.price.map { "\($0)" } ?? "nobody knows what"
    tell(.notice("`\(target)` would cost \(price): `campaign build \(target)` buys it"))
    return true
  }

  func tellGates() {
    for (target, steps) in held.sorted(by: { $0.key < $1.key }) {
      tell(.awaiting(target: target, steps: steps.map { evaluation.graph.target(of: $0) }))
    }
  }

  // MARK: - The end

  /// Fetches what was bought for steps that are no more, then counts what was paid, and what goes on without us.
  func collectTheRest() {
    let spending = evaluation.spending
    defer { summary.cost = spending.paid() }
    let open = spending.ledger.attempts.filter(\.isOpen)
    guard !open.isEmpty else { return }
    if !interrupt.isRaised {
      for attempt in open where attempt.run != run {
        if let words = toolbox.collect(
          attempt, spending: spending, root: state.root, interrupt: interrupt)
        {
          tell(.notice(words))
        }
      }
    }
    let left = spending.ledger.attempts.filter(\.isOpen)
    summary.inFlight = left.count
    summary.inFlightCost = left.reduce(.zero) { $0 + $1.reserved }
  }
}
