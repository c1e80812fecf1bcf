import CampaignCore
import Glibc

/// All that the fake provider knows: files, jobs, bills, what was asked, and what should not have been.
///
/// A value; the servers change it under one lock. Its clock is virtual.
struct World: Sendable {
  struct File: Sendable {
    var id: String
    var sha256: String
    var size: Int
    var isPicture: Bool
    var expires: Double
  }

  struct Job: Sendable {
    enum Ending: Hashable, Sendable {
      case succeeded
      case failed(String)
      case canceled
      case aborted
    }
    var id: String
    var model: String
    var version: String?
    var input: JSON
    var created: Double
    var ending = Ending.succeeded
    /// When it starts to run, and when it ends, in virtual seconds.
    var starts: Double
    var ends: Double
    /// Shown instead of the real status while it runs.
    var oddStatus: String?
    /// Not in the list before.
    var listed: Double
    var outputShape = "string"
    /// Its input is not told any more.
    var hidesInput = false
    var price: Money
    var seed: Int
  }

  var schemas = ModelSchemas()
  var files: [String: File] = [:]
  var jobs: [Job] = []
  var faults: [Fault] = []
  var requests: [JSON] = []
  var violations: [String] = []
  var chats: [JSON] = []
  /// Creates per minute for accounts with little credit.
  var throttledUntil = 0.0
  private let speed: Double
  private let began: Double
  private var advanced = 0.0
  private var generator = SystemRandomNumberGenerator()

  init(speed: Double) {
    self.speed = speed
    began = Self.real
  }

  // MARK: - Time

  /// Virtual seconds since 1970.
  var now: Double { began + (Self.real - began) * speed + advanced }

  mutating func advance(_ seconds: Double) { advanced += seconds }

  private static var real: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  static func timestamp(_ seconds: Double, _ format: String = "%Y-%m-%dT%H:%M:%SZ") -> String {
    var (time, parts) = (time_t(seconds), tm())
    gmtime_r(&time, &parts)
    var text = [CChar](repeating: 0, count: 64)
    let count = strftime(&text, text.count, format, &parts)
    return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func seconds(_ timestamp: String) -> Double? {
    let numbers = timestamp.split { !$0.isNumber }.compactMap { Int32($0) }
    guard numbers.count >= 6 else { return nil }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[3], numbers[4], numbers[5])
    return Double(timegm(&parts))
  }

  // MARK: - Helpers

  /// 26 letters and digits.
  mutating func newID() -> String {
    String((0..<26).map { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement(using: &generator)! })
  }

  /// The fault that hits a request, if one does.
  mutating func fault(_ place: String, model: String? = nil) -> Fault? {
    var hit: Fault?
    for index in faults.indices where faults[index].hits(place, model: model) && hit == nil {
      hit = faults[index]
    }
    return hit
  }

  func job(_ id: String) -> Job? { jobs.first { $0.id == id } }

  /// What was or would be billed.
  var bill: Money {
    jobs.filter { $0.ending == .succeeded }.reduce(.zero) { $0 + $1.price }
      + chats.reduce(.zero) { $0 + Money(micros: Int64($1["micros"]?.int ?? 0)) }
  }
}

extension World.Job {
  func status(at now: Double) -> String {
    if case .aborted = ending { return now < ends ? "starting" : "aborted" }
    if now < starts { return oddStatus ?? "starting" }
    if now < ends { return oddStatus ?? "processing" }
    return switch ending {
    case .succeeded: "succeeded"
    case .failed: "failed"
    case .canceled: "canceled"
    case .aborted: "aborted"
    }
  }

  /// Inputs, outputs and logs go after an hour.
  func isPurged(at now: Double) -> Bool { now > ends + 3600 }
}
