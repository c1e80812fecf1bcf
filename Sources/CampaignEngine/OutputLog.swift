import CampaignCore

/// What each output was last given, and by whom: by a step, or by a person whose edit a build took in.
///
/// It stands apart from the hash cache, so that no loss there makes our work a person's, or a person's ours. It is read
/// only where an output is not what its trace says, or has none. Used by one thread.
final class OutputLog {
  /// Whose the content of an output is.
  enum Owner: Hashable {
    /// Nothing was ever put there, as far as is known.
    case nobody
    /// A step's: what it made last, or what a crash kept it from replacing.
    case step
    /// A person's: it is not what was put there last.
    case person
    /// A person's, and a build took it in when the key of its step was this.
    case adopted(key: ContentHash)

    var isPerson: Bool {
      switch self {
      case .person, .adopted: true
      case .nobody, .step: false
      }
    }
  }

  /// One output of a step.
  struct Output {
    var path: String
    var hash: ContentHash
    /// What stood there before.
    var replaced: ContentHash?
    /// A person's, taken in.
    var isEdited = false
  }

  private struct Holding {
    var hash: ContentHash
    var replaced: ContentHash
    var key: ContentHash
    var isEdited: Bool
  }

  private let log: RecordLog
  /// What each path was last given, by the checksum of the path; nil: not read yet.
  private var holdings: [UInt64: Holding]?
  /// The latest record, if its outputs may not be in their places: whoever wrote it did not go on.
  private var halfPublished: [Output] = []
  private var isChanged = false

  /// Says that all that stands before it was published.
  private static let end: [UInt8] = [0]
  private static let endFrame = 24

  init(path: String) { log = RecordLog(path: path, header: "campaign output1") }

  /// Whose `hash` at `path` is.
  func owner(of path: String, holding hash: ContentHash) -> Owner {
    read()
    guard let last = holdings?[PathTable.key(path)] else { return .nobody }
    if last.hash == hash { return last.isEdited ? .adopted(key: last.key) : .step }
    let isHalf =
      hash == last.replaced && halfPublished.contains { PathTable.key($0.path) == PathTable.key(path) }
    return isHalf ? .step : .person
  }

  /// Writes down what is about to be published: before it is, and after its trace. An edit is on disk for good then.
  func record(_ outputs: [Output], key: ContentHash) throws(FileError) {
    var writer = ByteWriter()
    writer.put(UInt8(1))
    writer.put(key)
    writer.put(UInt32(outputs.count))
    for output in outputs {
      writer.put(output.path)
      writer.put(output.hash)
      writer.put(output.replaced ?? output.hash)
      writer.put(output.isEdited ? UInt8(1) : 0)
    }
    _ = log.append(writer.bytes)
    if holdings != nil { writer.bytes.withUnsafeBytes { take($0) } }
    halfPublished = []
    isChanged = true
    try outputs.contains(where: \.isEdited) ? log.sync() : log.flush()
  }

  // MARK: - The builds' beginning and end

  /// Allows `record`. When the last build died, sees which of its last outputs came to their places.
  func openForWriting(content: (_ path: String) -> ContentHash?) throws(FileError) {
    try log.openForWriting()
    guard !isEnded else { return }
    read()
    for output in halfPublished where content(output.path) != output.hash {
      let before = Output(path: output.path, hash: output.replaced ?? output.hash)
      try record([before], key: .zero)
    }
    isChanged = true
  }

  /// Ends a build of so many outputs; writes the file anew when most of it is superseded.
  func close(outputs: Int) throws(FileError) {
    guard isChanged else { return }
    if log.size > 64 << 10 && log.size > 600 * outputs { try compact() }
    _ = log.append(Self.end)
    try log.flush()
  }

  private var isEnded: Bool {
    let last = log.size - Self.endFrame
    return last < 0 || log.withPayload(at: UInt64(last)) { $0.elementsEqual(Self.end) } == true
  }

  private func compact() throws(FileError) {
    var latest: [UInt64: UInt64] = [:]
    log.forEach { offset, payload in
      if let first = Self.outputs(in: payload).first { latest[PathTable.key(first.path)] = offset }
    }
    try log.replace(with: latest.values.sorted().compactMap { log.withPayload(at: $0) { Array($0) } })
  }

  // MARK: - Reading

  private func read() {
    guard holdings == nil else { return }
    holdings = [:]
    log.forEach { _, payload in take(payload) }
  }

  private func take(_ payload: UnsafeRawBufferPointer) {
    halfPublished = Self.outputs(in: payload)
    var reader = ByteReader(payload, at: 1)
    let key = reader.takeHash()
    for output in halfPublished {
      holdings?[PathTable.key(output.path)] = Holding(
        hash: output.hash, replaced: output.replaced ?? output.hash, key: key, isEdited: output.isEdited)
    }
  }

  /// Empty for an end.
  private static func outputs(in payload: UnsafeRawBufferPointer) -> [Output] {
    guard payload.count > end.count else { return [] }
    var reader = ByteReader(payload, at: 1 + 16)
    let outputs = reader.takeList {
      Output(
        path: $0.takeText(), hash: $0.takeHash(), replaced: $0.takeHash(), isEdited: $0.take(UInt8.self) == 1)
    }
    return reader.isWhole ? outputs : []
  }
}
