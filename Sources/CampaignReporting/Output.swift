import CampaignCore
import Glibc

/// An open descriptor that text goes to, in one `write` each: lines of two processes never mix.
package struct Output: Sendable {
  package let descriptor: Int32

  package init(descriptor: Int32) { self.descriptor = descriptor }
  package static let results = Output(descriptor: STDOUT_FILENO)
  package static let narration = Output(descriptor: STDERR_FILENO)

  /// A reader that has gone away is no reason to stop a build, so a failure to write is let pass.
  package func write(_ text: String) {
    if !text.isEmpty { write(Array(text.utf8)) }
  }

  package func write(_ bytes: [UInt8]) { try? Files.append(bytes, to: descriptor, path: "output") }
}
