import CampaignCore

/// A request as it came in.
struct WebRequest: Sendable {
  var method: String
  /// Without the query.
  var path: String
  var query: [String: String]
  /// Names in lower case.
  var headers: [String: String]
  var body: [UInt8]

  var json: JSON? { try? JSON.parse(body) }
  /// `path` between the slashes.
  var parts: [String] { path.split(separator: "/").map(String.init) }

  /// Reads the head of a request; nil when it is none.
  init?(head: String) {
    let lines = head.split(separator: "\r\n").map(String.init)
    guard let words = lines.first?.split(separator: " "), words.count == 3 else { return nil }
    method = String(words[0])
    let target = words[1].split(separator: "?", maxSplits: 1).map(String.init)
    path = target.first ?? "/"
    query = [:]
    for pair in (target.count > 1 ? target[1] : "").split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
      guard let name = sides.first else { continue }
      query[name] = sides.count > 1 ? sides[1].replacing("%3A", with: ":") : ""
    }
    headers = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    body = []
  }
}

/// What is sent back, and how badly.
struct WebAnswer: Sendable {
  enum Wire: Hashable, Sendable {
    case whole
    /// The connection is reset instead of an answer.
    case reset
    /// The connection is closed instead of an answer, after so many virtual seconds.
    case silence(Double)
    /// The body comes after so many virtual seconds.
    case slow(Double)
    /// Only so many bytes of the body come.
    case cut(Int)
    /// The same without a length, so that it looks whole.
    case cutUnnoticed(Int)
  }

  var status = 200
  var headers: [(String, String)] = []
  var body: [UInt8] = []
  var wire = Wire.whole

  init(_ status: Int, _ json: JSON, type: String = "application/json") {
    self.status = status
    body = Array(json.compact.utf8)
    headers = [("Content-Type", type)]
  }

  init(_ status: Int, text: String, type: String = "text/plain") {
    self.status = status
    body = Array(text.utf8)
    headers = [("Content-Type", type)]
  }

  init(wire: Wire) { self.wire = wire }

  /// An error as Replicate describes it (RFC 7807).
  static func problem(_ status: Int, _ title: String, _ detail: String, more: [JSON.Member] = []) -> WebAnswer
  {
    let members: [JSON.Member] = [
      .init("title", .string(title)), .init("detail", .string(detail)), .init("status", .int(status)),
    ]
    return WebAnswer(status, .object(members + more), type: "application/problem+json")
  }
}
