import CampaignCore
import Glibc
import Testing

/// A place in a step where it tells the test that it is there and waits to be let go.
///
/// Two named pipes beside the workspace; once they are removed, steps pass without stopping.
final class Gate: Sendable {
  private let here: NamedPipe
  private let go: NamedPipe

  init(_ name: String, _ test: CommandTest) throws {
    here = try NamedPipe(test.folder + "/" + name + ".here", O_RDWR)
    go = try NamedPipe(test.folder + "/" + name + ".go", O_RDWR)
  }

  /// The shell words of a step that stops at the gate `name`.
  static func script(_ name: String) -> String {
    "test ! -p ../\(name).here || { echo here > ../\(name).here; read go < ../\(name).go; };"
  }

  /// Returns when a step has come to the gate.
  func waitForStep(sourceLocation: SourceLocation = #_sourceLocation) throws {
    try here.wait(for: POLLIN, "no step came to the gate", sourceLocation)
    var byte: UInt8 = 0
    while read(here.descriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") {}
  }

  /// Lets one waiting step go on.
  func open() throws { try Files.append(Array("go\n".utf8), to: go.descriptor, path: "gate") }

  /// Lets all later steps pass; none may be waiting.
  func remove() {
    here.remove()
    go.remove()
  }
}

/// A named pipe that all descendants of a step hold open: it hangs up when the last of them is gone.
final class Lifeline: Sendable {
  private let pipe: NamedPipe

  init(_ name: String, _ test: CommandTest) throws {
    pipe = try NamedPipe(test.folder + "/" + name, O_RDONLY | O_NONBLOCK)
  }

  /// Returns when no process holds it any more.
  func waitForEnd(sourceLocation: SourceLocation = #_sourceLocation) throws {
    try pipe.wait(for: POLLHUP, "processes were left behind", sourceLocation)
  }
}

/// A named pipe that this process has open.
private final class NamedPipe: Sendable {
  let descriptor: Int32
  private let path: String

  init(_ path: String, _ flags: Int32) throws {
    self.path = path
    try #require(mkfifo(path, 0o600) == 0)
    descriptor = try Files.open(path, flags, "open")
  }

  deinit { close(descriptor) }

  func remove() { Files.remove(path) }

  /// Waits for a state of the pipe; half a minute means that it never comes.
  func wait(for state: Int32, _ failure: Comment, _ sourceLocation: SourceLocation) throws {
    var entry = pollfd(fd: descriptor, events: Int16(state), revents: 0)
    try #require(poll(&entry, 1, 30_000) == 1, failure, sourceLocation: sourceLocation)
  }
}
