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
  /// A person has to approve something; all else is done.
  case awaiting
  /// A limit forbade to spend; nothing new was sent.
  case refused
  /// A provider or the network; run it again, jobs may be in flight.
  case trouble
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
    case .awaiting: 4
    case .refused: 5
    case .trouble: 6
    case .locked: 7
    case .interrupted(let signal): 128 + signal
    }
  }

  /// Of several truths the one that a person must act on first has the lowest.
  var rank: Int {
    switch self {
    case .interrupted: 0
    case .usage: 1
    case .locked: 2
    case .refused: 3
    case .failure: 4
    case .awaiting: 5
    case .trouble: 6
    case .stale: 7
    case .success: 8
    }
  }
}
