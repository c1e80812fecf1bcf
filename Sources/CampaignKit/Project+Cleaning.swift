import CampaignCore
import CampaignEngine
import Glibc

/// What `clean` may remove. The store of takes is never among it.
package enum CleanClass: String, CaseIterable, Sendable {
  /// What the rules make now; costly ones come back from the store.
  case outputs
  /// What rules made once and none makes now.
  case orphans
  /// Logs of steps and of runs, and pictures for approvals.
  case logs
  /// Rendered segments and transitions that actions keep to work faster.
  case pieces
}

/// What `clean` would remove of a class.
package struct Removal: Sendable {
  package var files: [Removable] = []
  /// What it leaves: these are not as a step made them, and the store has no copy.
  package var left: [String] = []
}

/// A file that `clean` would remove, relative to the workspace.
package struct Removable: Hashable, Sendable {
  package var path: String
  /// In bytes.
  package var size: Int64
}

extension Project {
  /// What `clean` of some classes would remove.
  package func removal(_ kinds: [CleanClass]) throws(BuildError) -> Removal {
    var removal = Removal()
    for kind in kinds {
      switch kind {
      case .outputs: add(try plan(Request()).entries.flatMap(\.outputs), to: &removal)
      case .orphans: add(try plan(Request()).orphans, to: &removal)
      case .logs:
        removal.files += ["logs", "runs", "review"].flatMap { files(below: StateFolder.name + "/" + $0) }
      case .pieces: removal.files += files(below: StateFolder.name + "/pieces")
      }
    }
    return removal
  }

  /// Files that rules make or made; a person may have been at work there since.
  private func add(_ paths: [String], to removal: inout Removal) {
    let (made, store) = (MadeFiles(state), Store(folder: state.store))
    for file in paths.compactMap(existing) {
      let isSafe =
        made.holdsUntouched(file.path)
        || (try? Files.hash(state.resolve(file.path))).map(store.holds) ?? false
      if isSafe { removal.files.append(file) } else { removal.left.append(file.path) }
    }
  }

  /// Removes files, and the folders that this leaves empty, while no build runs.
  package func remove(_ files: [Removable]) throws(BuildError) {
    try change {
      for file in files {
        Files.remove(state.resolve(file.path))
        // Only an empty folder goes, and no link to one: that is a person's.
        var folder = Files.folder(of: file.path)
        while let path = folder, rmdir(state.resolve(path)) == 0 { folder = Files.folder(of: path) }
      }
    }
  }

  private func existing(_ path: String) -> Removable? {
    FileStamp.of(state.resolve(path)).map { Removable(path: path, size: $0.size) }
  }

  private func files(below folder: String) -> [Removable] {
    Files.names(in: state.resolve(folder)).flatMap { name -> [Removable] in
      let path = folder + "/" + name
      return Files.isFolder(state.resolve(path)) ? files(below: path) : existing(path).map { [$0] } ?? []
    }
  }
}
