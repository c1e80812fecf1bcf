import CampaignCore
import Glibc
import Testing

/// A workspace of its own in a temporary folder, and the real `campaign` to run in it.
///
///     let test = try CommandTest("build/a.txt: a.txt\n    $ echo a >> ../runs; cp \"$in\" \"$out\"", ["a.txt": "1"])
///     try test.build(ran: ["a"])
///
/// Steps say that they ran by a line in `../runs`, outside of the workspace.
final class CommandTest: Sendable {
  /// Removed with all that is in it when the test ends.
  let folder: String
  var workspace: String { folder + "/workspace" }
  private let count = Guarded(0)

  /// How a run of the command ended.
  struct Run: Sendable {
    var code: Int
    var output: String
    /// What it said on standard error.
    var narration: String
  }

  /// - Parameters:
  ///   - rules: the Campaignfile after its first line.
  ///   - files: the other files by path in the workspace.
  init(_ rules: String, _ files: KeyValuePairs<String, String> = [:]) throws {
    var template = Array("/tmp/campaign-test-XXXXXX".utf8CString)
    folder = String(cString: try #require(mkdtemp(&template)))
    try write("campaign test\n\n" + rules + "\n", to: "Campaignfile")
    for (path, text) in files { try write(text, to: path) }
  }

  deinit { Files.remove(folder) }

  // MARK: - Running

  /// Builds, then checks the exit code and which steps ran, in any order.
  @discardableResult
  func build(
    _ arguments: String..., exits code: Int = 0, ran steps: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Run {
    let run = try run(["build"] + arguments)
    #expect(run.code == code, "it said: \(run.narration)", sourceLocation: sourceLocation)
    #expect(try takeRuns() == steps.sorted(), "it said: \(run.narration)", sourceLocation: sourceLocation)
    return run
  }

  /// Runs `campaign` to its end.
  func run(_ arguments: [String], environment: [String] = [], folder: String? = nil) throws -> Run {
    try perform(arguments, environment, folder ?? workspace, Interrupt())
  }

  /// Runs `campaign` beside the test.
  func start(_ arguments: String..., environment: [String] = []) -> RunningCommand {
    RunningCommand { [self] interrupt in try perform(arguments, environment, workspace, interrupt) }
  }

  /// A command that has not ended by now never will.
  private static let patience: Int32 = 60_000

  func perform(
    _ arguments: [String], _ environment: [String], _ folder: String, _ interrupt: Interrupt
  ) throws -> Run {
    let number = count.withLock { count in
      count += 1
      return count
    }
    let log = "\(self.folder)/narration-\(number)"
    let sanitizers = ["ASAN_OPTIONS", "TSAN_OPTIONS"].compactMap { (name: String) -> String? in
      getenv(name).map { "\(name)=\(String(cString: $0))" }
    }
    let variables =
      ["PATH=" + Self.searchPath, "HOME=" + self.folder, "TERM=dumb"] + sanitizers + environment
    var command = Command(["env", "-i"] + variables + [try Self.program("campaign")] + arguments)
    command.folder = folder
    try startThread {
      _ = poll(nil, 0, Self.patience)
      interrupt.raise(SIGKILL)
    }
    let result = try command.run(log: log, capture: true, interrupt: interrupt)
    return Run(code: result.code, output: result.text, narration: try Files.text(log))
  }

  static var searchPath: String { getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin" }

  /// The build of a program that stands beside the test bundle.
  static func program(_ name: String) throws -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let length = buffer.withUnsafeMutableBytes {
      readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
    }
    let bundle = String(decoding: buffer.prefix(max(0, length)), as: UTF8.self)
    let path = try #require(Files.folder(of: bundle)) + "/" + name
    try #require(Files.exists(path), "there is no `\(name)` beside the tests: build the products first")
    return path
  }

  // MARK: - Files

  /// The steps that ran since the last call, sorted.
  func takeRuns() throws -> [String] {
    let path = folder + "/runs"
    guard Files.exists(path) else { return [] }
    defer { Files.remove(path) }
    return try Files.text(path).split(separator: "\n").map(String.init).sorted()
  }

  func path(_ path: String) -> String { workspace + "/" + path }

  func write(_ text: String, to path: String) throws {
    try Files.makeFolder(Files.folder(of: self.path(path))!)
    try Files.write(text, to: self.path(path))
  }

  /// Nil when there is no such file.
  func read(_ path: String) throws -> String? {
    Files.exists(self.path(path)) ? try Files.text(self.path(path)) : nil
  }

  func remove(_ path: String) { Files.remove(self.path(path)) }

  /// Moves a file's time of change to now, and keeps its content.
  func touch(_ path: String) { #expect(utimes(self.path(path), nil) == 0) }

  /// Every file below a folder of the workspace, by its path there.
  func files(in folder: String) throws -> [String: String] {
    var files: [String: String] = [:]
    for name in Files.names(in: path(folder)) {
      let inner = folder + "/" + name
      if Files.isFolder(path(inner)) {
        files.merge(try self.files(in: inner)) { $1 }
      } else {
        files[inner] = String(decoding: try Files.read(path(inner)), as: UTF8.self)
      }
    }
    return files
  }
}
