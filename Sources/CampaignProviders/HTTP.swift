import CCurl
import CPlatform
import CampaignCore
import Glibc

/// Speaks HTTP on the calling thread, one request after the other.
///
/// Certificates are always checked. Redirects of a GET are followed here and not by libcurl, so that a key
/// surely stays with the host it is meant for.
final class HTTP {
  private let handle: Transfer.Pointer
  private let patience: Patience
  /// The start of every URL that may be plain `http` although its host is not this machine.
  private let plainBase: WebAddress?

  init(patience: Patience, base: String) throws(Failure) {
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    guard let handle = curl_easy_init() else { throw Failure(.local, "libcurl cannot be started") }
    self.handle = handle
    self.patience = patience
    plainBase = WebAddress(base).flatMap { $0.scheme == "http" ? $0 : nil }
  }

  deinit { curl_easy_cleanup(handle) }

  /// Performs one request, and up to five redirects of a GET; a body of 200 or 206 goes into `file` if there
  /// is one.
  func perform(_ request: HTTPRequest, into file: PartFile? = nil) -> HTTPOutcome {
    var request = request
    for _ in 0...5 {
      let outcome = performOnce(request, into: file)
      guard case .answered(let answer) = outcome, request.body == nil, (301...308).contains(answer.status),
        let target = campaign_curl_text(handle, CURLINFO_REDIRECT_URL).map({ String(cString: $0) })
      else { return outcome }
      if WebAddress(target) != WebAddress(request.url) { request.bearer = nil }
      request.url = target
    }
    return .ambiguous(TransportTrouble(47, "more than five redirects"))
  }

  private func performOnce(_ request: HTTPRequest, into file: PartFile?) -> HTTPOutcome {
    if let failure = refusal(of: request.url) {
      var trouble = TransportTrouble(1, failure.message)
      trouble.failure = failure
      return .notSent(trouble)
    }
    file?.prepare()
    let transfer = Transfer(request, into: file, patience: patience)
    let code = run(request, transfer)
    guard code != CURLE_OK else { return .answered(transfer.answer) }
    var trouble = TransportTrouble(Int(code.rawValue), String(cString: curl_easy_strerror(code)))
    trouble.failure = transfer.failure
    trouble.isStopped = transfer.isStopped
    return wasNotSent(code) ? .notSent(trouble) : .ambiguous(trouble)
  }

  private func refusal(of url: String) -> Failure? {
    guard let address = WebAddress(url) else {
      return Failure(.request, "`\(url)` is no http or https address")
    }
    if address.scheme == "https" || address.isLoopback || address == plainBase { return nil }
    return Failure(
      .request, "`\(address.host)` is not spoken to without encryption", help: "use an https address")
  }

  private func run(_ request: HTTPRequest, _ transfer: Transfer) -> CURLcode {
    curl_easy_reset(handle)
    var headers: UnsafeMutablePointer<curl_slist>?
    // `Expect: 100-continue` only costs time; an empty value leaves the header out.
    for header in request.headers + ["Expect:"] { headers = curl_slist_append(headers, header) }
    if let bearer = request.bearer { headers = curl_slist_append(headers, "Authorization: Bearer " + bearer) }
    defer { curl_slist_free_all(headers) }
    campaign_curl_set_text(handle, CURLOPT_URL, request.url)
    campaign_curl_set_list(handle, CURLOPT_HTTPHEADER, headers)
    setLimits(request)
    setCallbacks(transfer)
    return withExtendedLifetime(transfer) {
      guard let body = request.body else { return curl_easy_perform(handle) }
      return body.withUnsafeBytes { bytes in
        campaign_curl_set_long(handle, CURLOPT_POST, 1)
        campaign_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
        campaign_curl_set_pointer(
          handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
        // On a connection that was used before, libcurl sends a request again by itself when the connection
        // turns out to be dead: a POST of ours may pay, so it always gets a connection of its own.
        campaign_curl_set_long(handle, CURLOPT_FRESH_CONNECT, 1)
        return curl_easy_perform(handle)
      }
    }
  }

  private func setLimits(_ request: HTTPRequest) {
    campaign_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    campaign_curl_set_text(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    campaign_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1)
    campaign_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2)
    campaign_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    campaign_curl_set_text(handle, CURLOPT_USERAGENT, "campaign-provider/1")
    campaign_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, patience.limit(20))
    campaign_curl_set_long(handle, CURLOPT_TIMEOUT_MS, patience.limit(request.time))
    if let stall = request.stall {
      campaign_curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
      campaign_curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, max(1, patience.limit(stall) / 1000))
    }
    // A proxy cannot reach this machine's own addresses.
    if WebAddress(request.url)?.isLoopback == true { campaign_curl_set_text(handle, CURLOPT_PROXY, "") }
  }

  private func setCallbacks(_ transfer: Transfer) {
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    campaign_curl_set_data(handle, CURLOPT_WRITEFUNCTION, Transfer.receive)
    campaign_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    campaign_curl_set_data(handle, CURLOPT_HEADERFUNCTION, Transfer.receiveHead)
    campaign_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    campaign_curl_set_progress(handle, Transfer.progress)
    campaign_curl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
    campaign_curl_set_long(handle, CURLOPT_NOPROGRESS, 0)
  }

  /// True when the server cannot have seen the request: it failed before the connection was ready to send.
  private func wasNotSent(_ code: CURLcode) -> Bool {
    let before = [
      CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_COULDNT_RESOLVE_PROXY,
      CURLE_COULDNT_RESOLVE_HOST,
      CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION,
      CURLE_SSL_CACERT_BADFILE,
      CURLE_PROXY,
    ]
    if before.contains(code) { return true }
    let timely = [CURLE_OPERATION_TIMEDOUT, CURLE_ABORTED_BY_CALLBACK].contains(code)
    return timely && campaign_curl_offset(handle, CURLINFO_PRETRANSFER_TIME_T) == 0
  }
}
