import CampaignCore
import Glibc

/// Looks through the list of jobs for the one that an intent has led to.
struct JobSearch {
  /// What was about to be sent: `t0`, `model`, `files`, `seed`, `prompt`.
  let intent: JSON
  let api: Replicate

  /// Seconds that clocks may differ by.
  private static let slack = 120

  func run() throws(ProviderFailure) -> Prediction? {
    let since = (intent["t0"]?.int ?? 0) - Self.slack
    var call = api.request("/predictions?created_after=\(Self.timestamp(since))")
    while true {
      let answer = try api.ask(call)
      guard answer.isSuccess, let page = answer.json else {
        throw FailureTable.failure(answer, Replicate.service, model: "predictions")
      }
      for entry in page["results"]?.array ?? [] {
        if let prediction = Prediction(entry), try isIt(prediction) { return prediction }
      }
      guard let next = page["next"]?.string.flatMap({ WebAddress($0) }), next.hasSameOrigin(as: api.base)
      else {
        return nil
      }
      call.address = next
    }
  }

  /// Uploads have addresses that occur once; a job without any is known by its seed and prompt.
  private func isIt(_ prediction: Prediction) throws(ProviderFailure) -> Bool {
    var prediction = prediction
    let files = (intent["files"]?.array ?? []).compactMap(\.string)
    if prediction.json["input"] == nil {
      let answer = try api.ask(api.request("/predictions/\(prediction.id)"))
      guard let whole = Prediction(answer) else { return false }
      prediction = whole
    }
    guard case .object(let members)? = prediction.json["input"] else { return false }
    let values = members.compactMap(\.value.string)
    if !files.isEmpty { return files.allSatisfy(values.contains) }
    guard let seed = intent["seed"]?.int else { return false }
    return prediction.json["input"]?["seed"]?.int == seed
      && prediction.json["input"]?["prompt"] == intent["prompt"]
  }

  /// `2026-11-23T15:20:17Z`
  static func timestamp(_ seconds: Int) -> String {
    var (time, parts) = (time_t(seconds), tm())
    gmtime_r(&time, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
