import CCurl
import CampaignCore
import Glibc

/// The calls of Replicate's HTTP interface that we need.
struct Replicate {
  static let service = FailureTable.Service(
    name: "Replicate", keyName: "REPLICATE_API_TOKEN", billing: "https://replicate.com/account/billing")

  let http: HTTP
  let pause: Pause
  let token: String
  /// Ends in `/v1`.
  let base: WebAddress

  init(pause: Pause) throws(ProviderFailure) {
    let address = getenv("REPLICATE_BASE_URL").map { String(cString: $0) } ?? "https://api.replicate.com/v1"
    guard let base = WebAddress(address) else {
      throw ProviderFailure(.request, "REPLICATE_BASE_URL is no web address: `\(address)`")
    }
    self.base = base
    self.pause = pause
    token = try Keys().key(Self.service.keyName)
    http = HTTP(pause: pause, allowsPlain: base.scheme == "http")
  }

  func request(_ path: String, method: String = "GET") -> HTTPRequest {
    var request = HTTPRequest(method: method, address: WebAddress(base.text + path)!)
    request.bearer = token
    return request
  }

  /// Asks until there is an answer that means something: for calls that cost nothing and may be repeated.
  func ask(_ request: HTTPRequest, attempts: Int = 8) throws(ProviderFailure) -> HTTPAnswer {
    var last = ""
    for attempt in 0..<attempts {
      if attempt > 0 { pause.wait(seconds: min(30, Double(1 << attempt))) }
      do throws(HTTPProblem) {
        let answer = try http.send(request)
        guard answer.status == 429 || answer.status == 408 || answer.status >= 500 else { return answer }
        last = "HTTP \(answer.status)"
        if answer.status == 429 { pause.wait(seconds: ErrorBody(answer).retryAfter ?? 1) }
      } catch {
        switch error {
        case .stopped: throw ProviderFailure(.detached, "interrupted")
        case .notSent(let words), .ambiguous(let words), .incomplete(let words): last = words
        }
      }
    }
    throw ProviderFailure(
      .network, "Replicate cannot be reached: \(last)", help: "see that the network is up, and build again")
  }

  // MARK: - Files

  /// Uploads a file and returns the address that a model can read it by, and the server's time.
  ///
  /// Every upload has an address of its own, which is how a job is found again.
  func upload(_ path: String, attempt: String) throws(ProviderFailure) -> (address: String, time: Int) {
    let bytes: [UInt8]
    do { bytes = try Files.read(path) } catch { throw ProviderFailure(error) }
    guard bytes.count <= 100 << 20 else {
      throw ProviderFailure(.request, "`\(path)` is larger than 100 MiB", help: "make the photo smaller")
    }
    var answer: HTTPAnswer
    for round in 0...1 {
      let boundary = "campaign-\(attempt)-\(round)"
      var call = request("/files", method: "POST")
      call.headers = ["Content-Type: multipart/form-data; boundary=\(boundary)"]
      call.body = Self.form(path, bytes, attempt: attempt, boundary: boundary)
      call.timeout = 600
      answer = try ask(call)
      guard answer.isSuccess, let address = answer.json?["urls"]?["get"]?.string else {
        throw FailureTable.failure(answer, Self.service, model: "files")
      }
      let sum = answer.json?["checksums"]?["sha256"]?.string
      if sum == nil || sum == SHA256.hex(bytes) {
        let date = answer.headers["date"].map { Int(curl_getdate($0, nil)) } ?? -1
        return (address, date >= 0 ? date : time(nil))
      }
    }
    throw ProviderFailure(.network, "`\(path)` arrives damaged at Replicate", help: "build again")
  }

  private static func form(_ path: String, _ bytes: [UInt8], attempt: String, boundary: String) -> [UInt8] {
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    let type = ["png": "image/png", "webp": "image/webp"][ending] ?? "image/jpeg"
    let name = Files.name(of: path).replacing("\"", with: "_")
    let metadata = JSON.members(["campaign": .string(attempt)]).compact
    let head =
      "--\(boundary)\r\nContent-Disposition: form-data; name=\"metadata\"\r\nContent-Type: application/json\r\n\r\n"
      + "\(metadata)\r\n--\(boundary)\r\nContent-Disposition: form-data; name=\"content\"; filename=\"\(name)\"\r\n"
      + "Content-Type: \(type)\r\n\r\n"
    return Array(head.utf8) + bytes + Array("\r\n--\(boundary)--\r\n".utf8)
  }

  /// The server's time, in seconds since 1970; shows at the same time whether the key is good.
  func serverTime() throws(ProviderFailure) -> Int {
    let answer = try ask(request("/account"))
    guard answer.isSuccess else { throw FailureTable.failure(answer, Self.service, model: "account") }
    let date = answer.headers["date"].map { Int(curl_getdate($0, nil)) } ?? -1
    return date >= 0 ? date : time(nil)
  }
}
