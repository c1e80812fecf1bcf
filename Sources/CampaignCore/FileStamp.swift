import Glibc

/// What the file system says of a file without reading it. Equal stamps mean equal content.
///
/// Nothing in user space can set `ctime`, so an edit that keeps size and mtime is still seen.
package struct FileStamp: Hashable, Sendable {
  package var size: Int64
  /// Nanoseconds since 1970.
  package var modified: Int64
  /// Nanoseconds since 1970; moves with every change of content or metadata.
  package var changed: Int64
  package var inode: UInt64

  package init(size: Int64, modified: Int64, changed: Int64, inode: UInt64) {
    self.size = size
    self.modified = modified
    self.changed = changed
    self.inode = inode
  }

  package init(_ status: stat) {
    self.init(
      size: Int64(status.st_size), modified: Self.nanoseconds(status.st_mtim),
      changed: Self.nanoseconds(status.st_ctim), inode: UInt64(status.st_ino))
  }

  /// The stamp of the regular file at `path`; nil when there is none.
  package static func of(_ path: String) -> FileStamp? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return FileStamp(status)
  }

  /// The stamp of an open file; nil when it is no regular one.
  package static func of(_ descriptor: Int32) -> FileStamp? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return FileStamp(status)
  }

  /// The stamp of whatever is at `path`, be it a folder; all zero when there is nothing.
  package static func ofAnything(_ path: String) -> FileStamp {
    var status = stat()
    return stat(path, &status) == 0 ? FileStamp(status) : .nothing
  }

  package static let nothing = FileStamp(size: 0, modified: 0, changed: 0, inode: 0)
  /// Nobody looked.
  package static let unknown = FileStamp(size: -1, modified: 0, changed: 0, inode: 0)
  /// Of no file, whatever it is like.
  package static let unseen = FileStamp(size: -2, modified: 0, changed: 0, inode: .max)

  /// Whether a file has changed by no more than being moved, which changes `ctime` alone.
  package func isSame(asBeforeMoving other: FileStamp) -> Bool {
    (size, modified, inode) == (other.size, other.modified, other.inode)
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
