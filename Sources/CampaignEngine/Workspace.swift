import CampaignCore
import Glibc

/// Changes to a workspace that are no build: they hold its lock like one.
package enum Workspace {
  /// Runs `body` while no build runs. Fails at once when one does.
  package static func exclusively<Result>(
    _ state: StateFolder, _ body: () throws(FileError) -> Result
  ) throws(EngineError) -> Result {
    let lock: WorkspaceLock
    let isTaken: Bool
    do throws(FileError) {
      try Files.makeFolder(state.path)
      lock = try WorkspaceLock(path: state.lock)
      isTaken = try lock.take()
    } catch { throw .file(error) }
    guard isTaken else { throw lock.refusal }
    defer { lock.release() }
    do throws(FileError) { return try body() } catch { throw .file(error) }
  }

  /// The build that runs in a workspace now, e.g. `pid 4711 on studio since 2026-11-23 15:20:17`; nil: none does.
  package static func builder(_ state: StateFolder) -> String? { WorkspaceLock.holder(state.lock)?.owner }

  /// What that build is called, as its log is.
  package static func run(_ state: StateFolder) -> String? { WorkspaceLock.holder(state.lock)?.run }

  /// Whether nobody builds in a workspace that was built in before.
  package static func isFree(_ state: StateFolder) -> Bool {
    guard let descriptor = try? Files.open(state.lock, O_RDONLY, "lock") else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) == 0
  }

  /// Changes `Campaignfile.lock` in one go.
  package static func changeLockFile(_ state: StateFolder, _ change: (inout LockFile) -> Void)
    throws(FileError)
  {
    var lock = try LockFile(path: state.lockFile)
    change(&lock)
    try Files.replaceDurably(state.lockFile, with: lock.text)
  }
}
