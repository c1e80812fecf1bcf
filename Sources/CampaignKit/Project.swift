import CampaignActions
import CampaignCore
import CampaignEngine
import CampaignSyntax

/// A workspace with its Campaignfile loaded and checked: the front door of the library.
package struct Project: Sendable {
  /// How a Campaignfile is to be read.
  package struct Options: Sendable {
    /// The workspace folder.
    package var root = "."
    /// Relative to `root`.
    package var file = "Campaignfile"
    package var profile: String?
    /// From `--set name=value`.
    package var overrides: [(name: String, value: String)] = []

    package init() {}
  }

  /// What to build and how.
  package struct Request: Sendable {
    /// Empty: everything.
    package var targets: [String] = []
    /// Outputs to make anew although they are current.
    package var forced: [String] = []
    /// `-B`: everything is stale.
    package var forceAll = false
    package var keepGoing = false
    /// Steps at once in the `cpu` pool; nil: one for each core.
    package var jobs: Int?
    /// False: fail with `BuildError.locked` when another build holds the workspace.
    package var waitsForLock = true

    package init() {}
  }

  package let root: String
  package let campaign: Campaign

  /// Loads and checks a Campaignfile. Reads files, runs and writes nothing.
  package static func load(_ options: Options) throws(InvalidCampaign) -> Project { fatalError() }

  /// What a build would do now. Reads and hashes files, runs and writes nothing.
  package func plan(_ request: Request) throws(BuildError) -> Plan { fatalError() }

  /// Brings targets up to date. Synchronous; `record` is called on this thread for each event, in order; `tick`
  /// every 100 ms meanwhile when given. A raised signal (SIGINT, SIGTERM, SIGHUP) interrupts it.
  package func build(_ request: Request, tick: (() -> Void)? = nil, record: (Event) -> Void)
    throws(BuildError) -> Summary
  {
    fatalError()
  }

  /// Why a target is as it is, down to its sources.
  package func explain(_ target: String) throws(BuildError) -> Explanation { fatalError() }

  /// The log of the last run of the step that makes `target`; nil when it has not run.
  package func log(_ target: String) throws(BuildError) -> String? { fatalError() }

  /// What `clean` of a class would remove, each with its size. The store is never among it.
  package func removable(_ kind: CleanClass) throws(BuildError) -> [Removable] { fatalError() }

  package func remove(_ files: [Removable]) throws(BuildError) { fatalError() }
}

/// Everything that is wrong with a Campaignfile.
package struct InvalidCampaign: Error {
  package var diagnostics: [Diagnostic]
}

/// Why nothing was or could be built.
package enum BuildError: Error {
  /// A mistake in the campaign that shows only against the workspace: missing inputs, cycles, unknown targets. Exit 2.
  case invalid([Diagnostic])
  /// Another build holds the workspace; says which. Exit 7.
  case locked(owner: String)
  /// The workspace cannot be written or read. Exit 1.
  case file(FileError)
}

package enum CleanClass: String, CaseIterable, Sendable { case outputs, orphans, logs }

package struct Removable: Hashable, Sendable {
  package var path: String
  package var size: Int64
}

/// The story of one target: what made it, from what, and why it is current or not.
package struct Explanation: Sendable {
  package var entry: Plan.Entry
  package var parameters: [Parameter]
  /// The last good run, if any.
  package var last: LastRun?
  package var inputs: [Input]

  package struct LastRun: Sendable {
    /// Seconds since 1970.
    package var finished: Int64
    package var seconds: Double
    package var cost: Money
    package var wasEdited: Bool
  }

  package struct Input: Sendable {
    package var path: String
    /// First digits of its content hash; nil when missing.
    package var hash: String?
    /// The action that makes it; nil for a source.
    package var madeBy: String?
    /// Nil: not known.
    package var isChanged: Bool?
  }
}
