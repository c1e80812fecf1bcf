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

  /// The pool that bounds it.
  package var pool = "cpu"
  /// Its outputs are kept in the store and come back from there.
  package var isCostly = false
  /// It sees the names of its inputs, so that they belong to the key.
  package var seesNames = false
  /// What one run is expected to cost.
  package var estimate = Money.zero

  package init(name: String, version: Int, parameters: [Parameter]) {
    self.name = name
    self.version = version
    self.parameters = parameters.sorted { $0.name < $1.name }
  }

  package subscript(parameter: String) -> String? { parameters.first { $0.name == parameter }?.value }
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
  /// The action that a rule names, once all its parameters are known. Throws when a value is of the wrong kind.
  func action(named name: String, parameters: [Parameter]) throws(StepFailure) -> Action

  /// Makes `job.staged` from `job.inputs`. Called on a worker thread; must end soon after `job.interrupt` is raised.
  func perform(_ job: Job) throws(StepFailure) -> JobReport

  /// What is wrong with an existing output of `action`, in words; nil when it is sound. Tells damage from an edit.
  func damage(of path: String, madeBy action: Action) -> String?
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
  /// Where to write them now, in the same order; their folders exist.
  package var staged: [String]
  /// A private folder, removed afterwards.
  package var scratch: String
  /// Receives what child processes print.
  package var log: String
  /// The workspace folder.
  package var root: String
  package var pieces: PieceStore
  package var interrupt: Interrupt
  /// Fraction done, 0...1, and a word on it; may be called from any thread.
  package var progress: @Sendable (Double, String) -> Void

  package init(
    action: Action, inputs: [Input], outputs: [String], staged: [String], scratch: String, log: String,
    root: String, pieces: PieceStore, interrupt: Interrupt,
    progress: @escaping @Sendable (Double, String) -> Void = { _, _ in }
  ) {
    self.action = action
    self.inputs = inputs
    self.outputs = outputs
    self.staged = staged
    self.scratch = scratch
    self.log = log
    self.root = root
    self.pieces = pieces
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

  package init(cost: Money = .zero, notes: [String] = []) {
    self.cost = cost
    self.notes = notes
  }
}

/// Why a step did not succeed, in the user's words.
package struct StepFailure: Error, Hashable, Sendable {
  /// Lower-case, no full stop.
  package var message: String
  /// What to do.
  package var help: String?

  package init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }

  package init(_ error: FileError) { self.init(error.description) }
}
