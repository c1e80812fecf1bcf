import CampaignCore
import Glibc

/// The conversation with `campaign`: events out on standard output, answers in on standard input, one a line.
///
/// Keys are masked in everything that goes out.
final class Exchange {
  private let secrets: Secrets

  init(secrets: Secrets) { self.secrets = secrets }

  /// Says that the next step is about to be done, and waits until that is written down.
  ///
  /// Throws `.refused` when it must not be done. When `campaign` is gone, so is this process.
  func checkpoint(_ state: String, _ data: JSON) throws(ProviderFailure) {
    say(["ev": .string("checkpoint"), "state": .string(state), "data": data])
    guard let line = readLine(), let answer = try? JSON.parse(Array(line.utf8)) else { exit(1) }
    guard answer["ok"]?.bool == true else {
      throw ProviderFailure(.refused, answer["why"]?.string ?? "it was not allowed")
    }
  }

  func progress(_ words: String, fraction: Double? = nil) {
    say([
      "ev": .string("progress"), "text": .string(words),
      "fraction": fraction.map { .decimal($0, places: 3) } ?? .null,
    ])
  }

  func note(_ words: String) { say(["ev": .string("note"), "text": .string(words)]) }

  /// The provider did not accept the request and asks for patience.
  func throttled(seconds: Double, burst: Int?) {
    say([
      "ev": .string("throttled"), "seconds": .decimal(seconds, places: 3),
      "burst": burst.map { .int($0) } ?? .null,
    ])
  }

  func done(_ members: KeyValuePairs<String, JSON>) {
    let known = members.filter { $0.value != .null }.map { JSON.Member($0.key, $0.value) }
    say(.object([.init("ev", .string("done"))] + known))
  }

  func failed(_ failure: ProviderFailure) {
    say([
      "ev": .string("failed"), "class": .string(failure.kind.rawValue), "message": .string(failure.message),
      "help": failure.help.map { .string($0) } ?? .null,
    ])
  }

  /// A line for the step's log.
  func log(_ words: String) { write(words, to: STDERR_FILENO) }

  private func say(_ members: KeyValuePairs<String, JSON>) { say(.members(members)) }
  private func say(_ event: JSON) { write(event.compact, to: STDOUT_FILENO) }

  private func write(_ line: String, to descriptor: Int32) {
    try? Files.append(secrets.masked(Array((line + "\n").utf8)), to: descriptor, path: "campaign")
  }
}
