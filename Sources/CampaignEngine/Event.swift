import CampaignCore

/// Something that a build decided or did. Terminal, log and JSON lines are recorders of these and of nothing else.
package struct Event: Sendable {
  /// Nanoseconds since the build began.
  package var time: Int64
  package var kind: Kind
  /// The folder of the campaign, in a build of several.
  package var campaign: String?

  package init(time: Int64, kind: Kind) {
    self.time = time
    self.kind = kind
  }

  package enum Kind: Sendable {
    /// `run` is the name of the build's log, e.g. `20261123-152112042-amber-heron`.
    case runStarted(run: String, targets: [String])
    /// Another build holds the workspace; `owner` says which.
    case waiting(owner: String)
    /// So much has to be read before anything can be said: sources that are new, or have another date.
    case reading(files: Int, bytes: Int64)
    /// How much there is to do, as far as is known; comes again when the graph has grown.
    case planned(Forecast)
    /// `file` was made and gave `count` new steps.
    case grew(file: String, count: Int)
    case stepStarted(StepLabel, reasons: [Reason])
    case stepProgress(StepLabel, fraction: Double, detail: String)
    /// It failed, and is tried again after so many seconds; `number` counts further tries from 1.
    case stepRetrying(StepLabel, StepFailure, number: Int, seconds: Double)
    case stepFinished(StepLabel, StepResult)
    /// A person has to approve `target` before `steps` can run.
    case awaiting(target: String, steps: [String])
    /// Something a person should know, e.g. an adopted edit.
    case notice(String)
    /// First or second Ctrl-C: `isFinal` when what runs is killed.
    case interrupted(signal: Int32, isFinal: Bool)
    case runFinished(Summary)
  }

  /// Steps as counted before or during a build.
  package struct Forecast: Hashable, Sendable {
    package var toMake = 0
    package var toRestore = 0
    /// Edits by hand; a build takes them in before it starts a step.
    package var toAdopt = 0
    package var current = 0
    package var undecided = 0
    package var cost = Money.zero
    /// What may come on top of it, at most.
    package var undecidedCost = Money.zero
    /// What steps cost that wait for an approval: no build spends it before that is given.
    package var awaitedCost = Money.zero
    /// Requests of an earlier build that are to be picked up, with what they may cost.
    package var inFlight = 0
    package var inFlightCost = Money.zero
    /// Seconds until all is done, by recorded durations; nil when unknown.
    package var seconds: Double?
    /// Targets that start next, as far as is known; a few will do.
    package var next: [String] = []

    package init() {}

    /// What a build now can cost at most; it may be less, where what is undecided lies behind an approval.
    package var most: Money { cost + undecidedCost }
  }
}

/// A step as messages name it.
package struct StepLabel: Hashable, Sendable {
  package var id: StepID
  /// Its first output.
  package var target: String
  /// E.g. `generate-clip`.
  package var action: String
  package var pool: String
  /// Seconds it took last time, if known.
  package var usual: Double?
  /// Where its rule stands.
  package var site: Site?

  package init(
    id: StepID, target: String, action: String, pool: String, usual: Double?, site: Site? = nil
  ) {
    self.id = id
    self.target = target
    self.action = action
    self.pool = pool
    self.usual = usual
    self.site = site
  }
}

/// How a step ended.
package struct StepResult: Sendable {
  package enum Outcome: Hashable, Sendable {
    case made
    /// Came back from the store for nothing.
    case restored
    /// An edit by hand was accepted as the output.
    case adopted
    case failed(StepFailure)
    /// Not run because of a failure before it; names the target that failed.
    case skipped(because: String)
    case interrupted
  }

  package var outcome: Outcome
  package var seconds: Double
  package var cost: Money
  package var notes: [String]
  /// False when the new output has the old content, so that nothing after it need run.
  package var isChanged: Bool
  /// Where child processes printed, relative to the workspace.
  package var log: String?
  /// The take that its output is now, if it is one.
  package var take: ContentHash?

  package init(
    outcome: Outcome, seconds: Double, cost: Money = .zero, notes: [String] = [], isChanged: Bool = true,
    log: String? = nil, take: ContentHash? = nil
  ) {
    self.outcome = outcome
    self.seconds = seconds
    self.cost = cost
    self.notes = notes
    self.isChanged = isChanged
    self.log = log
    self.take = take
  }
}

/// What a whole build came to.
package struct Summary: Hashable, Sendable {
  package var made = 0
  package var restored = 0
  package var adopted = 0
  package var current = 0
  package var failed = 0
  package var skipped = 0
  /// Steps that were not bought because a limit forbade it.
  package var refused = 0
  /// Steps that a provider or the network kept from being made; the next build goes on with them.
  package var troubled = 0
  /// Steps that wait for a person's approval, or for others that do.
  package var awaiting = 0
  package var isInterrupted = false
  package var cost = Money.zero
  package var seconds = 0.0
  /// Requests that go on at a provider, with what they may cost.
  package var inFlight = 0
  package var inFlightCost = Money.zero

  package init() {}

  mutating func count(_ failure: StepFailure) {
    switch failure.kind {
    case .failed, .timeout: failed += 1
    case .refused: refused += 1
    case .trouble: troubled += 1
    case .interrupted, .lostCopy: break
    }
  }

  /// Not all of what was asked for is there.
  package var isIncomplete: Bool { failed + skipped + refused + troubled + awaiting > 0 || isInterrupted }
}
