import CPlatform
import CampaignCore
import Glibc

/// What the last build knew of its graph, laid out so that the next one reads it instead of working it out again.
///
/// Derived from the Campaignfile, the arrays and the hash cache: deleting it costs only time. It says what every file
/// was, which steps each array gave, and which of them were settled. What has changed since is judged as ever. Not
/// for several threads.
package final class PlanCache {
  /// One step as it was.
  struct Step {
    var actionHash: ContentHash
    /// Where its trace lies in the hash cache; 0: it has none.
    var trace: UInt64
    var outputs: Range<Int32>
    var inputs: Range<Int32>
    var element: Range<Int32>
    var milliseconds: UInt32
    /// Of the contents of its outputs and inputs when it was judged, and found as it should be; `ContentHash.zero`: never.
    ///
    /// It vouches for these very contents and no others: whatever the columns of files say by now.
    var settled: ContentHash
  }

  /// One rule and its steps.
  struct Rule {
    var fingerprint: ContentHash
    /// Of the array that gave the steps; `ContentHash.zero` when there was none.
    var array: ContentHash
    var steps: Range<Int32>
  }

  struct Header {
    var magic = PlanCache.magic
    /// The call that found everything current; `ContentHash.zero`: it did not.
    var call = ContentHash.zero
    /// How many steps that were.
    var current: UInt64 = 0
    /// The hash cache that traces lie in, how much of it was read, and how many records that were.
    var logInode: UInt64 = 0
    var logSize: UInt64 = 0
    var records: UInt64 = 0
    var files: UInt32 = 0
    /// Further files and folders that vouch for the call; they stand after those of the graph.
    var watched: UInt32 = 0
    var pathBytes: UInt32 = 0
    var slots: UInt32 = 0
    var rules: UInt32 = 0
    var steps: UInt32 = 0
    var outputs: UInt32 = 0
    var inputs: UInt32 = 0
    var elementBytes: UInt32 = 0
    /// Of the hash cache: more than there are steps with one, when files are left of rules that are no more.
    var traces: UInt32 = 0
    /// 1: no step but those of its graph has a trace, so no file is an orphan.
    var holdsAllTraces: UInt32 = 0
    /// Checksums: of the columns that a build with nothing to do reads, and of all others.
    var firstSeal: UInt64 = 0
    var secondSeal: UInt64 = 0
  }

  static let magic = ContentHash(high: 0x6E67_6961_706D_6163, low: 0x0000_0002_6E61_6C70)

  let header: Header
  let stamps: UnsafeBufferPointer<FileStamp>
  private let starts: UnsafeBufferPointer<UInt32>
  private let pathBytes: UnsafeBufferPointer<UInt8>
  let hashes: UnsafeBufferPointer<ContentHash>
  private let slots: UnsafeBufferPointer<UInt32>
  let rules: UnsafeBufferPointer<Rule>
  let steps: UnsafeBufferPointer<Step>
  let outputs: UnsafeBufferPointer<ArtifactID>
  let inputs: UnsafeBufferPointer<ArtifactID>
  let roles: UnsafeBufferPointer<Int32>
  let elements: UnsafeBufferPointer<UInt8>
  private let columns: PlanCacheColumns
  /// Where the columns end that a build with nothing to do reads.
  private let firstEnd: Int

  /// Reads what says that there is nothing to do; nil when the file is missing, damaged or of another version. All
  /// behind `paths` is there only once it `isGood`.
  package init?(path: String) {
    guard let columns = PlanCacheColumns(path: path) else { return nil }
    self.columns = columns
    header = columns.header
    stamps = columns.take(header.files, and: header.watched)
    starts = columns.take(header.files, and: header.watched)
    pathBytes = columns.take(header.pathBytes)
    firstEnd = columns.end
    hashes = columns.take(header.files)
    slots = columns.take(header.slots)
    rules = columns.take(header.rules)
    steps = columns.take(header.steps)
    outputs = columns.take(header.outputs)
    inputs = columns.take(header.inputs)
    roles = columns.take(header.inputs)
    elements = columns.take(header.elementBytes)
    guard header.magic == Self.magic, columns.isWhole, columns.read(to: firstEnd),
      columns.firstSeal(to: firstEnd) == header.firstSeal
    else { return nil }
  }

  // MARK: - Nothing to do

  /// How many targets are current, when the same call found them all so and no file has changed since.
  ///
  /// - Parameters:
  ///   - call: stands for all that shapes the verdict beside files.
  ///   - root: the folder of the workspace.
  package func current(call: ContentHash, root: String) -> Int? {
    guard header.call == call, call != .zero, !differs(root: root, stamps.count, nil) else { return nil }
    return Int(header.current)
  }

  /// Whether it is kept that `call` finds all current as long as these files stay as they are.
  func vouches(for call: ContentHash, _ watched: [WatchedFile]) -> Bool {
    header.call == call && stamps.dropFirst(Int(header.files)).elementsEqual(watched.map(\.stamp))
  }

  /// No step but those of its graph has a trace: no file is an orphan.
  package var holdsAllTraces: Bool { header.holdsAllTraces == 1 }

  // MARK: - Something to do

  /// Whether the rest is sound, and speaks of that hash cache. Of records in it that have changed in their places since
  /// it knows nothing: whoever reads one checks it.
  func isGood(for log: RecordLog) -> Bool {
    log.inode == header.logInode && log.size >= header.logSize
      && columns.isSealed(from: firstEnd, by: header.secondSeal)
  }

  /// For each file of the graph, whether it may have changed.
  func changes(root: String) -> [Bool] {
    var changed = [Bool](repeating: false, count: Int(header.files))
    changed.withUnsafeMutableBytes { _ = differs(root: root, $0.count, $0.baseAddress) }
    return changed
  }

  private func differs(root: String, _ count: Int, _ changed: UnsafeMutableRawPointer?) -> Bool {
    guard count > 0 else { return false }
    let folder = campaign_open(root, O_RDONLY | O_DIRECTORY, 0)
    guard folder >= 0 else { return true }
    defer { close(folder) }
    return UnsafeRawPointer(pathBytes.baseAddress!).withMemoryRebound(
      to: CChar.self, capacity: pathBytes.count
    ) {
      paths in
      UnsafeRawPointer(stamps.baseAddress!).withMemoryRebound(to: campaign_stamp.self, capacity: count) {
        campaign_stamps_differ(
          folder, paths, starts.baseAddress!, $0, count, changed?.assumingMemoryBound(to: UInt8.self))
      }
    }
  }

  /// The paths of the graph; their numbers are its artifacts.
  lazy var paths: PathTable = {
    let files = Int(header.files)
    let end = files < starts.count ? Int(starts[files]) : pathBytes.count
    return PathTable(bytes: Array(pathBytes[..<end]), starts: Array(starts[..<files]), slots: Array(slots))
  }()

  /// What was known of a file; nil when it was not.
  func file(_ path: String) -> HashCache.FileRecord? {
    paths.find(path).flatMap { file($0) }
  }

  func file(_ id: ArtifactID) -> HashCache.FileRecord? {
    let stamp = stamps[Int(id.index)]
    return stamp == .unknown ? nil : .init(stamp: stamp, hash: hashes[Int(id.index)], isRacy: false)
  }

  /// The step whose first output is `target`.
  func step(_ target: String) -> Step? {
    guard let id = paths.find(target), producers[Int(id.index)] >= 0 else { return nil }
    return steps[Int(producers[Int(id.index)])]
  }

  private lazy var producers: [Int32] = {
    var producers = [Int32](repeating: -1, count: Int(header.files))
    for index in steps.indices {
      producers[Int(outputs[Int(steps[index].outputs.lowerBound)].index)] = Int32(index)
    }
    return producers
  }()

  /// What was known of a rule.
  func rule(_ fingerprint: ContentHash) -> Rule? { rules.first { $0.fingerprint == fingerprint } }
}

