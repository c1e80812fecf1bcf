/// What the exit status tells a script. Thrown by a command that has said all it had to say.
package enum ExitCode: Hashable, Sendable, Error {
  /// Done, or nothing to do.
  case success
  /// A step failed, or something needed is missing.
  case failure
  /// The call or the Campaignfile is wrong; nothing ran.
  case usage
  /// `status --check`: something is stale.
  case stale
  /// Another build holds the workspace, and `--no-wait` was given.
  case locked
  /// Stopped by a signal; running it again goes on.
  case interrupted(signal: Int32)

  package var status: Int32 {
    switch self {
    case .success: 0
    case .failure: 1
    case .usage: 2
    case .stale: 3
    case .locked: 7
    case .interrupted(let signal): 128 + signal
    }
  }
}
