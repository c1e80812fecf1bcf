import CampaignCore
import Glibc
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

/// A file as it goes to a client: whole or in part, with the hash of its content as its tag.
struct ServedFile: Sendable {
  /// Absolute and real.
  let path: String
  let size: Int64
  let hash: ContentHash
  /// For its media type.
  let name: String

  private static let chunk = 256 << 10

  init(_ path: String, name: String, tags: ContentTags) throws(Refusal) {
    guard let stamp = FileStamp.of(path), let hash = tags.hash(of: path) else { throw .unknown }
    (self.path, size, self.hash, self.name) = (path, stamp.size, hash, name)
  }

  func response(to request: Request, pool: NIOThreadPool) -> Response {
    let tag = "\"\(hash.hex)\""
    var headers: HTTPFields = [
      .eTag: tag, .acceptRanges: "bytes", .contentType: Self.type(of: name),
      .cacheControl: "private, no-cache",
      // What a campaign makes may be a page of anyone's: it gets no script and no rights here.
      .contentSecurityPolicy: "default-src 'none'; sandbox; frame-ancestors 'none'",
    ]
    if Conditions.isUnchanged(request, tag: tag) { return Response(status: .notModified, headers: headers) }
    switch Conditions.part(request, of: size, tag: tag) {
    case .whole:
      return Response(status: .ok, headers: headers, body: body(0..<size, pool))
    case .bytes(let range):
      headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
      return Response(status: .partialContent, headers: headers, body: body(range, pool))
    case .none:
      var refusal = Refusal(.rangeNotSatisfiable, "the file has \(size) bytes")
      refusal.headers[.contentRange] = "bytes */\(size)"
      return refusal.response
    }
  }

  /// Read as fast as the client takes it, on threads that may block.
  private func body(_ range: Range<Int64>, _ pool: NIOThreadPool) -> ResponseBody {
    guard !range.isEmpty else { return ResponseBody() }
    return ResponseBody(contentLength: Int(range.count)) { [path] writer in
      let descriptor = try Files.open(path, O_RDONLY | O_NOFOLLOW, "read")
      defer { close(descriptor) }
      var offset = range.lowerBound
      while offset < range.upperBound {
        let from = offset
        let count = min(Self.chunk, Int(range.upperBound - offset))
        let buffer = try await pool.runIfActive { try Self.read(descriptor, from: from, count: count) }
        offset += Int64(buffer.readableBytes)
        try await writer.write(buffer)
      }
      try await writer.finish(nil)
    }
  }

  /// Throws when the file has become shorter: the client sees a torn answer, never a wrong one.
  private static func read(_ descriptor: Int32, from offset: Int64, count: Int) throws -> ByteBuffer {
    var buffer = ByteBufferAllocator().buffer(capacity: count)
    let read = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { bytes in
      max(0, pread(descriptor, bytes.baseAddress, count, off_t(offset)))
    }
    guard read > 0 else { throw FileError("read", "a file that is being sent", code: EIO) }
    return buffer
  }

  /// What a browser may show. All that could run, or hold a script, is bytes or plain text.
  static func type(of name: String) -> String {
    switch name.split(separator: ".").last?.lowercased() {
    case "mp4", "m4v": "video/mp4"
    case "mov": "video/quicktime"
    case "webm": "video/webm"
    case "m4a": "audio/mp4"
    case "mp3": "audio/mpeg"
    case "wav": "audio/wav"
    case "jpg", "jpeg": "image/jpeg"
    case "png": "image/png"
    case "webp": "image/webp"
    case "gif": "image/gif"
    case "json": "application/json"
    case "txt", "md", "csv", "log", "svg", "html", "js", "css": "text/plain; charset=utf-8"
    default: "application/octet-stream"
    }
  }
}
