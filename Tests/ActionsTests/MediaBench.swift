import CampaignCore
import CampaignEngine
import Glibc
import Testing

@testable import CampaignActions

/// A workspace in a temporary folder with media made by ffmpeg, where actions that make media are performed.
final class MediaBench: Sendable {
  let root: String

  init() throws {
    var template = Array("/tmp/campaign-media-XXXXXX".utf8CString)
    root = try #require(mkdtemp(&template).map { String(cString: $0) })
    for folder in ["staged", "scratch"] { try Files.makeFolder(root + "/" + folder) }
  }

  deinit { Files.remove(root) }

  func path(_ name: String) -> String { root + "/" + name }

  /// Runs ffmpeg in the workspace; the arguments end with the output.
  @discardableResult
  func ffmpeg(_ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    var command = Command(["ffmpeg", "-nostdin", "-y", "-v", "warning"] + arguments)
    command.folder = root
    let result = try command.run(log: path("ffmpeg.log"), capture: true, interrupt: Interrupt())
    let log = (try? Files.text(path("ffmpeg.log"))) ?? ""
    try #require(result.code == 0, "\(log)", sourceLocation: sourceLocation)
    return result.text
  }

  /// Makes a file from a lavfi source, e.g. `testsrc2=s=320x180:r=10:d=2`.
  func make(_ name: String, _ source: String, _ options: [String] = []) throws {
    try ffmpeg(["-f", "lavfi", "-i", source] + options + ["file:" + name])
  }

  func photo(_ name: String, _ source: String) throws {
    try make(name, source, ["-frames:v", "1", "-q:v", "1"])
  }

  /// Performs an action with its standard parameters but for `values`; inputs are named with their roles.
  @discardableResult
  func perform(
    _ action: some BuiltInAction, _ inputs: [(name: String, role: Int)], to output: String,
    _ values: [String: String] = [:]
  ) throws -> JobReport {
    var parameters = values
    for parameter in action.schema.parameters where parameters[parameter.name] == nil {
      parameters[parameter.name] = parameter.standard
    }
    let list = parameters.map { Parameter($0.key, $0.value) }
    try action.check(list)
    let job = Job(
      action: Action(name: action.schema.name, version: action.version, parameters: list),
      inputs: try inputs.map { name, role in
        let isThere = Files.exists(path(name))
        return .init(
          path: name, role: role, hash: isThere ? try Files.hash(path(name)) : ContentHash(high: 0, low: 0))
      },
      outputs: [output], staged: [output], scratch: "scratch", log: "log", root: root,
      pieces: PieceStore(folder: path("pieces")), spending: try Spending(StateFolder(root: root)),
      interrupt: Interrupt())
    return try action.perform(job)
  }

  /// The message of the failure that an action ends in; nil when it succeeds.
  func failure(
    _ action: some BuiltInAction, _ inputs: [(name: String, role: Int)], _ values: [String: String] = [:]
  ) throws -> StepFailure? {
    do {
      try perform(action, inputs, to: "staged/failed.mp4", values)
      return nil
    } catch let failure as StepFailure { return failure }
  }

  func probe(_ name: String) throws -> MediaInfo {
    let result = try Command(MediaInfo.command(path(name)))
      .run(log: path("ffprobe.log"), capture: true, interrupt: Interrupt())
    return try MediaInfo(json: result.output, path: name)
  }

  /// One MD5 a decoded frame; decoding must give no warning.
  func frames(_ name: String) throws -> [String] {
    Files.remove(path("ffmpeg.log"))
    let text = try ffmpeg(["-i", "file:" + name, "-map", "0:v", "-f", "framemd5", "-"])
    #expect(try Files.text(path("ffmpeg.log")) == "")
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap {
      $0.split(separator: ",").last.map(String.init)
    }
  }

  /// A statistic (`YAVG`, `YMIN`, `UAVG`...) of each frame, or of a part of each, e.g. `crop=4:180:0:0`.
  func levels(_ name: String, _ statistic: String = "YAVG", of area: String = "null") throws -> [Double] {
    let text = try ffmpeg([
      "-i", "file:" + name, "-vf",
      "\(area),signalstats,metadata=print:key=lavfi.signalstats.\(statistic):file=-", "-f", "null", "-",
    ])
    return text.split(separator: "\n").filter { $0.hasPrefix("lavfi") }
      .compactMap { $0.split(separator: "=").last.flatMap { Double($0) } }
  }

  /// How alike each frame of a film is to a picture filtered with `filter`: 1 is the same.
  func likenesses(_ film: String, to picture: String, _ filter: String) throws -> [Double] {
    let text = try ffmpeg([
      "-i", "file:" + film, "-i", "file:" + picture, "-filter_complex",
      "[0]setpts=N,settb=1/10[a];[1]\(filter),format=yuv420p,loop=-1:1:0,setpts=N,settb=1/10[b];"
        + "[a][b]ssim=shortest=1:stats_file=-", "-f", "null", "-",
    ])
    return text.split(whereSeparator: { $0 == " " || $0 == "\n" }).filter { $0.hasPrefix("All:") }
      .compactMap { Double($0.dropFirst(4)) }
  }
}
