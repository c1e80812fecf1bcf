import CCurl
import CampaignCore
import Glibc

/// One request.
struct HTTPRequest {
  var method = "GET"
  var address: WebAddress
  var headers: [String] = []
  var body: [UInt8]?
  /// Sent to the first server only.
  var bearer: String?
  /// Seconds.
  var timeout = 60.0
  /// In bytes; an answer that is longer is an error.
  var limit = 32 << 20
  /// Where a good answer's body goes instead of into memory; from this byte on when the server agrees.
  var file: (path: String, offset: Int64)?
  /// A signal ends it.
  var canBeStopped = true
}

/// What a server said.
struct HTTPAnswer {
  var status: Int
  /// Names in lower case.
  var headers: [String: String]
  var body: [UInt8]
  var isSuccess: Bool { (200..<300).contains(status) }
  var json: JSON? { try? JSON.parse(body) }
}

/// Why there is no answer.
enum HTTPProblem: Error, Hashable {
  /// The server certainly did not get the request.
  case notSent(String)
  /// It may have got it.
  case ambiguous(String)
  /// The answer broke off, or is longer than allowed.
  case incomplete(String)
  case stopped
}

/// A blocking HTTP client over libcurl: verified TLS, http and https alone, few redirects, and no key for strangers.
final class HTTP {
  private let handle: UnsafeMutableRawPointer
  private let pause: Pause
  /// Plain http is meant, because the address of the service says so.
  private let allowsPlain: Bool
  private static let mostRedirects = 5
  /// Of the last answer, even if it broke off.
  private(set) var headers: [String: String] = [:]

  init(pause: Pause, allowsPlain: Bool) {
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    handle = curl_easy_init()!
    self.pause = pause
    self.allowsPlain = allowsPlain
  }

  deinit { curl_easy_cleanup(handle) }

  /// Sends a request and follows the redirects of a GET.
  func send(_ request: HTTPRequest) throws(HTTPProblem) -> HTTPAnswer {
    var request = request
    for _ in 0...Self.mostRedirects {
      let answer = try sendOnce(request)
      guard [301, 302, 303, 307, 308].contains(answer.status), request.method == "GET",
        let next = answer.headers["location"].flatMap(request.address.resolved)
      else { return answer }
      if !next.hasSameOrigin(as: request.address) { request.bearer = nil }
      request.address = next
    }
    throw .incomplete("the server redirects without end")
  }

