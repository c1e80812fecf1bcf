import CampaignCore

/// Why a request has no result: the last word of a provider process.
package struct Failure: Error, Hashable, Sendable {
  package var kind: Kind
  /// In the service's own words where it said something.
  package var message: String
  /// What the person can do.
  package var help: String?
  /// What it cost, when that is known.
  package var cost: Money?

  package init(_ kind: Kind, _ message: String, help: String? = nil, cost: Money? = nil) {
    self.kind = kind
    self.message = message
    self.help = help
    self.cost = cost
  }

  /// The classes of the protocol; campaign decides by them whether to try again, go on or stop.
  package enum Kind: String, CaseIterable, Sendable {
    /// The request itself is wrong.
    case request
    case credential
    case billing
    case permission
    /// The model is not there, or could not do it.
    case model
    case moderation
    /// Too little memory for the request.
    case resource
    /// The service's own fault: a new attempt may be bought.
    case infrastructure
    /// Transport trouble after retries; nothing is submitted, or it can still be polled.
    case network
    /// Nobody waits any more, the job runs on.
    case detached
    /// The job was paid for, its output is gone.
    case lost
    /// It cannot be found out whether the job was accepted.
    case unknown
    case canceled
    /// campaign did not allow the submission, or an interrupt came before it.
    case refused
    /// The job or the answer is no good.
    case failed
    /// This machine: disk, files, an unreadable request.
    case local
  }
}

extension Failure {
  init(_ error: FileError) { self.init(.local, "\(error)") }

  /// The same failure of a request that surely was not accepted.
  var free: Failure {
    var failure = self
    failure.cost = .zero
    return failure
  }
}
