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
    for name in names(in: root, folder, pattern, visit) {
      let path = folder.isEmpty ? name : folder + "/" + name
      let isFolder = Files.isFolder(root + "/" + path)
      if isFolder {
        walk(root, path, pattern == "**" ? rest : rest.dropFirst(), visit, &found)
      } else if rest.count == 1 {
        found.insert(path)
      }
    }
  }

  /// Names in a folder that fit. One that is there under its own name is found without a look at the others, so that the
  /// answer stays good whatever else comes and goes beside it.
  private func names(
    in root: String, _ folder: String, _ pattern: Substring, _ visit: (String) -> Void
  ) -> [String] {
    let path = folder.isEmpty ? root : root + "/" + folder
    let isLiteral = !pattern.contains { "*?[\\".contains($0) }
    if isLiteral && Files.exists("\(path)/\(pattern)") { return [String(pattern)] }
    visit(folder.isEmpty ? "." : folder)
    return Files.names(in: path).filter { Self.matches($0, pattern) }
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
