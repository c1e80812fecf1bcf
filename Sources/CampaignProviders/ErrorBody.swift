import CampaignCore

/// What an answer says about its error, in whatever shape it says it.
package struct ErrorBody: Hashable, Sendable {
  /// One line in the service's own words; empty when it said nothing.
  package var message = ""
  /// e.g. `insufficient_quota`, `permission-denied`.
  package var code: String?
  /// A status inside the body, as OpenRouter has in an answer that began well.
  package var status: Int?
  package var retryAfter: Double?
  package var isJSON = false

  package init(_ bytes: [UInt8]) {
    guard let parsed = Self.parse(bytes) else {
      message = Self.plainText(bytes)
      return
    }
    isJSON = true
    let json = parsed.array?.first ?? parsed
    read(json)
    if message.isEmpty { message = Self.plainText(bytes) }
  }

  private static func parse(_ bytes: [UInt8]) -> JSON? {
    do { return try JSON.parse(bytes, repairs: true) } catch { return nil }
  }

  private mutating func read(_ json: JSON) {
    retryAfter = json["retry_after"]?.number
    code = json["code"]?.scalar
    status = json["status"]?.int
    let title = json["title"]?.string
    let detail = Self.fields(json["invalid_fields"]) ?? Self.text(json["detail"])
    let parts = [title, detail].compactMap { $0 }.filter { !$0.isEmpty }
    if !parts.isEmpty {
      message = parts.joined(separator: ": ")
    } else if let error = json["error"], case .object = error {
      code = error["code"]?.scalar ?? error["type"]?.scalar ?? code
      status = error["code"]?.int
      message = Self.text(error["message"]) ?? ""
      if let raw = Self.text(error["metadata"]?["raw"]) { message += ": " + raw }
      if code == nil || status != nil { code = error["type"]?.scalar ?? code }
    } else {
      message = Self.text(json["error"]) ?? Self.text(json["message"]) ?? ""
    }
  }

  /// `input.duration: must be …` for each of Replicate's invalid fields.
  private static func fields(_ json: JSON?) -> String? {
    let lines = (json?.array ?? []).compactMap { field in
      field["description"]?.string.map { (field["field"]?.string.map { $0 + ": " } ?? "") + $0 }
    }
    return lines.isEmpty ? nil : lines.joined(separator: "; ")
  }

  /// A string, or the messages of a list as pydantic writes it.
  private static func text(_ json: JSON?) -> String? {
    if let text = json?.string { return oneLine(text) }
    guard let list = json?.array else { return nil }
    let lines = list.compactMap { entry -> String? in
      if let text = entry.string { return text }
      guard let message = entry["msg"]?.string else { return nil }
      let place = (entry["loc"]?.array ?? []).compactMap(\.scalar).joined(separator: ".")
      return place.isEmpty ? message : place + ": " + message
    }
    return lines.isEmpty ? nil : lines.joined(separator: "; ")
  }

  /// The title of a page of HTML, else the first 200 bytes.
  private static func plainText(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes.prefix(4096), as: UTF8.self)
    if let start = text.firstRange(of: "<title>"), let end = text.firstRange(of: "</title>"),
      start.upperBound <= end.lowerBound
    {
      return oneLine(String(text[start.upperBound..<end.lowerBound]))
    }
    return oneLine(String(decoding: bytes.prefix(200), as: UTF8.self))
  }

  private static func oneLine(_ text: String) -> String {
    text.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
  }
}