/// The columns of a plan cache, one after the other, each aligned to 16 bytes. They are read into memory, in two parts:
/// a mapping would change, or end, with the file.
final class PlanCacheColumns {
  private let descriptor: Int32
  private let bytes: UnsafeMutableRawBufferPointer
  /// So much has been read.
  private var filled = 0
  /// Where the next column begins.
  private(set) var end = headerSize
  private(set) var isWhole = true

  static let headerSize = (MemoryLayout<PlanCache.Header>.size + 15) / 16 * 16

  init?(path: String) {
    descriptor = campaign_open(path, O_RDONLY, 0)
    var status = stat()
    let isOpen = descriptor >= 0 && fstat(descriptor, &status) == 0
    bytes = .allocate(byteCount: isOpen ? max(Int(status.st_size), Self.headerSize) : 0, alignment: 16)
    guard isOpen, read(to: Self.headerSize) else { return nil }
  }

  deinit {
    bytes.deallocate()
    if descriptor >= 0 { close(descriptor) }
  }

  /// Reads what is not there yet, up to an offset. False when the file is shorter, or cannot be read.
  func read(to end: Int) -> Bool {
    while filled < end {
      let count = pread(descriptor, bytes.baseAddress! + filled, end - filled, off_t(filled))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      filled += count
    }
    return true
  }

  var header: PlanCache.Header { bytes.load(as: PlanCache.Header.self) }

  /// The next column, to be read; an empty one, and `isWhole` false, when the file is too short.
  func take<Value>(_ count: UInt32, and more: UInt32 = 0) -> UnsafeBufferPointer<Value> {
    let size = (Int(count) + Int(more)) * MemoryLayout<Value>.stride
    guard end + size <= bytes.count else {
      isWhole = false
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    let column = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[end..<end + size])
    end += (size + 15) / 16 * 16
    return column.bindMemory(to: Value.self)
  }

  /// The checksum of the header, without its seals, and of the columns up to an offset.
  func firstSeal(to end: Int) -> UInt64 { Self.firstSeal(UnsafeRawBufferPointer(bytes), end: end) }

  static func firstSeal(_ bytes: UnsafeRawBufferPointer, end: Int) -> UInt64 {
    let seals = MemoryLayout<PlanCache.Header>.offset(of: \.firstSeal)!
    return checksum(UnsafeRawBufferPointer(rebasing: bytes[..<seals]))
      ^ checksum(UnsafeRawBufferPointer(rebasing: bytes[headerSize..<end]))
  }

  /// Whether what stands behind an offset is sealed by a checksum; reads it.
  func isSealed(from start: Int, by seal: UInt64) -> Bool {
    read(to: bytes.count)
      && checksum(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start...])) == seal
  }
}
