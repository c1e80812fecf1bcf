import CampaignCore
import Testing

/// Programs that a build needs and the machine does not have, or not in working order.
@Suite struct ToolTests {
  private static let rules = """
    build/manifest.json: a.png b.png
        collect

    build/words.txt: src
        $ echo words >> ../runs; : > "$out"
    """

  private func photos() throws -> CommandTest {
    let test = try CommandTest(Self.rules, ["src": "1"])
    let paint = "ffmpeg -nostdin -loglevel error -f lavfi -i color=c=red:s=64x64:d=1 -frames:v 1"
    #expect(try test.shell("\(paint) a.png; \(paint) b.png") == 0)
    return test
  }

  /// The search path of a build that finds `program` first.
  private func before(_ program: String, _ script: String, in test: CommandTest) throws -> [String] {
    try test.write(script, to: "bin/" + program)
    return ["PATH=\(test.path("bin")):/usr/local/bin:/usr/bin:/bin"]
  }

  @Test func `a missing program is told before anything runs, and only to those who need it`() throws {
    let test = try photos()
    let nowhere = ["PATH=/nowhere"]
    let run = try test.run(["build"], environment: nowhere)
    #expect(run.code == 2, "it said: \(run.narration)")
    #expect(run.narration.contains("E0420") && run.narration.contains("apt install ffmpeg"))
    #expect(run.narration.contains("nothing was run") && !run.narration.contains("damaged"))
    #expect(try test.takeRuns() == [] && !Files.exists(test.path("build")))
    #expect(try test.run(["build", "build/words.txt"], environment: nowhere).code == 0)
    #expect(try test.run(["build"]).code == 0)
    #expect(try test.run(["build"], environment: nowhere).code == 0)
  }

  @Test func `a program that is not executable is no damaged photo`() throws {
    let test = try photos()
    let path = try before("ffprobe", "#!/bin/sh\n", in: test)
    let run = try test.run(
      ["build"], environment: [path[0].replacing(":/usr/local/bin:/usr/bin:/bin", with: "")])
    #expect(run.code == 2, "it said: \(run.narration)")
    #expect(run.narration.contains("ffprobe` is not executable"))
  }

  @Test(arguments: [
    ("kill -SEGV $$", "was ended by signal 11"), ("exit 127", "cannot be run: exit code 127"),
  ])
  func `a program that breaks down is no damaged photo`(script: String, says: String) throws {
    let test = try photos()
    let path = try before("ffprobe", "#!/bin/sh\n\(script)\n", in: test)
    try test.makeExecutable("bin/ffprobe")
    let run = try test.run(["build"], environment: path)
    #expect(run.code == 1, "it said: \(run.narration)")
    #expect(run.narration.contains("`ffprobe` \(says)"))
    #expect(!run.narration.contains("damaged") && !run.narration.contains("cannot be used"))
    #expect(try test.run(["build"]).code == 0)
  }
}
