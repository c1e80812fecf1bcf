/// The body of a `multipart/form-data` POST.
struct Multipart {
  private(set) var body: [UInt8] = []
  private let boundary: String

  /// `boundary` must not occur in any part; 32 random digits do not.
  init(boundary: String) { self.boundary = "campaign-" + boundary }

  var contentType: String { "Content-Type: multipart/form-data; boundary=\(boundary)" }

  mutating func add(_ name: String, _ content: [UInt8], type: String, filename: String? = nil) {
    let file = filename.map { "; filename=\"\(Self.plain($0))\"" } ?? ""
    body += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\(file)\r\n".utf8)
    body += Array("Content-Type: \(type)\r\n\r\n".utf8)
    body += content + Array("\r\n".utf8)
  }

  mutating func finish() -> [UInt8] {
    body += Array("--\(boundary)--\r\n".utf8)
    return body
  }

  /// A name that needs no quoting.
  private static func plain(_ name: String) -> String {
    String(
      name.suffix(100).map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" })
  }
}
