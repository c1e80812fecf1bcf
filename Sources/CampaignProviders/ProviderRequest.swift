import CampaignCore

/// The one line that `campaign` sends.
struct ProviderRequest {
  struct Checkpoint {
    var state: String
    var data: JSON
  }

  private let json: JSON

  init(line: String) throws(ProviderFailure) {
    do { json = try JSON.parse(Array(line.utf8)) } catch {
      throw ProviderFailure(.request, "the request is no JSON: \(error)")
    }
    guard json["v"]?.int == 1 else {
      throw ProviderFailure(.request, "this provider speaks version 1 of the protocol only")
    }
  }

  /// `make`, `cancel` or `check`.
  var verb: String { json["do"]?.string ?? "make" }
  var kind: String { json["kind"]?.string ?? "clip" }
  var model: String { json["model"]?.string ?? "" }
  var version: String? { json["version"]?.string }
  var attempt: String { json["attempt"]?.string ?? "" }
  var output: String { json["output"]?.string ?? "" }
  var input: JSON { json["input"] ?? .object([]) }
  var native: JSON? { json["native"] }
  /// Seconds.
  var deadline: Double { json["deadline"]?.number ?? 1800 }
  var cancelAfter: Int { json["cancelAfter"]?.int ?? 900 }

  /// How far this attempt had come before.
  var checkpoints: [Checkpoint] {
    (json["checkpoints"]?.array ?? []).map {
      Checkpoint(state: $0["state"]?.string ?? "", data: $0["data"] ?? .object([]))
    }
  }
}
