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
  package static func log(of target: String) -> String {
    let names = target.utf8.split(separator: UInt8(ascii: "/"))
    let ending = ".log".utf8
    // A name that leaves no room for the ending, or that is a log's own as far as a folder goes, has another.
    let isOdd =
      names.last.map { $0.count + ending.count > 255 } ?? true
      || names.dropLast().contains { $0.suffix(ending.count).elementsEqual(ending) }
    let name = isOdd ? ContentHasher.hash(Array(target.utf8)).hex : target
    return "\(Self.name)/logs/\(name).log"
  }

  /// A file of the store, relative to the workspace.
  static func storedObject(_ hash: ContentHash) -> String { name + "/store/objects/" + Store.split(hash) }

  // MARK: - What stands in the way

  /// Why no step may make a file at `path`, as the disk is now; nil: it may.
  func obstacle(at path: String) -> StepFailure? {
    switch Files.kind(resolve(path)) {
    case nil, .file, .brokenLink, .loop: break
    case .some(let kind):
      return StepFailure(
        "`\(path)` is \(kind.rawValue), and outputs are files", help: "rename one of them, or remove it")
    }
    return Files.folder(of: path).flatMap { obstacle(inFolder: $0) }
  }

  /// Why no step may put files into a folder; nil: it may. One that is not there yet is no worse than the next above it.
  package func obstacle(inFolder folder: String) -> StepFailure? {
    var place = folder
    while true {
      let kind = Files.kind(resolve(place))
      if kind == .folder { break }
      if let kind {
        return StepFailure(
          "`\(place)` is \(kind.rawValue), and no folder", help: "rename one of them, or remove it")
      }
      guard let above = Files.folder(of: place) else { return nil }
      place = above
    }
    let (top, real) = (Files.absolute(root), Files.absolute(resolve(place)))
    guard real == top || real.utf8.starts(with: (top + "/").utf8), real != top + "/" + place else {
      return nil
    }
    let other = real == top ? "." : String(real.dropFirst(top.count + 1))
    return StepFailure(
      "`\(place)` is a link to `\(other)`, and a file has one name", help: "write the path without the link")
  }
}
