import Glibc

extension Glob {
  /// Why the files that match cannot be told.
  package struct Failure: Error {
    package var message: String
    package var help: String
  }

  /// Matching files, each once, sorted by bytes; relative to `root` if the pattern is relative.
  ///
  /// What cannot be read is an error: nobody could say what is missing.
  ///
  /// - Parameter visit: told each folder before it is listed, relative to `root`.
  package func files(
    in root: String, visit: @escaping (String) -> Void = { _ in }
  ) throws(Failure) -> [String] {
    var search = GlobSearch(root: root, visit: visit)
    let start = isAbsolute ? "/" : ""
    try search.search(start, segments[...])
    return search.found.uniqueByBytes()
  }
}

/// One walk through the folders that a glob leads to.
private struct GlobSearch {
  let root: String
  let visit: (String) -> Void
  private(set) var found: [String] = []

  init(root: String, visit: @escaping (String) -> Void) {
    self.root = root
    self.visit = visit
  }

  private func resolve(_ path: String) -> String {
    path.isEmpty ? root : path.utf8.first == UInt8(ascii: "/") ? path : root + "/" + path
  }

  private func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty || folder == "/" ? folder + name : folder + "/" + name
  }

  /// - Parameter listing: what is in the folder, if that is known.
  mutating func search(
    _ folder: String, _ rest: ArraySlice<Glob.Segment>, _ listing: [Files.Entry]? = nil
  ) throws(Glob.Failure) {
    switch rest.first {
    case nil: return
    case .folders:
      for place in try folders(below: folder) { try search(place.path, rest.dropFirst(), place.entries) }
    case .name(let pattern):
      // One that is there under its own name is found without a look at the others, so that the answer stays good
      // whatever else comes and goes beside it.
      if let name = pattern.literal.flatMap({ String(validating: $0, as: UTF8.self) }) {
        guard try exists(join(folder, name)) else { return visit(folder.isEmpty ? "." : folder) }
        return try take(join(folder, name), .link, rest)
      }
      let entries = if let listing { listing } else { try entries(of: folder) }
      for entry in entries where pattern.matches(entry.name) {
        try take(join(folder, try text(entry.name, in: folder)), entry.kind, rest)
      }
    }
  }

  private mutating func take(_ path: String, _ kind: Files.Entry.Kind, _ rest: ArraySlice<Glob.Segment>)
    throws(Glob.Failure)
  {
    if kind == .folder || (kind == .link && Files.isFolder(resolve(path))) {
      try search(path, rest.dropFirst())
    } else if rest.count == 1 {
      found.append(path)
    }
  }

  /// A folder and all below it, each once. Those that no link leads to come first, then the others: a link to a folder
  /// that was seen is passed over, so that every file is found by its plainest path and a loop ends.
  private func folders(below start: String) throws(Glob.Failure) -> [(path: String, entries: [Files.Entry])] {
    var found: [(path: String, entries: [Files.Entry])] = []
    var seen: Set<FileIdentity> = []
    var next = [start][...]
    var links: ArraySlice<String> = []
    while let folder = next.popFirst() ?? links.popFirst() {
      guard let place = try identity(Array(folder.utf8)), seen.insert(place).inserted else { continue }
      let entries = try entries(of: folder)
      found.append((folder, entries))
      for entry in entries.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) })
      where entry.kind != .other && !Glob.isHidden(entry.name) {
        let isLink = entry.kind == .link
        if isLink, try identity(Array(join(folder, "").utf8) + entry.name) == nil { continue }
        let path = join(folder, try text(entry.name, in: folder))
        if isLink { links.append(path) } else { next.append(path) }
      }
    }
    return found
  }

  // MARK: - The disk

  /// Nil when there is no folder.
  private func identity(_ path: [UInt8]) throws(Glob.Failure) -> FileIdentity? {
    let resolved = path.first == UInt8(ascii: "/") ? path : Array((root + "/").utf8) + path
    var status = stat()
    let result = (resolved + [0]).withUnsafeBytes {
      stat($0.bindMemory(to: CChar.self).baseAddress!, &status)
    }
    let code = errno
    if result == 0 { return status.st_mode & S_IFMT == S_IFDIR ? FileIdentity(status) : nil }
    if [ENOENT, ENOTDIR, ELOOP].contains(code) { return nil }
    throw failure(FileError("read the folder", FilePath.shown(path), code: code))
  }

  private func exists(_ path: String) throws(Glob.Failure) -> Bool {
    if access(resolve(path), F_OK) == 0 { return true }
    if errno == ENOENT || errno == ENOTDIR { return false }
    throw failure(FileError("look for", path))
  }

  private func entries(of folder: String) throws(Glob.Failure) -> [Files.Entry] {
    visit(folder.isEmpty ? "." : folder)
    do throws(FileError) { return try Files.entries(in: resolve(folder)) } catch {
      if error.code == ENOENT { return [] }
      throw failure(FileError("read the folder", folder.isEmpty ? "." : folder, code: error.code))
    }
  }

  private func failure(_ error: FileError) -> Glob.Failure {
    Glob.Failure(
      message: error.description,
      help: "it may hold files that the pattern means: make it readable, or name what is meant more narrowly")
  }

  private func text(_ name: [UInt8], in folder: String) throws(Glob.Failure) -> String {
    if let text = String(validating: name, as: UTF8.self) { return text }
    let path = Array(join(folder, "").utf8) + name
    throw Glob.Failure(
      message: "the name of `\(FilePath.shown(path))` is no UTF-8 text",
      help: "rename it: bytes that no alphabet explains cannot be written in a Campaignfile or in JSON")
  }
}

/// What makes two paths one folder.
private struct FileIdentity: Hashable {
  private let device: UInt
  private let inode: UInt

  init(_ status: stat) { (device, inode) = (UInt(status.st_dev), UInt(status.st_ino)) }
}