  private func sendOnce(_ request: HTTPRequest) throws(HTTPProblem) -> HTTPAnswer {
    guard request.address.scheme == "https" || request.address.isLoopback || allowsPlain else {
      throw .notSent("\(request.address.host) is asked for without encryption")
    }
    if request.canBeStopped && pause.isStopped { throw .stopped }
    let transfer = Transfer(request, pause: pause)
    curl_easy_reset(handle)
    var list: UnsafeMutablePointer<curl_slist>?
    let bearer = request.bearer.map { ["Authorization: Bearer \($0)"] } ?? []
    for header in request.headers + bearer + ["Expect:"] { list = curl_slist_append(list, header) }
    defer { curl_slist_free_all(list) }
    configure(request, transfer, list)
    // An empty body is still a body, and needs an address.
    let body = request.body.map { $0 + [0] }
    let code = (body ?? [0]).withUnsafeBytes { bytes in
      if body != nil {
        ccurl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count - 1))
        ccurl_set_pointer(handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
      }
      return curl_easy_perform(handle)
    }
    transfer.close()
    headers = transfer.headers
    try check(code, transfer)
    return HTTPAnswer(
      status: Int(ccurl_get_long(handle, CURLINFO_RESPONSE_CODE)), headers: transfer.headers,
      body: transfer.body)
  }

  private func configure(
    _ request: HTTPRequest, _ transfer: Transfer, _ list: UnsafeMutablePointer<curl_slist>?
  ) {
    ccurl_set_text(handle, CURLOPT_URL, request.address.text)
    ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    ccurl_set_text(handle, CURLOPT_USERAGENT, "campaign")
    ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    ccurl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
    ccurl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1)
    ccurl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2)
    ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT, 20)
    ccurl_set_long(handle, CURLOPT_TIMEOUT, Int(request.timeout))
    ccurl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
    ccurl_set_long(handle, CURLOPT_LOW_SPEED_TIME, 60)
    ccurl_set_list(handle, CURLOPT_HTTPHEADER, list)
    if request.body != nil {
      ccurl_set_long(handle, CURLOPT_POST, 1)
      // On a connection that was used before, libcurl sends a request once more when the answer fails to come:
      // a create would be sent twice.
      ccurl_set_long(handle, CURLOPT_FRESH_CONNECT, 1)
    } else {
      ccurl_set_long(handle, CURLOPT_HTTPGET, 1)
    }
    ccurl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method)
    if let offset = request.file?.offset, offset > 0 { ccurl_set_text(handle, CURLOPT_RANGE, "\(offset)-") }
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    ccurl_set_receiver(handle, CURLOPT_WRITEFUNCTION, receiveBody)
    ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    ccurl_set_receiver(handle, CURLOPT_HEADERFUNCTION, receiveHeader)
    ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    ccurl_set_long(handle, CURLOPT_NOPROGRESS, 0)
    ccurl_set_watcher(handle, watch)
    ccurl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
  }

  private func check(_ code: CURLcode, _ transfer: Transfer) throws(HTTPProblem) {
    guard code != CURLE_OK else { return }
    if let problem = transfer.problem { throw problem }
    let words = String(cString: curl_easy_strerror(code))
    switch code {
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_COULDNT_RESOLVE_PROXY,
      CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR,
      CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
      throw .notSent(words)
    case CURLE_OPERATION_TIMEDOUT where ccurl_get_seconds(handle, CURLINFO_PRETRANSFER_TIME) == 0:
      throw .notSent(words)
    case CURLE_PARTIAL_FILE: throw .incomplete(words)
    default:
      if transfer.hasBegun { throw .incomplete(words) }
      throw .ambiguous(words)
    }
  }
}

/// What comes in during one request.
private final class Transfer {
  var headers: [String: String] = [:]
  var body: [UInt8] = []
  var problem: HTTPProblem?
  /// A byte of the body has come.
  var hasBegun = false
  private let request: HTTPRequest
  private let pause: Pause
  private var status = 0
  private var received = 0
  private var file: Int32 = -1

  init(_ request: HTTPRequest, pause: Pause) {
    self.request = request
    self.pause = pause
  }

  func header(_ line: String) {
    if line.hasPrefix("HTTP/") {
      // The last of several answers counts: 100 Continue, or that of a proxy, came before.
      headers = [:]
      status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      headers[line[..<colon].lowercased()] = String(value.prefix { $0 != "\r" && $0 != "\n" })
    }
  }

  /// Returns false to end the transfer.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    hasBegun = true
    received += bytes.count
    guard received <= request.limit else {
      problem = .incomplete("the answer is longer than \(request.limit) bytes")
      return false
    }
    guard let target = request.file, (200..<300).contains(status) else {
      body += bytes
      return true
    }
    do throws(FileError) {
      if file < 0 {
        let goesOn = status == 206 && target.offset > 0
        file = try Files.open(
          target.path, O_WRONLY | O_CREAT | (goesOn ? O_APPEND : O_TRUNC), "write")
      }
      try Files.append(Array(bytes), to: file, path: target.path)
      return true
    } catch {
      problem = .incomplete(error.description)
      return false
    }
  }

  var mustStop: Bool {
    guard request.canBeStopped, pause.isStopped else { return false }
    problem = .stopped
    return true
  }

  func close() { if file >= 0 { Glibc.close(file) } }
}

private func receiveBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  let transfer = Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
  return transfer.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

private func receiveHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  let transfer = Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
  let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
  transfer.header(String(decoding: line, as: UTF8.self))
  return size * count
}

private func watch(
  _ context: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> Int32 {
  Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue().mustStop ? 1 : 0
}
