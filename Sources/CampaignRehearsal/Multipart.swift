import CampaignCore

/// The parts of a multipart/form-data body, by name.
struct Multipart {
  private var parts: [String: [UInt8]] = [:]

  init(_ request: WebRequest) {
    guard let boundary = request.headers["content-type"]?.split(separator: "boundary=").last else { return }
    let mark = Array("--\(boundary)".utf8)
    let blank = Array("\r\n\r\n".utf8)
    var rest = request.body[...]
    while let start = rest.firstRange(of: mark) {
      rest = rest[start.upperBound...]
      guard let end = rest.firstRange(of: mark), let head = rest.firstRange(of: blank),
        head.upperBound <= end.lowerBound - 2
      else { continue }
      let text = String(decoding: rest[..<head.lowerBound], as: UTF8.self)
      guard let name = text.split(separator: "name=\"").dropFirst().first?.prefix(while: { $0 != "\"" })
      else {
        continue
      }
      parts[String(name)] = Array(rest[head.upperBound..<end.lowerBound - 2])
    }
  }

  func part(_ name: String) -> [UInt8]? { parts[name] }
}
