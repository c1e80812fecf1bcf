import CampaignCore
import Glibc

/// Fetches a result into a file: in one piece or several, whole or not at all.
struct Download {
  let http: HTTP
  let pause: Pause
  /// The key, and the hosts that may see it.
  let token: String
  let trusted: (WebAddress) -> Bool

  enum Problem: Error {
    /// The address leads nowhere any more.
    case gone
    /// What comes is not what was bought.
    case wrong(String)
    case network(String)
    case stopped
    case local(String)
  }

  private static let attempts = 6

  /// Writes `path` when all is there.
  func fetch(_ address: WebAddress, kind: String, to path: String) throws(Problem) {
    let part = path + ".part"
    unlink(part)
    var etag: String?
    var wantsKey = false
    var last = "no answer"
    for attempt in 0..<Self.attempts {
      if attempt > 0 { pause.wait(seconds: min(30, Double(1 << attempt))) }
      var request = HTTPRequest(address: address)
      request.timeout = 1800
      request.limit = 4 << 30
      let offset = etag == nil ? 0 : FileStamp.of(part)?.size ?? 0
      request.file = (part, offset)
      if offset > 0, let etag { request.headers = ["If-Range: \(etag)"] }
      if wantsKey { request.bearer = token }
      let answer: HTTPAnswer
      do throws(HTTPProblem) { answer = try http.send(request) } catch {
        switch error {
        case .stopped: throw .stopped
        case .incomplete(let words), .ambiguous(let words), .notSent(let words): last = words
        }
        etag = http.headers["etag"]
        continue
      }
      switch answer.status {
      case 401, 403:
        guard !wantsKey, trusted(address) else { throw .gone }
        wantsKey = true
      case 404, 410: throw .gone
      case 200..<300: return try finish(part, path, kind)
      default: last = "HTTP \(answer.status)"
      }
    }
    throw .network(last)
  }

  private func finish(_ part: String, _ path: String, _ kind: String) throws(Problem) {
    if let problem = DeliveredFile.problem(at: part, kind: kind) { throw .wrong(problem) }
    do throws(FileError) {
      try Files.sync(part)
      try Files.rename(part, to: path)
    } catch { throw .local(error.description) }
  }
}
