import CampaignCore
import Glibc
import Testing

/// A folder with two photos, and the real `campaign-provider` to run in it.
final class ProviderTest: Sendable {
  /// Removed when the test ends.
  let folder: String
  /// What the provider finds in its environment.
  let environment: [String: String]

  static let key = "r8_rehearsal0123456789wxyz"

  /// - Parameter base: the address of the server, without `/v1`; of no server if left out.
  init(base: String = "http://127.0.0.1:9", _ more: [String: String] = [:]) throws {
    var template = Array("/tmp/campaign-provider-XXXXXX".utf8CString)
    folder = String(cString: try #require(mkdtemp(&template)))
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    var environment = ["PATH": path, "HOME": folder, "CAMPAIGN_REHEARSAL_SPEED": "500"]
    for service in ["REPLICATE", "XAI", "OPENAI", "OPENROUTER", "OLLAMA"] {
      environment[service + "_BASE_URL"] = base + "/v1"
    }
    environment["REPLICATE_API_TOKEN"] = Self.key
    environment["XAI_API_KEY"] = "xai-rehearsal0123456789wxyz"
    environment["OPENAI_API_KEY"] = "sk-rehearsal0123456789wxyz"
    environment["OPENROUTER_API_KEY"] = "sk-rehearsal0123456789wxyz"
    environment.merge(more) { $1 }
    self.environment = environment.filter { !$0.value.isEmpty }
    for photo in ["a.jpg", "b.jpg"] {
      try Files.write([0xFF, 0xD8, 0xFF, 0xE0] + Array(photo.utf8), to: "\(folder)/\(photo)")
    }
  }

  deinit { Files.remove(folder) }

  /// Runs the provider once.
  func run(
    _ request: JSON, by service: String = "replicate", answer: (String) -> Conversation.Answer = { _ in .yes }
  ) throws -> Conversation.Record {
    try Conversation(
      [Self.products + "/campaign-provider", service],
      environment: environment.map { "\($0.key)=\($0.value)" }.sorted(), folder: folder
    ).run(request, answer: answer)
  }

  /// Where this build's executables stand.
  static var products: String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let length = buffer.withUnsafeMutableBytes {
      readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
    }
    return Files.folder(of: String(decoding: buffer.prefix(max(0, length)), as: UTF8.self)) ?? ""
  }

  /// The bytes of the file that was asked for; nil when there is none.
  func output() throws -> [UInt8]? {
    let path = folder + "/out"
    return Files.exists(path) ? try Files.read(path) : nil
  }

  // MARK: - Requests

  static func clip(checkpoints: [JSON] = [], do deed: String = "make", more: [JSON.Member] = []) throws
    -> JSON
  {
    let native =
      #"{"prompt":"x","image":{"$file":"a.jpg"},"last_frame":{"$file":"b.jpg"},"duration":6,"seed":41}"#
    return try request(deed, "clip", "google/veo-3.1-fast", native: native, checkpoints, more)
  }

  static func music(checkpoints: [JSON] = []) throws -> JSON {
    let version = "671ac645ce5e552cc63a54a2bbff63fcf798043055d2dac5fc9e36a837eedcfb"
    let native = #"{"prompt":"calm piano","duration":30,"seed":41}"#
    return try request(
      "make", "music", "meta/musicgen", native: native, checkpoints,
      [JSON.Member("version", .string(version))])
  }

  static func chat(model: String = "grok-4.3", more: [JSON.Member] = []) throws -> JSON {
    let schema = """
      {"type":"object","properties":{"pairs":{"type":"array","items":{"type":"object","properties":{\
      "first":{"type":"string","enum":["a","b"]},"last":{"type":"string","enum":["a","b"]},\
      "score":{"type":"number"},"reason":{"type":"string"},"prompt":{"type":"string"}},\
      "required":["first","last","score","reason","prompt"],"additionalProperties":false}}},\
      "required":["pairs"],"additionalProperties":false}
      """
    let input = """
      {"system":"Choose.","parts":[{"text":"Pairs wanted: 1"},{"image":"a.jpg"},{"image":"b.jpg"}],\
      "schema":\(schema),"name":"tour","temperature":0.3,"prices":{"in":"1.25","out":"2.50"}}
      """
    return try request("make", "chat", model, input: input, native: nil, [], more)
  }

  private static func request(
    _ deed: String, _ kind: String, _ model: String, input: String = "{}", native: String?,
    _ checkpoints: [JSON],
    _ more: [JSON.Member]
  ) throws -> JSON {
    let head = """
      {"v":1,"do":"\(deed)","kind":"\(kind)","provider":"any","model":"\(model)","output":"out","deadline":1800,\
      "attempt":"5f0c3a9e4b7d4e21a6c8f00d5e9b1c77","cancelAfter":900}
      """
    guard case .object(var members) = try JSON.parse(head) else { return .null }
    members.append(JSON.Member("input", try JSON.parse(input)))
    if let native { members.append(JSON.Member("native", try JSON.parse(native))) }
    members.append(JSON.Member("checkpoints", .array(checkpoints)))
    return .object(members + more)
  }
}
