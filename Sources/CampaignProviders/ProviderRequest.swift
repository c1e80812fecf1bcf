import CampaignCore

/// The one line that campaign writes first: what is wanted.
package struct ProviderRequest: Sendable {
  package enum Deed: String, Sendable { case make, cancel, check }
  package enum Kind: String, Sendable { case clip, music, chat }

  package var deed: Deed
  package var kind: Kind
  package var model: String
  /// 32 hexadecimal digits, unlike those of any other attempt.
  package var attempt: String
  package var output: String
  /// What is wanted, the same for every provider.
  package var input: JSON
  /// The model's own input, with `{"$file": PATH}` where a file has to go.
  package var native: JSON?
  package var version: String?
  /// Seconds to wait for the job.
  package var deadline: Double
  /// Seconds after which the service itself ends the job.
  package var cancelAfter: Int?
  /// What earlier runs of this attempt came to, oldest first.
  package var checkpoints: [Checkpoint]

  package init(_ json: JSON) throws(Failure) {
    guard json["v"]?.int == 1 else { throw Self.wrong("`v` has to be 1") }
    guard let deed = json["do"]?.string.flatMap(Deed.init) else {
      throw Self.wrong("`do` has to be make, cancel or check")
    }
    self.deed = deed
    let kind = json["kind"]?.string.flatMap(Kind.init)
    guard kind != nil || deed != .make else { throw Self.wrong("`kind` has to be clip, music or chat") }
    self.kind = kind ?? .clip
    model = json["model"]?.string ?? ""
    attempt = json["attempt"]?.string ?? ""
    output = json["output"]?.string ?? ""
    guard deed != .make || !(model.isEmpty || output.isEmpty) else {
      throw Self.wrong("`model` and `output` are needed")
    }
    input = json["input"] ?? .object([])
    native = json["native"]
    version = json["version"]?.string
    deadline = json["deadline"]?.number ?? 1800
    cancelAfter = json["cancelAfter"]?.int
    checkpoints = (json["checkpoints"]?.array ?? []).compactMap(Checkpoint.init)
  }

  private static func wrong(_ message: String) -> Failure { Failure(.local, "the request: \(message)") }
}

/// A note that campaign has kept on disk before the provider went on.
package struct Checkpoint: Hashable, Sendable {
  package enum State: String, Sendable { case intent, submitted, succeeded }

  package var state: State
  package var data: JSON

  package init(_ state: State, _ data: JSON) {
    self.state = state
    self.data = data
  }

  /// Nil for a state that we do not know.
  init?(_ json: JSON) {
    guard let state = json["state"]?.string.flatMap(State.init) else { return nil }
    self.init(state, json["data"] ?? .object([]))
  }
}
