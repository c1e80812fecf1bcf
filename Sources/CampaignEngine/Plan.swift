import CampaignCore

/// What a build would do, before anything runs: steps with verdict, reasons and cost.
package struct Plan: Sendable {
  package enum Verdict: Hashable, Sendable {
    /// Up to date: same inputs by content, same action, outputs as recorded.
    case current
    /// An edited output that a build leaves alone although its inputs have changed.
    case kept
    /// Would be made.
    case stale([Reason])
    /// Would come back from the store for nothing.
    case restorable([Reason])
    /// An edit by hand that a build would adopt.
    case edited([Reason])
    /// Depends on outputs that are not known yet; names the targets that it waits for.
    case undecided(because: [String])
    /// Would be made, once a person has approved these.
    case awaiting([String])
  }

  package struct Entry: Sendable {
    package var outputs: [String]
    package var inputs: [String]
    package var action: String
    /// The file whose array its rule is repeated for: it is no input, but the step is there because of it.
    package var each: String?
    /// What shapes its result, as far as it is known.
    package var parameters: [Parameter] = []
    /// What its first output contains, or will once it is restored; nil: it has to be made.
    package var result: ContentHash?
    package var pool: String
    package var verdict: Verdict
    /// What it costs to make it now, or can cost at most once it is decided.
    package var estimate: Money
    /// Who would be paid, e.g. `replicate google/veo-3.1-fast`; nil: nobody.
    package var payee: String?
    /// The item of the array that it is for, where items are approved one by one.
    package var item: String?
    /// What is ordered, apart from the seed; nil when nothing is, or when it is not known yet.
    package var order: ContentHash?
    /// What to know beforehand of what would be bought.
    package var notes: [String]
    /// Seconds it took last time, if known.
    package var usual: Double?
    /// Where its rule stands.
    package var site: Site?

    package init(
      outputs: [String], inputs: [String], action: String, pool: String, verdict: Verdict, estimate: Money,
      payee: String? = nil, item: String? = nil, order: ContentHash? = nil, notes: [String] = [],
      usual: Double?, site: Site?
    ) {
      self.outputs = outputs
      self.inputs = inputs
      self.action = action
      self.pool = pool
      self.verdict = verdict
      self.estimate = estimate
      self.payee = payee
      self.item = item
      self.order = order
      self.notes = notes
      self.usual = usual
      self.site = site
    }
  }

  /// A rule whose steps are known only once `file` is made.
  package struct Pending: Sendable {
    /// As written, e.g. `build/clips/{pair.id}.mp4`.
    package var outputs: String
    package var file: String
    package var action: String
    /// How many steps there will be at most, and what they can cost; nil: unknown.
    package var most: (count: Int, cost: Money)?
    package var site: Site?

    package init(
      outputs: String, file: String, action: String, most: (count: Int, cost: Money)? = nil, site: Site?
    ) {
      self.outputs = outputs
      self.file = file
      self.action = action
      self.most = most
      self.site = site
    }
  }

  /// In an order in which they could run.
  package var entries: [Entry] = []
  /// Current steps that are not listed: those that nobody asked for, and that others take.
  package var omitted = 0
  package var pending: [Pending] = []
  package var forecast = Event.Forecast()
  /// Files that steps made once and no rule makes now.
  package var orphans: [String] = []
  /// What cannot be trusted in the ledger: nothing is bought as long as there is any.
  package var oddLines: [OddLine] = []

  package init() {}

  /// Nothing would be made, restored or adopted.
  package var isCurrent: Bool {
    pending.isEmpty && entries.allSatisfy { $0.verdict == .current || $0.verdict == .kept }
  }
}
