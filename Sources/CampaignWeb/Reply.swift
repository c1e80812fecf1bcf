import CampaignCore
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers in the forms that this server gives.
enum Reply {
  /// A JSON document. It has a tag, so that what has not changed is not sent again.
  static func json(
    _ document: JSON, status: HTTPResponse.Status = .ok, for request: Request? = nil,
    headers: HTTPFields = [:]
  ) -> Response {
    let text = document.compact + "\n"
    var fields = headers
    fields[.contentType] = "application/json"
    fields[.cacheControl] = "no-store"
    guard status == .ok, let request, request.method == .get || request.method == .head else {
      return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
    var hasher = ContentHasher()
    text.utf8.withContiguousStorageIfAvailable { hasher.append(raw: UnsafeRawBufferPointer($0)) }
    fields[.eTag] = "\"\(hasher.finish().hex)\""
    fields[.cacheControl] = "private, no-cache"
    if Conditions.isUnchanged(request, tag: fields[.eTag]!) {
      return Response(status: .notModified, headers: fields)
    }
    return Response(status: .ok, headers: fields, body: .init(byteBuffer: ByteBuffer(string: text)))
  }

  static func text(_ text: String) -> Response {
    Response(
      status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(string: text)))
  }

  /// What an action did, and how to do the same on a command line.
  static func done(_ message: String, command: String) -> Response {
    json(.members(["message": .string(message), "command": .string(command)]))
  }
}

extension JSON {
  static func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
  static func whole(_ number: (some BinaryInteger)?) -> JSON { number.map { .int($0) } ?? .null }

  /// An object with one member more, or another value for one.
  func with(_ name: String, _ value: JSON) -> JSON {
    guard case .object(let members) = self else { return self }
    let rest = members.filter { $0.name != name }
    return .object(rest + [Member(name, value)])
  }
}
