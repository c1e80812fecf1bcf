import CampaignCore
import Glibc

/// The content hash of a file with the stamp that vouches for it.
package struct FileHash: Sendable {
  var hash: ContentHash
  var stamp: FileStamp
  /// The file changed so shortly before that one more change might leave the same stamp: do not trust it next time.
  var isRacy: Bool

  /// Reads the file, again if it changes meanwhile.
  ///
  /// - Parameter staysCached: leave it in the system's page cache, for the step that reads it next.
  static func of(_ path: String, staysCached: Bool = true) throws(FileError) -> FileHash {
    for _ in 0..<16 {
      // What is no regular file must not keep us waiting for whoever writes to it.
      let file = try Files.open(path, O_RDONLY | O_NONBLOCK, "read")
      defer { close(file) }
      guard let before = FileStamp.of(file) else { throw FileError("read", path, code: ENOENT) }
      let start = clock()
      // Some that say they are empty are not, as in `/proc`.
      let hash = try Files.hash(file, of: before.size > 0 ? before.size : .max, path: path)
      if !staysCached { posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) }
      if FileStamp.of(file) == before {
        return FileHash(hash: hash, stamp: before, isRacy: isRacy(before, hashedAt: start))
      }
    }
    throw FileError("read a steady version of", path, code: EBUSY)
  }

  /// A further change within the tick of the hash would not show in the stamp. Of the two times it is the one that no
  /// program can set that counts: a modification in the future is no reason to doubt.
  ///
  /// - Parameter start: what `clock` said before the file was read.
  package static func isRacy(_ stamp: FileStamp, hashedAt start: Int64) -> Bool { stamp.changed >= start }

  /// The clock by which the kernel stamps files, in nanoseconds since 1970: it moves in ticks of up to 10 ms.
  package static func clock() -> Int64 { time(CLOCK_REALTIME_COARSE) }

  /// Nanoseconds since 1970.
  package static func now() -> Int64 { time(CLOCK_REALTIME) }

  private static func time(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
