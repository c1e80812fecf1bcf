import CPlatform
import Glibc

/// A system call on a file that did not succeed.
package struct FileError: Error, CustomStringConvertible {
  package var operation: String
  package var path: String
  package var code: Int32

  package init(_ operation: String, _ path: String, code: Int32 = errno) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  package var reason: String { String(cString: strerror(code)) }
  package var description: String { "cannot \(operation) `\(path)`: \(reason)" }

  /// What to do about a limit.
  package var help: String? {
    switch code {
    case EMFILE: "raise the limit on open files: `ulimit -n 1024`"
    case EFBIG: "raise the limit on the size of files: `ulimit -f unlimited`"
    case EAGAIN: "raise the limit on processes and threads, `ulimit -u`, or end some"
    case ENOSPC, EDQUOT: "make room on the disk, then build again"
    default: nil
    }
  }
}

/// Whole-file operations on paths as the system takes them.
package enum Files {
  package static func read(_ path: String) throws(FileError) -> [UInt8] {
    let descriptor = try open(path, O_RDONLY, "read")
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError("read", path) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError("read", path, code: EISDIR) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: max(4096, min(Int(status.st_size) + 1, 1 << 20)))
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileError("read", path) }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }

  package static func text(_ path: String) throws(FileError) -> String {
    String(decoding: try read(path), as: UTF8.self)
  }

  /// The same; empty when there is no such file.
  package static func textIfPresent(_ path: String) throws(FileError) -> String {
    do throws(FileError) { return try text(path) } catch {
      guard error.code == ENOENT else { throw error }
      return ""
    }
  }

  /// What a file holds from an offset on; nil when there is nothing.
  package static func tail(_ path: String, from offset: Int) -> [UInt8]? {
    guard let descriptor = try? open(path, O_RDONLY, "read") else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, Int(status.st_size) > offset else { return nil }
    let bytes = bytes(of: descriptor, from: offset, count: Int(status.st_size) - offset)
    return bytes.isEmpty ? nil : bytes
  }

  /// So many bytes of an open file from an offset on; fewer where it ends before, or cannot be read.
  package static func bytes(of descriptor: Int32, from offset: Int, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let read = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
        if read < 0 && errno == EINTR { continue }
        guard read > 0 else { break }
        filled += read
      }
    }
  }

  /// Replaces the content of `path`; the file is not atomic: write to a staged path and rename it.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let descriptor = try open(path, O_WRONLY | O_CREAT | O_TRUNC, "write")
    defer { close(descriptor) }
    try append(bytes, to: descriptor, path: path)
  }

  package static func write(_ text: String, to path: String) throws(FileError) {
    try write(Array(text.utf8), to: path)
  }

  package static func append(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError("write", path) }
      written += count
    }
  }

  package static func open(_ path: String, _ flags: Int32, _ operation: String) throws(FileError) -> Int32 {
    let descriptor = campaign_open(path, flags, 0o666)
    guard descriptor >= 0 else { throw FileError(operation, path) }
    return descriptor
  }

  /// Creates a folder and those above it; one that exists is fine.
  package static func makeFolder(_ path: String) throws(FileError) {
    if path.isEmpty || mkdir(path, 0o777) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let parent = Self.folder(of: path) else { throw FileError("create folder", path) }
    try makeFolder(parent)
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileError("create folder", path) }
  }

  /// `a/b` of `a/b/c`; nil when there is no slash but a leading one.
  package static func folder(of path: String) -> String? {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex else { return nil }
    return String(path[..<slash])
  }

  /// `c` of `a/b/c`.
  package static func name(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }

  /// A folder's path from the root; one that is not there stays as it is written.
  package static func absolute(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Moves a file over another, on the same file system.
  package static func rename(_ from: String, to path: String) throws(FileError) {
    guard Glibc.rename(from, path) == 0 else { throw FileError("rename to", path) }
  }

  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether a file has other names, or is a link to another.
  package static func isShared(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && (status.st_mode & S_IFMT == S_IFLNK || status.st_nlink > 1)
  }

  /// What can be at a path, in words for people.
  package enum Kind: String, Sendable {
    case file = "a file"
    case folder = "a folder"
    case pipe = "a pipe"
    case socket = "a socket"
    case device = "a device"
    case brokenLink = "a link to what is not there"
    case loop = "a link that leads to itself"
  }

  /// What is at a path, behind all links; nil: nothing.
  package static func kind(_ path: String) -> Kind? {
    var status = stat()
    // First the name itself: what appears between two looks is no broken link.
    guard lstat(path, &status) == 0 else { return errno == ELOOP ? .loop : nil }
    if status.st_mode & S_IFMT == S_IFLNK, stat(path, &status) != 0 {
      return errno == ELOOP ? .loop : .brokenLink
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    case S_IFIFO: return .pipe
    case S_IFSOCK: return .socket
    default: return .device
    }
  }

  /// Names in a folder, sorted by bytes, without `.` and `..`; empty when there is no such folder.
  package static func names(in folder: String) -> [String] {
    ((try? entries(in: folder)) ?? []).map { String(decoding: $0.name, as: UTF8.self) }.sortedByBytes()
  }

  /// What a folder holds, by the bytes of its names.
  package struct Entry: Sendable {
    package var name: [UInt8]
    package var kind: Kind

    package enum Kind: Sendable {
      case folder
      /// To whatever, or of a kind that the file system does not tell: one has to look.
      case link
      case other
    }
  }

  /// What is in a folder, without `.` and `..`, in no order.
  package static func entries(in folder: String) throws(FileError) -> [Entry] {
    guard let stream = opendir(folder.isEmpty ? "." : folder) else {
      throw FileError("read the folder", folder)
    }
    defer { closedir(stream) }
    var entries: [Entry] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
      switch Int32(entry.pointee.d_type) {
      case Int32(DT_DIR): entries.append(Entry(name: name, kind: .folder))
      case Int32(DT_LNK), Int32(DT_UNKNOWN): entries.append(Entry(name: name, kind: .link))
      default: entries.append(Entry(name: name, kind: .other))
      }
      errno = 0
    }
    guard errno == 0 else { throw FileError("read the folder", folder) }
    return entries
  }

  /// Removes a file or a whole folder; what is not there is fine. Symbolic links are removed, never followed.
  package static func remove(_ path: String) {
    if unlink(path) == 0 || errno == ENOENT { return }
    for name in names(in: path) { remove(path + "/" + name) }
    rmdir(path)
  }

  /// Copies a file and returns the hash of the bytes that were copied.
  @discardableResult
  package static func copy(_ from: String, to path: String) throws(FileError) -> ContentHash {
    let output = try open(path, O_WRONLY | O_CREAT | O_TRUNC, "write")
    defer { close(output) }
    var failure: FileError?
    let hash = try hash(from) { chunk in
      if failure != nil { return }
      var rest = chunk
      while rest.count > 0 {
        let count = Glibc.write(output, rest.baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return failure = FileError("write", path) }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
    if let failure { throw failure }
    return hash
  }

  /// The content hash of a file, read in chunks of 64 KiB; each chunk is also handed to `each`.
  package static func hash(_ path: String, each: (UnsafeRawBufferPointer) -> Void = { _ in })
    throws(FileError) -> ContentHash
  {
    let descriptor = try open(path, O_RDONLY, "read")
    defer { close(descriptor) }
    return try hash(descriptor, path: path, each: each)
  }

  /// The same of an open file. One of `size` bytes has ended there, so that a small one takes a single read.
  package static func hash(
    _ descriptor: Int32, of size: Int64 = .max, path: String,
    each: (UnsafeRawBufferPointer) -> Void = { _ in }
  ) throws(FileError) -> ContentHash {
    let room = Int(min(size, 64 << 10))
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 64)
    defer { buffer.deallocate() }
    var hasher = ContentHasher()
    var left = size
    while left > 0 {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileError("read", path) }
      guard count > 0 else { break }
      left -= Int64(count)
      let chunk = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      hasher.append(raw: chunk)
      each(chunk)
    }
    return hasher.finish()
  }

  /// Appends a line with one write, and returns when it is on disk for good. A torn line before it is closed first.
  package static func appendDurably(_ line: String, to path: String) throws(FileError) {
    let descriptor = try open(path, O_RDWR | O_CREAT | O_APPEND, "write")
    defer { close(descriptor) }
    var last: UInt8 = UInt8(ascii: "\n")
    let size = lseek(descriptor, 0, SEEK_END)
    if size > 0 { _ = pread(descriptor, &last, 1, size - 1) }
    let text = (last == UInt8(ascii: "\n") ? "" : "\n") + line + "\n"
    try append(Array(text.utf8), to: descriptor, path: path)
    guard fsync(descriptor) == 0 else { throw FileError("sync", path) }
    if size == 0, let folder = Self.folder(of: path) { try sync(folder) }
  }

  /// Replaces the content of `path` at once and for good.
  package static func replaceDurably(_ path: String, with text: String) throws(FileError) {
    try write(text, to: path + ".new")
    try sync(path + ".new")
    try rename(path + ".new", to: path)
    try sync(Self.folder(of: path) ?? ".")
  }

  /// Makes the content of `path` survive a power cut.
  package static func sync(_ path: String) throws(FileError) {
    let descriptor = try open(path, O_RDONLY, "sync")
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError("sync", path) }
  }
}
