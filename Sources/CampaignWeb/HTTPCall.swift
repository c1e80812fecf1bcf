import CampaignCore
import Hummingbird
import NIOCore

/// A request, with the parts of its path and its query decoded.
struct HTTPCall: Sendable {
  let request: Request
  /// Between the slashes, decoded; empty for `/`.
  let path: [String]
  /// A body that takes longer to arrive is not waited for.
  private let patience: Duration
  private let query: [(name: String, value: String)]

  /// The most that a body may hold.
  static let bodyLimit = 256 << 10

  init(_ request: Request, patience: Duration) throws(Refusal) {
    self.patience = patience
    self.request = request
    if let coding = request.headers[.transferEncoding], coding.lowercased() != "chunked" {
      throw Refusal(.notImplemented, "a body comes as it is, or in chunks")
    }
    let target = request.head.path ?? "/"
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var path: [String] = []
    for part in parts[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      path.append(try Self.decoded(part))
    }
    if path == [""] { path = [] }
    guard !path.contains("") else { throw .unknown }
    self.path = path
    var query: [(name: String, value: String)] = []
    for pair in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = sides.count > 1 ? sides[1].replacing("+", with: " ") : ""
      query.append((try Self.decoded(sides[0]), try Self.decoded(Substring(value))))
    }
    self.query = query
  }

  var isRead: Bool { request.method == .get || request.method == .head }

  private static func decoded(_ text: Substring) throws(Refusal) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2)
      // A number may have a sign, a byte has none.
      guard digits.count == 2, digits.first != UInt8(ascii: "+"),
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      else { throw malformed }
      rest = rest.dropFirst(2)
      bytes.append(value)
    }
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { throw malformed }
    return text
  }

  private static let malformed = Refusal(.badRequest, "the address is malformed")

  // MARK: - The query

  /// An option that is not known is a mistake, not nothing.
  func options(_ known: String...) throws(Refusal) {
    for name in query.map(\.name) where !known.contains(name) {
      throw Refusal(.badRequest, "this address has no option `\(name)`")
    }
  }

  func text(_ name: String, most: Int = 256) throws(Refusal) -> String? {
    guard let value = query.last(where: { $0.name == name })?.value else { return nil }
    guard Form.isSound(value, most: most) else {
      throw Refusal(.badRequest, "`\(name)` takes a text of 1 to \(most) characters")
    }
    return value
  }

  func integer(_ name: String, in range: ClosedRange<Int>, or standard: Int) throws(Refusal) -> Int {
    guard let value = query.last(where: { $0.name == name })?.value else { return standard }
    guard let number = Int(value), range.contains(number) else {
      throw Refusal(
        .badRequest, "`\(name)` takes a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  // MARK: - The body

  /// The body as a form. It has to be JSON by name: a page of another origin cannot send such without asking first.
  func form(_ members: Set<String>, isOptional: Bool = false, isLenient: Bool = false) async throws
    -> Form
  {
    let bytes = try await body()
    if isOptional && bytes.isEmpty { return try Form(Array("{}".utf8), members: members) }
    let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased()
    guard type?.replacing(" ", with: "") == "application/json" else {
      throw Refusal(.unsupportedMediaType, "the body has to be application/json")
    }
    return try Form(bytes, members: members, isLenient: isLenient)
  }

  private func body() async throws -> [UInt8] {
    let (request, patience) = (request, patience)
    let tooLarge = Refusal(.contentTooLarge, "a body holds at most \(Self.bodyLimit >> 10) KiB")
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > Self.bodyLimit {
      throw tooLarge
    }
    return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
      group.addTask {
        do {
          return Array(try await request.body.collect(upTo: Self.bodyLimit).readableBytesView)
        } catch is NIOTooManyBytesError {
          throw tooLarge
        } catch { throw Refusal(.badRequest, "the body is malformed, or ends too early") }
      }
      group.addTask {
        try await Task.sleep(for: patience)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let bytes = first else {
        throw Refusal(.requestTimeout, "the body took too long to come")
      }
      return bytes
    }
  }
}
