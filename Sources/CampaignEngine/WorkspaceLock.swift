import CampaignCore
import Glibc

/// The right to build in a workspace, held by one process; the kernel gives it back however that process ends.
final class WorkspaceLock {
  private let descriptor: Int32
  private let path: String

  init(path: String) throws(FileError) {
    self.path = path
    descriptor = try Files.open(path, O_RDWR | O_CREAT, "lock")
  }

  deinit { close(descriptor) }

  /// Takes the lock if it is free, and writes down who has it, and for which build.
  func take(for run: String = "") throws(FileError) -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK else { throw FileError("lock", path) }
      return false
    }
    let text = "pid \(getpid()) on \(Self.host) since \(Self.now)\n\(run)\n"
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw FileError("lock", path)
    }
    try Files.append(Array(text.utf8), to: descriptor, path: path)
    return true
  }

  /// Takes the lock, waiting for it when allowed. Returns false when a signal comes first, or `isStopped`.
  func wait(
    for run: String, isAllowed: Bool, signals: Int32, isStopped: () -> Bool = { false },
    onWait: (String) -> Void
  ) throws(EngineError) -> Bool {
    do throws(FileError) {
      guard try !take(for: run) else { return true }
      guard isAllowed, !isHeldAbove else { throw FileError("lock", path, code: EWOULDBLOCK) }
      onWait(owner)
      while try !take(for: run) {
        var polled = pollfd(fd: signals, events: Int16(POLLIN), revents: 0)
        if poll(&polled, 1, 100) > 0 || isStopped() { return false }
      }
      return true
    } catch {
      throw error.code == EWOULDBLOCK ? refusal : .file(error)
    }
  }

  /// Why it cannot be had.
  var refusal: EngineError { isHeldAbove ? .nested(owner: owner) : .locked(owner: owner) }

  /// The build that holds it is one that we are part of, as a program that one of its steps runs.
  private var isHeldAbove: Bool {
    let words = owner.split(separator: " ")
    guard words.count > 3, words[3] == Self.host, let holder = pid_t(words[1]) else { return false }
    var ancestor = getppid()
    while ancestor > 1 && ancestor != holder { ancestor = Self.parent(of: ancestor) }
    return ancestor == holder
  }

  private static func parent(of process: pid_t) -> pid_t {
    // `pid (any name) state parent ...`
    let text = (try? Files.text("/proc/\(process)/stat")) ?? ""
    let words = text.split(separator: ")").last?.split(separator: " ") ?? []
    return words.count > 1 ? pid_t(words[1]) ?? 0 : 0
  }

  /// Who builds in a workspace now, and what the build is called; nil when nobody does. Changes nothing.
  static func holder(_ path: String) -> (owner: String, run: String)? {
    guard Files.exists(path), let lock = try? WorkspaceLock(path: path) else { return nil }
    if flock(lock.descriptor, LOCK_SH | LOCK_NB) == 0 {
      lock.release()
      return nil
    }
    return (lock.owner, lock.line(1) ?? "")
  }

  func release() { flock(descriptor, LOCK_UN) }

  /// Who holds it, e.g. `pid 4711 on studio since 2026-11-23 15:20:17`.
  var owner: String {
    line(0) ?? "another build"
  }

  private func line(_ number: Int) -> String? {
    let lines = ((try? Files.text(path)) ?? "").split(separator: "\n")
    return number < lines.count ? String(lines[number]) : nil
  }

  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static var now: String {
    var seconds = time(nil)
    var parts = tm()
    localtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y-%m-%d %H:%M:%S", &parts)
    return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
