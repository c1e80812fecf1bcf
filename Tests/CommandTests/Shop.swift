import CampaignCore
import Glibc
import Testing

/// A campaign whose one clip is bought from a provider of some lines of shell, which a test makes misbehave.
///
///     let shop = try Shop()
///     try shop.provider(Shop.good.replacing("echo paid", with: "exit 1; echo paid"))
///     try shop.build(exits: 1, paid: 0)
final class Shop: Sendable {
  let test: CommandTest
  static let clip = "build/clip.mp4"

  /// Asks, pays once, delivers `clip.mp4`; goes on where it left off.
  static let good = """
    read -r request
    output=$(printf %s "$request" | sed 's/.*"output":"\\([^"]*\\)".*/\\1/')
    checkpoint() {
      echo "{\\"ev\\":\\"checkpoint\\",\\"state\\":\\"$1\\",\\"data\\":$2}"
      read -r answer
      case $answer in *true*) ;; *) echo '{"ev":"failed","class":"refused","message":"no"}'; exit 1 ;; esac
    }
    case $request in
    *'"state":"submitted"'*) ;;
    *) checkpoint intent '{}'; echo paid >> ../paid; checkpoint submitted '{"id":"j"}' ;;
    esac
    cp clip.mp4 "$output.part"; mv "$output.part" "$output"
    echo '{"ev":"done","usd":"0.04"}'
    """

  init() throws {
    test = try CommandTest(
      """
      build/clip.mp4: a.png a.png
          generate-clip
          by       = ./provider photo
          duration = 1s
          size     = 64x36
          fps      = 12

      model photo
          kind  = clip
          price = "0.05 USD"
      """)
    let draw = "ffmpeg -nostdin -loglevel error -f lavfi -i testsrc=s=64x36:r=12:d=1"
    #expect(try test.shell("\(draw) -pix_fmt yuv420p clip.mp4; \(draw) -frames:v 1 a.png") == 0)
    try provider(Self.good)
  }

  func provider(_ script: String) throws {
    try test.write("#!/bin/sh\n" + script + "\n", to: "provider")
    try test.makeExecutable("provider")
  }

  /// Puts a script in the place of a program, for the runs that get what is returned as their environment.
  func replace(_ program: String, with script: String) throws -> [String] {
    try test.write("#!/bin/sh\n" + script + "\n", to: "../bin/" + program)
    try test.makeExecutable("../bin/" + program)
    return ["PATH=\(test.folder)/bin:\(CommandTest.searchPath)"]
  }

  /// Builds, and looks how often the provider was paid in all.
  @discardableResult
  func build(
    limit: String = "1", environment: [String] = [], exits code: Int = 0, paid: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let run = try test.run(["build", "--max-cost", limit], environment: environment)
    #expect(run.code == code, "it said: \(run.narration)", sourceLocation: sourceLocation)
    #expect(try self.paid == paid, "it said: \(run.narration)", sourceLocation: sourceLocation)
    return run.narration
  }

  var paid: Int { get throws { try test.read("../paid")?.split(separator: "\n").count ?? 0 } }
  var cost: String { get throws { try test.run(["cost"]).output } }
}
