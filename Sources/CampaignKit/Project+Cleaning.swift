import CampaignCore
import CampaignEngine

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

/// A file that `clean` would remove, relative to the workspace.
package struct Removable: Hashable, Sendable {
  package var path: String
  /// In bytes.
  package var size: Int64
}

extension Project {
  /// What `clean` of a class would remove, each with its size.
  package func removable(_ kind: CleanClass) throws(BuildError) -> [Removable] {
    switch kind {
    case .outputs: try plan(Request()).entries.flatMap(\.outputs).compactMap(existing)
    case .orphans: try plan(Request()).orphans.compactMap(existing)
    case .logs: ["logs", "runs", "review"].flatMap { files(below: StateFolder.name + "/" + $0) }
    case .pieces: files(below: StateFolder.name + "/pieces")
    }
  }

  /// Removes files, and the folders that this leaves empty.
  package func remove(_ files: [Removable]) {
    for file in files {
      Files.remove(state.resolve(file.path))
      var folder = Files.folder(of: file.path)
      while let path = folder, Files.names(in: state.resolve(path)).isEmpty {
        Files.remove(state.resolve(path))
        folder = Files.folder(of: path)
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
