import CampaignCore

/// A job as Replicate describes it, read leniently: only the id is needed.
package struct Prediction: Sendable {
  package enum Status: Hashable, Sendable {
    case starting, processing, succeeded, failed, canceled, aborted
    /// One that we do not know: it is polled on.
    case other(String)
  }

  package let json: JSON
  package let id: String

  package init?(_ json: JSON) {
    guard let id = json["id"]?.string, !id.isEmpty else { return nil }
    self.json = json
    self.id = id
  }

  package init?(_ bytes: [UInt8]) {
    do { self.init(try JSON.parse(bytes, repairs: true)) } catch { return nil }
  }

  package var status: Status {
    switch json["status"]?.string ?? "" {
    case "starting": .starting
    case "processing": .processing
    case "succeeded": .succeeded
    case "failed": .failed
    case "canceled": .canceled
    case "aborted": .aborted
    case let text: .other(text)
    }
  }

  var model: String? { json["model"]?.string }
  var version: String? { json["version"]?.string }
  var input: JSON { json["input"] ?? .object([]) }
  var page: String? { json["urls"]?["web"]?.string }
  var isRemoved: Bool { json["data_removed"]?.bool == true }
  var logs: String { json["logs"]?.string ?? "" }
  var createdAt: Timestamp? { time("created_at") }
  var startedAt: Timestamp? { time("started_at") }
  var completedAt: Timestamp? { time("completed_at") }
  var deadline: Timestamp? { time("deadline") }

  private func time(_ name: String) -> Timestamp? { json[name]?.string.flatMap { Timestamp(iso: $0) } }

  var error: String {
    guard let error = json["error"], error != .null else { return "" }
    return error.string ?? error["message"]?.string ?? error["detail"]?.string ?? error.compact
  }

  /// The address of the output, an `http(s):` or `data:` one: a string, the first of a list, or somewhere in
  /// an object.
  package var output: String? { json["output"].flatMap(Self.address) }

  private static func address(in json: JSON) -> String? {
    switch json {
    case .string(let text): text.hasPrefix("http") || text.hasPrefix("data:") ? text : nil
    case .array(let elements): elements.lazy.compactMap(address).first
    case .object(let members):
      members.first { ["video", "audio", "url", "output"].contains($0.name) }.flatMap {
        address(in: $0.value)
      }
        ?? members.lazy.compactMap { address(in: $0.value) }.first
    case .null, .bool, .number: nil
    }
  }

  /// The seed that was used, from the input or from the log.
  var seed: JSON? {
    if let seed = input["seed"], seed != .null { return seed }
    guard let range = logs.firstRange(of: "Using seed: ") else { return nil }
    let digits = logs[range.upperBound...].prefix { $0.isASCII && $0.isNumber }
    return digits.isEmpty ? nil : .number(String(digits))
  }

  /// What Replicate bills by, under the names of the protocol.
  package static func billed(_ metrics: JSON?) -> [JSON.Member] {
    let names: KeyValuePairs = [
      "video_output_duration_seconds": "seconds", "audio_output_duration_seconds": "seconds",
      "resolution_target": "resolution", "with_audio": "audio", "predict_time": "predict",
    ]
    return names.reduce(into: []) { billed, name in
      guard let value = metrics?[name.key], value != .null, value != .string(""),
        !billed.contains(where: { $0.name == name.value })
      else { return }
      billed.append(JSON.Member(name.value, value))
    }
  }
}

/// The progress bar that a model leaves in its log.
package enum ProgressLog {
  /// The fraction of the last line like ` 40%|████      | 12/30`.
  package static func fraction(_ logs: String) -> Double? {
    for line in logs.split(whereSeparator: { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }).reversed() {
      let text = line.drop { $0 == " " }
      let digits = text.prefix { $0.isASCII && $0.isNumber }
      let rest = text.dropFirst(digits.count)
      guard let percent = Double(digits), percent <= 100, rest.hasPrefix("%|") else { continue }
      return percent / 100
    }
    return nil
  }
}
