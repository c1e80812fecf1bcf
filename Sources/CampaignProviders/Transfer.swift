import CCurl
import CPlatform
import CampaignCore
import Glibc

/// What libcurl's callbacks write into while one request runs.
final class Transfer {
  private(set) var answer = HTTPAnswer(0)
  /// Why a callback ended the transfer.
  private(set) var failure: Failure?
  private(set) var isStopped = false
  private let limit: Int
  private let grace: Double
  private let patience: Patience
  private let file: PartFile?
  private var signalled: Double?

  init(_ request: HTTPRequest, into file: PartFile?, patience: Patience) {
    limit = request.limit
    grace = request.grace
    self.file = file
    self.patience = patience
  }

  /// One line of the head; that of a 100 or of a proxy is followed by another head.
  func head(_ line: [UInt8]) {
    let text = String(decoding: line, as: UTF8.self)
    if text.hasPrefix("HTTP/") {
      answer = HTTPAnswer(text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
    } else if let colon = text.firstIndex(of: ":") {
      // Swift sees CR LF as one character.
      let value = text[text.index(after: colon)...].filter { $0 != "\r\n" && $0 != "\n" && $0 != "\r" }
      answer.headers.append(.init(name: String(text[..<colon]), value: Self.trimmed(value)))
    }
  }

  /// False ends the transfer.
  func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if let file, answer.status == 200 || answer.status == 206 {
      do throws(Failure) { try file.append(bytes, of: answer) } catch {
        failure = error
        return false
      }
      return true
    }
    guard answer.body.count + bytes.count <= limit else {
      failure = Failure(.network, "the answer is larger than \(limit >> 20) MiB")
      return false
    }
    answer.body += bytes
    return true
  }

  /// Asked about once a second; false ends the transfer.
  func goesOn() -> Bool {
    guard patience.isStopped else { return true }
    let since = signalled ?? patience.elapsed
    signalled = since
    isStopped = patience.elapsed - since >= grace
    return !isStopped
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  // MARK: - As libcurl calls it

  typealias Pointer = UnsafeMutableRawPointer

  static let receive: campaign_curl_data = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.take(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
  }

  static let receiveHead: campaign_curl_data = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    transfer.head(Array(UnsafeRawBufferPointer(start: bytes, count: size * count)))
    return size * count
  }

  static let progress: campaign_curl_progress = { context, _, _, _, _ in
    guard let context else { return 1 }
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().goesOn() ? 0 : 1
  }
}
