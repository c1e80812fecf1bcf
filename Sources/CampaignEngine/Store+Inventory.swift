import CampaignCore

/// A file of the store.
package struct StoredObject: Hashable, Sendable {
  /// What it should contain; nil: it is rubbish, e.g. left by a crash, or put aside as damaged.
  package var content: ContentHash?
  package var path: String
  /// In bytes.
  package var size: Int64
  /// When it came, in seconds since 1970.
  package var date: Int64
}

extension Store {
  /// All files of the store with their contents, by what their names say.
  package func objects() -> [StoredObject] {
    files(below: "objects").map { path, name in
      let stamp = FileStamp.of(path)
      return StoredObject(
        content: ContentHash(hex: name), path: path, size: stamp?.size ?? 0,
        date: (stamp?.modified ?? 0) / 1_000_000_000)
    }
  }

  /// The orders for which something was bought.
  package func orders() -> [ContentHash] { files(below: "bought").compactMap { ContentHash(hex: $0.name) } }

  /// What is being received, or was when a build died: attempts by their ids.
  package func incoming() -> [(attempt: String, path: String)] {
    Files.names(in: folder + "/incoming").map {
      (String($0.prefix { $0 != "." }), "\(folder)/incoming/\($0)")
    }
  }

  /// Files two levels deep, each with the name that both levels make.
  private func files(below part: String) -> [(path: String, name: String)] {
    Files.names(in: "\(folder)/\(part)").sorted().flatMap { first in
      Files.names(in: "\(folder)/\(part)/\(first)").sorted().map {
        ("\(folder)/\(part)/\(first)/\($0)", first + $0)
      }
    }
  }
}
