import Glibc

/// Tells when files change in some folders, by inotify. Used by one thread.
package final class Watcher {
  private let descriptor: Int32
  private var folders: [Int32: String] = [:]

  package init() throws(FileError) {
    descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    guard descriptor >= 0 else { throw FileError("watch", "files") }
  }

  deinit { close(descriptor) }

  /// Watches a folder, not those below it. A folder that is not there is left out; one that goes away, or gets another
  /// name, is no longer watched.
  package func add(_ folder: String) {
    guard !folders.values.contains(folder) else { return }
    let changes = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_MOVE_SELF)
    let number = inotify_add_watch(descriptor, folder, changes)
    if number >= 0 { folders[number] = folder }
  }

  package enum Wake: Sendable {
    /// Files that changed, in the order in which they did, each once.
    case changed([String])
    /// So much changed that nobody can say what.
    case overrun
    case signal(Int32)
  }

  /// Waits for a change, then until nothing has changed for `quiet` milliseconds: editors write in several steps.
  ///
  /// - Parameter signals: a descriptor that gives a byte for each signal.
  package func wait(signals: Int32, quiet: Int32) -> Wake {
    var found: [String] = []
    while true {
      var polled = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&polled, 2, found.isEmpty ? -1 : quiet)
      if polled[1].revents != 0 {
        var byte: UInt8 = 0
        if read(signals, &byte, 1) == 1 { return .signal(Int32(byte)) }
      }
      if count == 0 { return .changed(found) }
      guard let paths = events() else { return .overrun }
      for path in paths where !found.contains(path) { found.append(path) }
    }
  }

  /// What changed since it was last asked; nil: too much.
  private func events() -> [String]? {
    var paths: [String] = []
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    let count = read(descriptor, &buffer, buffer.count)
    var offset = 0
    let head = MemoryLayout<inotify_event>.size
    while offset + head <= count {
      let event = buffer.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: inotify_event.self) }
      if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { return nil }
      let name = buffer[(offset + head)..<(offset + head + Int(event.len))].prefix { $0 != 0 }
      if event.mask & UInt32(IN_MOVE_SELF) != 0 { inotify_rm_watch(descriptor, event.wd) }
      if event.mask & UInt32(IN_MOVE_SELF | IN_IGNORED) != 0 {
        folders[event.wd] = nil
      } else if let folder = folders[event.wd] {
        let file = String(decoding: name, as: UTF8.self)
        paths.append(folder == "." ? file : folder + "/" + file)
      }
      offset += head + Int(event.len)
    }
    return paths
  }
}
