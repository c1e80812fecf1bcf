import CampaignCore

/// What a step does, as data: two actions that are equal, on the same inputs, make the same outputs.
package struct Action: Hashable, Sendable {
  /// E.g. `generate-clip`, `shell`.
  package var name: String
  /// Raised when the same parameters would give another result.
  package var version: Int
  /// Canonical, sorted by name; only what shapes the result.
  package var parameters: [Parameter]

  // What follows does not shape the result and is no part of a key.

  /// Further parameters, e.g. how long to wait.
  package var asides: [Parameter] = []
  /// The pool that bounds it.
  package var pool = "cpu"
  /// Its outputs are kept in the store and come back from there.
  package var isCostly = false
  /// It sees the names of its inputs, so that they belong to the key.
  package var seesNames = false
  /// Others make it for money: `Toolbox.offer` says what one run would buy.
  package var isPaid = false

  package init(name: String, version: Int, parameters: [Parameter]) {
    self.name = name
    self.version = version
    self.parameters = parameters.sorted { $0.name < $1.name }
  }

  package subscript(parameter: String) -> String? {
    (parameters.first { $0.name == parameter } ?? asides.first { $0.name == parameter })?.value
  }
}

/// A named value in its canonical spelling.
package struct Parameter: Hashable, Sendable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// The actions that a build can perform: the real ones, or those of a test.
package protocol Toolbox: Sendable {
  /// Of all that shapes what `action` gives beside its arguments: another program has another.
  var fingerprint: ContentHash { get }

  /// The action that a rule names, once all its parameters are known; `target` is the first output of the step.
  /// Throws when a value is of the wrong kind.
  func action(named name: String, parameters: [Parameter], target: String) throws(StepFailure) -> Action

  /// Makes `job.staged` from `job.inputs`. Called on a worker thread; must end soon after `job.interrupt` is raised.
  func perform(_ job: Job) throws(StepFailure) -> JobReport

  /// What is wrong with an existing output of `action`, in words; nil when it is sound. Tells damage from an edit.
  func damage(of path: String, madeBy action: Action) -> String?

  /// What a paid action would buy. `earlier` is where what it made before is, if anything is; `root` is the workspace.
  /// Nil: nothing. Throws when it cannot be bought at all.
  func offer(_ action: Action, inputs: [Job.Input], earlier: [String], root: String) throws(StepFailure)
    -> Offer?

  /// The elements that an action that has not run will give at most, for foreseeing what follows; nil: unknown.
  func expectedElements(_ action: Action) -> [JSON]?

  /// Fetches what was bought and no step waits for any more. Returns a line for the user.
  func collect(_ attempt: Attempt, spending: Spending, root: String, interrupt: Interrupt) -> String?
}

extension Toolbox {
  package func offer(_ action: Action, inputs: [Job.Input], earlier: [String], root: String)
    throws(StepFailure) -> Offer?
  { nil }

  package func expectedElements(_ action: Action) -> [JSON]? { nil }

  package func collect(_ attempt: Attempt, spending: Spending, root: String, interrupt: Interrupt) -> String?
  {
    nil
  }
}

/// One step to perform now. All paths are relative to `root` (or absolute).
package struct Job: Sendable {
  package struct Input: Hashable, Sendable {
    package var path: String
    /// Which input of the rule it comes from, counted from 0: a glob or an "all of" gives many inputs one role.
    package var role: Int
    package var hash: ContentHash

    package init(path: String, role: Int, hash: ContentHash) {
      self.path = path
      self.role = role
      self.hash = hash
    }
  }

  package var action: Action
  package var inputs: [Input]
  /// Where the outputs will end up.
  package var outputs: [String]
  /// Where what the step made before is, in the same order, if anything is.
  package var earlier: [String]
  /// Where to write them now, in the same order; their folders exist.
  package var staged: [String]
  /// A private folder, removed afterwards.
  package var scratch: String
  /// Receives what child processes print.
  package var log: String
  /// The workspace folder.
  package var root: String
  package var pieces: PieceStore
  package var spending: Spending
  /// The take that the output is to be made of; nil: there is none yet.
  package var take: ContentHash?
  /// Overrides the seed that a purchase asks for.
  package var seed: String?
  /// Buy anew although there is a take.
  package var wantsNewTake = false
  /// Choose anew although there is a choice.
  package var isReselect = false
  package var interrupt: Interrupt
  /// Fraction done, 0...1, and a word on it; may be called from any thread.
  package var progress: @Sendable (Double, String) -> Void

  package init(
    action: Action, inputs: [Input], outputs: [String], staged: [String], scratch: String, log: String,
    root: String, pieces: PieceStore, spending: Spending, interrupt: Interrupt,
    progress: @escaping @Sendable (Double, String) -> Void = { _, _ in }
  ) {
    self.action = action
    self.inputs = inputs
    self.outputs = outputs
    earlier = outputs
    self.staged = staged
    self.scratch = scratch
    self.log = log
    self.root = root
    self.pieces = pieces
    self.spending = spending
    self.interrupt = interrupt
    self.progress = progress
  }

  /// The path as this process opens it.
  package func resolve(_ path: String) -> String {
    root == "." || path.hasPrefix("/") ? path : root + "/" + path
  }

  package func inputs(role: Int) -> [Input] { inputs.filter { $0.role == role } }
}

/// What a performed step has to say.
package struct JobReport: Sendable {
  /// What it really cost.
  package var cost: Money
  /// Lines for the user, e.g. "6 scenes served: 12 photos do not give a seventh pair".
  package var notes: [String]
  /// The take that the output is made of.
  package var take: Take?

  package init(cost: Money = .zero, notes: [String] = [], take: Take? = nil) {
    self.cost = cost
    self.notes = notes
    self.take = take
  }
}

/// Why a step did not succeed, in the user's words.
package struct StepFailure: Error, Hashable, Sendable {
  /// Lower-case, no full stop.
  package var message: String
  /// What to do.
  package var help: String?
  package var kind: Kind
  /// The parameter whose value is wrong.
  package var parameter: String?
  /// Where the mistake stands in the Campaignfile, when it is known better than by the rule.
  package var site: Site?

  /// What it means for the whole build.
  package enum Kind: Hashable, Sendable {
    case failed
    /// A limit forbade to spend; nothing was sent.
    case refused
    /// A provider or the network; the same build later may succeed, and goes on where this one was.
    case trouble
    /// Stopped because it took longer than its rule allows.
    case timeout
    /// Stopped by a signal.
    case interrupted
    /// What was to be copied from the store is not what was kept: it has to be made.
    case lostCopy
  }

  package init(_ message: String, help: String? = nil, kind: Kind = .failed, parameter: String? = nil) {
    self.message = message
    self.help = help
    self.kind = kind
    self.parameter = parameter
  }

  package init(_ error: FileError) { self.init(error.description, help: error.help) }

  package static let interrupted = StepFailure("interrupted", kind: .interrupted)
}

extension Action {
  /// Of all that shapes the result apart from the inputs.
  var hash: ContentHash {
    var hasher = ContentHasher()
    hasher.append(name)
    hasher.append(UInt64(version))
    for parameter in parameters {
      hasher.append(parameter.name)
      hasher.append(parameter.value)
    }
    return hasher.finish()
  }
}
