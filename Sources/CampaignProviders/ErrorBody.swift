import CampaignCore

/// What a server says of an error, whichever of the usual shapes it has.
struct ErrorBody: Hashable {
  /// One line.
  let message: String
  /// A word for programs, where there is one.
  let code: String
  /// Seconds to wait, where the body says so.
  let retryAfter: Double?

  init(_ answer: HTTPAnswer) {
    let json = answer.json
    let error = json?["error"]
    let fields = (json?["invalid_fields"]?.array ?? []).compactMap { field -> String? in
      guard let name = field["field"]?.string, let words = field["description"]?.string else { return nil }
      return "\(name): \(words)"
    }
    let candidates: [String?] = [
      fields.isEmpty ? nil : fields.joined(separator: "; "), json?["detail"]?.string,
      Self.list(json?["detail"]), error?["message"]?.string, error?.string, json?["message"]?.string,
      json?["title"]?.string,
    ]
    let said = candidates.compactMap { $0 }.first { !$0.isEmpty }
    message = Self.line(said ?? String(decoding: answer.body.prefix(200), as: UTF8.self), answer.status)
    code = error?["code"]?.scalar ?? error?["type"]?.string ?? json?["code"]?.string ?? ""
    retryAfter =
      answer.headers["retry-after"].flatMap { Double($0) } ?? json?["retry_after"]?.number
      ?? Self.seconds(in: message)
  }

  /// The shape of pydantic: a list of `{loc, msg}`.
  private static func list(_ detail: JSON?) -> String? {
    detail?.array?.compactMap { $0["msg"]?.string }.joined(separator: "; ")
  }

  private static func line(_ text: String, _ status: Int) -> String {
    let words = text.split { $0 == "\n" || $0 == "\r" || $0 == "\t" }.joined(separator: " ")
    return words.isEmpty ? "HTTP \(status)" : words
  }

  /// `resets in ~9s`, `available in 1 second`.
  private static func seconds(in text: String) -> Double? {
    for start in ["resets in ~", "available in "] {
      guard let range = text.firstRange(of: start) else { continue }
      if let value = Double(text[range.upperBound...].prefix { $0.isNumber || $0 == "." }) { return value }
    }
    return nil
  }

  func says(_ words: String...) -> Bool {
    let text = message.lowercased()
    return words.contains { text.contains($0) }
  }
}
