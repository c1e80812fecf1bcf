import CampaignCore
import Glibc

/// An open descriptor that text goes to, in one `write` each: lines of two processes never mix.
package struct Output: Sendable {
  package let descriptor: Int32
  private let name: String

  package init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }
  package static let results = Output(descriptor: STDOUT_FILENO, name: "standard output")
  package static let narration = Output(descriptor: STDERR_FILENO, name: "standard error")

  /// The first failure to write what somebody asked for, wherever it was to go: the program ends with that.
  package static var failure: FileError? { lost.withLock { $0 } }
  private static let lost = Guarded<FileError?>(nil)

  /// What cannot be written is no reason to stop a build. It is noted, but for narration, and for a reader that has had
  /// enough.
  package func write(_ text: String) {
    if !text.isEmpty { write(Array(text.utf8)) }
  }

  package func write(_ bytes: [UInt8]) {
    do throws(FileError) { try Files.append(bytes, to: descriptor, path: name) } catch {
      guard descriptor != STDERR_FILENO, error.code != EPIPE else { return }
      Self.lost.withLock { $0 = $0 ?? error }
    }
  }
}
