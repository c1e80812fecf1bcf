import CampaignCore

/// Where the tool keeps its own files in a workspace.
package struct StateFolder: Sendable {
  /// The workspace folder.
  package let root: String

  package init(root: String) { self.root = root }

  /// The path in the workspace as this process opens it.
  package func resolve(_ path: String) -> String {
    root == "." || path.hasPrefix("/") ? path : root + "/" + path
  }

  package static let name = ".campaign"
  package var path: String { resolve(Self.name) }
  package var cache: String { path + "/cache" }
  /// Whose the contents of the outputs are.
  package var outputs: String { path + "/outputs" }
  /// The plan cache.
  package var plan: String { path + "/plan" }
  package var lock: String { path + "/lock" }
  /// The ledger of paid requests.
  package var journal: String { path + "/journal" }
  package var lockFile: String { resolve("Campaignfile.lock") }
  package var store: String { path + "/store" }
  package var pieces: String { path + "/pieces" }
  package var runs: String { path + "/runs" }
  /// The pools that a person has paused.
  package var paused: String { path + "/paused" }
  package var logs: String { path + "/logs" }
  /// Work in progress; whatever a dead build left there is rubbish.
  package var stage: String { path + "/stage" }

  /// The log of the step that makes `target`, relative to the workspace.
  package static func log(of target: String) -> String { name + "/logs/" + target + ".log" }

  /// A file of the store, relative to the workspace.
  static func storedObject(_ hash: ContentHash) -> String { name + "/store/objects/" + Store.split(hash) }
}
