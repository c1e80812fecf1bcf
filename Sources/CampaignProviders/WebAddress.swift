/// A web address as far as we have to look at it.
struct WebAddress: Hashable {
  let text: String
  let scheme: String
  /// With the port, if it is written.
  let authority: String

  /// Nil: not an absolute http or https address.
  init?(_ text: String) {
    guard let colon = text.firstRange(of: "://") else { return nil }
    let scheme = text[..<colon.lowerBound].lowercased()
    guard scheme == "http" || scheme == "https" else { return nil }
    let rest = text[colon.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    // A name before the host could pass for the host.
    guard !authority.isEmpty, !authority.contains("@"), text.utf8.allSatisfy({ $0 > 32 && $0 != 127 }) else {
      return nil
    }
    self.text = text
    self.scheme = scheme
    self.authority = authority.lowercased()
  }

  /// Without the port.
  var host: String {
    if authority.hasPrefix("[") { return String(authority.prefix { $0 != "]" }) + "]" }
    return String(authority.prefix { $0 != ":" })
  }

  var isLoopback: Bool { host == "localhost" || host == "[::1]" || host.hasPrefix("127.") }

  /// The same server, so that it may see the same key.
  func hasSameOrigin(as other: WebAddress) -> Bool { scheme == other.scheme && authority == other.authority }

  /// Where a `Location` leads from here.
  func resolved(_ location: String) -> WebAddress? {
    if let absolute = WebAddress(location) { return absolute }
    guard location.hasPrefix("/"), !location.hasPrefix("//") else { return nil }
    return WebAddress("\(scheme)://\(authority)\(location)")
  }
}
