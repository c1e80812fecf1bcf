import CampaignCore

/// A model's input with its files uploaded, and what a job with this input is found by.
struct Uploads {
  private(set) var input: JSON
  private var addresses: [String] = []
  /// The server's time of the first upload; nil when there was none.
  private var time: Int?
  private let api: Replicate

  /// Uploads each `{"$file": path}`: every attempt anew, because the address is what identifies it.
  init(_ native: JSON, api: Replicate, attempt: String) throws(ProviderFailure) {
    self.api = api
    input = native
    guard case .object(var members) = native else { return }
    for index in members.indices {
      guard let path = members[index].value["$file"]?.string else { continue }
      let (address, time) = try api.upload(path, attempt: attempt)
      self.time = self.time ?? time
      addresses.append(address)
      members[index].value = .string(address)
    }
    input = .object(members)
  }

  func intent(model: String, seed: JSON?) throws(ProviderFailure) -> JSON {
    let now = if let time { time } else { try api.serverTime() }
    return .members([
      "t0": .int(now), "model": .string(model),
      "files": .array(addresses.map { .string($0) }), "seed": seed ?? .null,
      "prompt": input["prompt"] ?? .null,
    ])
  }
}
