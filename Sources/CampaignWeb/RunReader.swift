import CampaignCore
import CampaignEngine
import CampaignReporting

/// Reads the logs of a campaign's builds as they are written, in order, whoever builds.
struct RunReader {
  /// A line of a log, with its place: what an event is called by.
  struct Line {
    var id: String
    var event: String
    var text: String
  }

  private let folder: String
  private var run: String?
  private var offset = 0
  private(set) var live = LiveState()

  /// Reads the latest log from its beginning.
  init(folder: String) {
    self.folder = folder
    run = latest
    live = LiveState(run: run)
  }

  /// From behind an event that is known; nil when that is no event of these logs.
  init?(folder: String, after id: String) {
    let parts = id.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, let offset = Int(parts[1]), offset >= 0,
      Files.names(in: folder).contains(parts[0] + ".jsonl"),
      let size = FileStamp.of(folder + "/" + parts[0] + ".jsonl")?.size, offset <= size
    else { return nil }
    self.folder = folder
    (run, self.offset) = (parts[0], offset)
  }

  /// One log alone, from its beginning.
  init(folder: String, run: String) {
    self.folder = folder
    self.run = run
    live = LiveState(run: run)
  }

  /// The last event that was read.
  var position: String? { run.map { "\($0):\(offset)" } }

  private var latest: String? {
    Files.names(in: folder).last { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(".jsonl".count)) }
  }

  /// The lines that have come since; also those of builds that have begun since.
  mutating func advance(staysInRun: Bool = false) -> [Line] {
    var lines = rest()
    guard !staysInRun else { return lines }
    let names = Files.names(in: folder).filter { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(6)) }
    for next in names where run.map({ $0 < next }) ?? true {
      lines += rest()
      (run, offset, live) = (next, 0, LiveState(run: next))
      lines += rest()
    }
    return lines
  }

  /// Whole lines behind the offset.
  private mutating func rest() -> [Line] {
    guard let run, let bytes = Files.tail(folder + "/" + run + ".jsonl", from: offset),
      let end = bytes.lastIndex(of: UInt8(ascii: "\n"))
    else { return [] }
    var lines: [Line] = []
    for line in bytes[...end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .dropLast()
    {
      offset += line.count + 1
      guard let document = try? JSON.parse(Array(line)) else { continue }
      live.read(document)
      let event = document["ev"]?.string ?? "notice"
      lines.append(
        Line(id: "\(run):\(offset)", event: event, text: String(decoding: line, as: UTF8.self)))
    }
    return lines
  }
}
