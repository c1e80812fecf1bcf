import CPlatform
import Glibc

/// The keys and passwords that this process can see, to keep them out of everything that is written down.
package struct Secrets: Sendable {
  private let values: [[UInt8]]

  package init(_ values: [String]) {
    // Longest first: a key may begin with another one. What is too short to be a secret would mask ordinary words.
    self.values = values.filter { $0.utf8.count >= 8 }.sorted { $0.utf8.count > $1.utf8.count }.map {
      Array($0.utf8)
    }
  }

  package var isEmpty: Bool { values.isEmpty }

  /// For those who have to tell a log what to hide.
  package var texts: [String] { values.map { String(decoding: $0, as: UTF8.self) } }

  /// Those of our environment and of the file of keys.
  package static func visible(in environment: [EnvironmentVariable] = EnvironmentVariable.all()) -> Secrets {
    var values = environment.filter { isName($0.name) }.map(\.value)
    for line in (keysFile.flatMap { try? Files.text($0) })?.split(separator: "\n") ?? [] {
      if let sign = line.firstIndex(of: "=") { values.append(String(line[line.index(after: sign)...])) }
    }
    return Secrets(values)
  }

  /// Where keys may lie instead of in the environment; providers see to it that nobody else can read it.
  package static var keysFile: String? {
    if let path = getenv("CAMPAIGN_KEYS") { return String(cString: path) }
    return getenv("HOME").map { String(cString: $0) + "/.config/campaign/keys" }
  }

  /// Whether an environment variable of this name holds a secret.
  package static func isName(_ name: some StringProtocol) -> Bool {
    let count = name.utf8.count
    return ["_KEY", "_TOKEN", "_SECRET", "_PASSWORD"].contains { ending in
      count >= ending.utf8.count && name.utf8.dropFirst(count - ending.utf8.count).elementsEqual(ending.utf8)
    }
  }

  /// The same bytes with `***` for each secret.
  package func masked(_ bytes: [UInt8]) -> [UInt8] {
    values.reduce(bytes) { $0.replacing($1, with: Array("***".utf8)) }
  }
}

/// The way from a program to a log file that keeps secrets out of it, line by line.
final class MaskedLog {
  /// What the program writes to.
  private(set) var input: Int32
  private let isDone = Guarded(false)

  init(file: Int32, secrets: Secrets) throws(FileError) {
    var ends: [Int32] = [-1, -1]
    let error = campaign_pipe(&ends)
    guard error == 0 else { throw FileError("pipe to", "a log", code: error) }
    input = ends[1]
    let source = ends[0]
    // Its own: the caller's may be closed before a stray descendant ends.
    let file = dup(file)
    startThread { [isDone] in
      Self.copy(from: source, to: file, secrets)
      close(source)
      close(file)
      isDone.withLock { $0 = true }
    }
  }

  /// The program has its own copy by now.
  func closeInput() {
    close(input)
    input = -1
  }

  /// Returns when all that was written is in the file; what a stray descendant keeps open is not waited for.
  func finish() {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let end = Int64(now.tv_sec + 2) * 1_000_000_000
    isDone.wait { done -> Waiting<Void> in
      var time = timespec()
      clock_gettime(CLOCK_REALTIME, &time)
      return done || Int64(time.tv_sec) * 1_000_000_000 >= end ? .done(()) : .untilTime(end)
    }
  }

  private static func copy(from source: Int32, to file: Int32, _ secrets: Secrets) {
    var pending: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = read(source, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      pending += chunk[..<count]
      let end =
        (pending.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 })
        ?? (pending.count > 1 << 20 ? pending.count : 0)
      try? Files.append(secrets.masked(Array(pending[..<end])), to: file, path: "a log")
      pending.removeFirst(end)
    }
    try? Files.append(secrets.masked(pending), to: file, path: "a log")
  }
}
