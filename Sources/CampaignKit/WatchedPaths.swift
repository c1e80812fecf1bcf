import CampaignCore
import CampaignEngine

/// What a build reads and does not make; some of it may not be there yet.
package struct WatchedPaths: Sendable {
  package private(set) var files: Set<String>
  /// Files and folders that the campaign was read from, such as those that a pattern looks into.
  private var places: Set<String>
  /// What rules make: its coming and going is no news.
  private var outputs: [Template] = []

  package init(files: [String], places: [String] = []) {
    self.files = Set(files)
    self.places = Set(places)
  }

  init(_ project: Project, _ plan: Plan?) {
    let entries = plan?.entries ?? []
    self.init(files: project.sources + entries.flatMap(\.inputs), places: project.watched.map(\.path))
    files.subtract(entries.flatMap(\.outputs))
    outputs = project.recipe.rules.flatMap(\.outputs)
  }

  package mutating func formUnion(_ other: WatchedPaths) {
    files.formUnion(other.files)
    places.formUnion(other.places)
    outputs += other.outputs
  }

  /// The folders in which changes show: all that is watched, and what lies above it in the workspace.
  package var folders: [String] {
    var folders: Set<String> = ["."]
    for path in files.union(places) {
      var folder: String? = path
      while let inner = folder, folders.insert(inner).inserted { folder = Files.folder(of: inner) }
    }
    return folders.sorted()
  }

  /// Whether a change at `path` may mean another result.
  package func concern(_ path: String) -> Bool {
    if files.contains(path) || places.contains(path) { return true }
    if Files.name(of: path).hasPrefix(".") || outputs.contains(where: { $0.matches(path) }) { return false }
    // A pattern may match what was not there before, and a folder may come or go with all that is in it.
    let inside = Array((path + "/").utf8)
    return places.contains(Files.folder(of: path) ?? ".")
      || files.union(places).contains { $0.utf8.starts(with: inside) }
  }
}

extension Project {
  /// What a build of a request reads, as far as it is known.
  package func watchedPaths(_ request: Request) -> WatchedPaths { WatchedPaths(self, try? plan(request)) }
}
