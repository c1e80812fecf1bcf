import CampaignCore

/// A job at Replicate, as the server describes it.
struct Prediction {
  let json: JSON

  init?(_ answer: HTTPAnswer) {
    guard let json = answer.json else { return nil }
    self.init(json)
  }

  init?(_ json: JSON) {
    guard json["id"]?.string?.isEmpty == false else { return nil }
    self.json = json
  }

  enum State { case running, succeeded, failed, canceled, aborted, unknown(String) }

  var id: String { json["id"]?.string ?? "" }
  var status: String { json["status"]?.string ?? "" }
  var model: String { json["model"]?.string ?? "" }
  var webPage: String? { json["urls"]?["web"]?.string }
  var isPurged: Bool { json["data_removed"]?.bool == true }

  var state: State {
    switch status {
    case "starting", "processing", "queued": .running
    case "succeeded": .succeeded
    case "failed": .failed
    case "canceled": .canceled
    case "aborted": .aborted
    default: .unknown(status)
    }
  }

  /// Why it failed; models say it in text, mostly.
  var error: String { json["error"]?.string ?? json["error"]?.compact ?? "" }

  /// Where the result is: a text, the first of a list, or a `url` in an object.
  var output: String? { Self.address(json["output"]) }

  private static func address(_ value: JSON?) -> String? {
    switch value {
    case .string(let text): text
    case .array(let list): list.lazy.compactMap { address($0) }.first
    case .object: address(value?["url"] ?? value?["video"] ?? value?["audio"])
    case .null, .bool, .number, nil: nil
    }
  }

  /// The last share done that a progress bar in the logs shows.
  var fraction: Double? {
    for line in (json["logs"]?.string ?? "").split(whereSeparator: { $0 == "\n" || $0 == "\r" }).reversed() {
      let text = line.drop { $0 == " " }
      let digits = text.prefix { $0.isNumber }
      if !digits.isEmpty, text.dropFirst(digits.count).hasPrefix("%"), let percent = Double(digits) {
        return min(1, percent / 100)
      }
    }
    return nil
  }

  /// The seed that it really had, where the logs or the input say so.
  var seed: Int? {
    if let seed = json["input"]?["seed"]?.int { return seed }
    guard let logs = json["logs"]?.string, let range = logs.firstRange(of: "Using seed: ") else { return nil }
    return Int(logs[range.upperBound...].prefix { $0.isNumber })
  }

  /// What it is billed by, as our price table wants it.
  var billed: JSON {
    let metrics = json["metrics"]
    let seconds = metrics?["video_output_duration_seconds"] ?? metrics?["audio_output_duration_seconds"]
    return .members([
      "seconds": seconds ?? .null, "resolution": metrics?["resolution_target"] ?? .null,
      "audio": metrics?["with_audio"] ?? .null,
    ])
  }
}
