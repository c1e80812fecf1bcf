import CPlatform
import Glibc

/// The way from a program to a log file that keeps secrets out of it.
final class MaskedLog {
  /// What the program writes to.
  let input: Int32
  /// What it is; no number of a process when it could not be started.
  private let program = Guarded<pid_t?>(nil)
  private let isDone = Guarded(false)

  init(file: Int32, secrets: Secrets) throws(FileError) {
    var ends: [Int32] = [-1, -1]
    let error = campaign_pipe(&ends)
    guard error == 0 else { throw FileError("pipe to", "a log", code: error) }
    input = ends[1]
    let source = ends[0]
    // Its own: the caller's may be closed before a stray descendant ends.
    let file = dup(file)
    do throws(FileError) {
      try startThread { [program, isDone] in
        var copy = Copy(file: file, search: secrets.search)
        copy.run(from: source, of: program.wait { $0 }) { isDone.withLock { $0 = true } }
        close(source)
        close(file)
      }
    } catch {
      for descriptor in [source, input, file] { close(descriptor) }
      throw error
    }
  }

  /// The program runs, or could not be started; it has its own copy of `input` by now.
  func begin(_ pid: pid_t) {
    close(input)
    program.withLock { $0 = pid }
  }

  /// Returns when all that the program wrote is in the file; what a stray descendant may still write is not waited for.
  func finish() { isDone.wait { $0 ? () : nil } }

  private struct Copy {
    let file: Int32
    let search: TextSearch
    private var pending: [UInt8] = []

    init(file: Int32, search: TextSearch) {
      self.file = file
      self.search = search
    }

    /// Copies until nobody can write any more, and calls `done` once the program has ended.
    mutating func run(from source: Int32, of program: pid_t, done: () -> Void) {
      var chunk = [UInt8](repeating: 0, count: 64 << 10)
      var listening = Listening(to: program, source: source)
      while let more = listening.read(into: &chunk) { take(more, isLast: false) }
      listening.close()
      take([], isLast: true)
      done()
      while true {
        let count = read(source, &chunk, chunk.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return take([], isLast: true) }
        take(chunk[..<count], isLast: false)
      }
    }

    /// A log that cannot be written stops no program: what it would hold is lost.
    private mutating func take(_ bytes: ArraySlice<UInt8>, isLast: Bool) {
      pending += bytes
      let (masked, held) = search.replace(in: pending, isWhole: isLast)
      pending = Array(pending.suffix(held))
      if !masked.isEmpty { try? Files.append(masked, to: file, path: "a log") }
    }
  }
}
