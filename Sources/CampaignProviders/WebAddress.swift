import CCurl

/// The parts of a URL that decide who is spoken to, read by the parser that libcurl itself uses.
package struct WebAddress: Hashable, Sendable {
  package var scheme: String
  package var host: String
  package var port: String

  /// Nil for what is not an `http` or `https` URL.
  package init?(_ url: String) {
    guard let parts = curl_url() else { return nil }
    defer { curl_url_cleanup(parts) }
    guard curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK,
      let scheme = Self.part(CURLUPART_SCHEME, of: parts)?.lowercased(),
      scheme == "http" || scheme == "https",
      let host = Self.part(CURLUPART_HOST, of: parts)?.lowercased(),
      let port = Self.part(CURLUPART_PORT, of: parts)
    else { return nil }
    self.scheme = scheme
    self.host = host
    self.port = port
  }

  private static func part(_ part: CURLUPart, of url: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(url, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else {
      return nil
    }
    defer { curl_free(text) }
    return String(cString: text)
  }

  package var isLoopback: Bool {
    host == "localhost" || host == "[::1]" || host == "::1"
      || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
  }

  /// Hosts that serve the outputs of Replicate and may be given its key.
  package var isDelivery: Bool { host == "replicate.delivery" || host.hasSuffix(".replicate.delivery") }
}
