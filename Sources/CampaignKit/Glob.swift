import CampaignCore
import Glibc

/// File patterns: `*`, `?` and `[...]` within a name, `**` for any number of folders. Hidden names only when asked for.
struct Glob {
  private let names: [Substring]

  init(_ pattern: String) { names = pattern.split(separator: "/") }

  /// Matching files below `root`, relative to it, sorted by bytes.
  ///
  /// - Parameter visit: told each folder before it is listed, relative to `root`.
  func matches(in root: String, visit: (String) -> Void = { _ in }) -> [String] {
    var found: Set<String> = []
    walk(root, "", names[...], visit, &found)
    return Array(found).sortedByBytes()
  }

  func matches(_ path: String) -> Bool { Self.matches(path.split(separator: "/")[...], names[...]) }

  private func walk(
    _ root: String, _ folder: String, _ rest: ArraySlice<Substring>, _ visit: (String) -> Void,
    _ found: inout Set<String>
  ) {
    guard let pattern = rest.first else { return }
    if pattern == "**" { walk(root, folder, rest.dropFirst(), visit, &found) }
    visit(folder.isEmpty ? "." : folder)
    for name in Files.names(in: root + "/" + folder) where Self.matches(name, pattern) {
      let path = folder.isEmpty ? name : folder + "/" + name
      let isFolder = Files.isFolder(root + "/" + path)
      if isFolder {
        walk(root, path, pattern == "**" ? rest : rest.dropFirst(), visit, &found)
      } else if rest.count == 1 {
        found.insert(path)
      }
    }
  }

  private static func matches(_ path: ArraySlice<Substring>, _ pattern: ArraySlice<Substring>) -> Bool {
    guard let first = pattern.first else { return path.isEmpty }
    if first == "**" {
      return matches(path, pattern.dropFirst()) || (!path.isEmpty && matches(path.dropFirst(), pattern))
    }
    guard let name = path.first, matches(String(name), first) else { return false }
    return matches(path.dropFirst(), pattern.dropFirst())
  }

  private static func matches(_ name: String, _ pattern: Substring) -> Bool {
    pattern == "**" ? !name.hasPrefix(".") : fnmatch(String(pattern), name, FNM_PERIOD) == 0
  }
}
