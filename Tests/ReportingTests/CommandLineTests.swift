import CampaignCore
import CampaignEngine
import CampaignReporting
import Testing

@testable import CampaignCLI
@testable import CampaignKit

@Suite struct CommandLineTests {
  @Test func keepsItsExitCodes() {
    let codes: [ExitCode] = [
      .success, .failure, .usage, .stale, .locked, .interrupted(signal: 2), .interrupted(signal: 15),
    ]
    #expect(codes.map(\.status) == [0, 1, 2, 3, 7, 130, 143])
  }

  @Test(arguments: [
    (["build", "--frobnicate"], "unknown option `--frobnicate`"),
    (["build", "-j0"], "`-j` takes a number from 1 to 10000"),
    (["build", "--set", "film"], "the value `film` is invalid for `--set <name=value>`"),
    (["build", "--json", "--events", "-"], "`--json` and `--events -` both want standard output"),
    (["build", "-n", "--events", "e"], "`-n` runs nothing, so `--events` has nothing to tell"),
    (["adopt"], "missing expected argument `<target>`"),
  ])
  func tellsAMistakeInTheCallInTwoLines(arguments: [String], message: String) {
    #expect(
      mistake(arguments) == "error: \(message)\nhelp: `campaign \(arguments[0]) --help` lists the options\n")
  }

  @Test(arguments: [
    ("biuld", "did you mean `build`?"),
    ("hlep", "did you mean `help`?"),
    ("final.mp4", "`campaign build final.mp4` makes a file; `campaign help` lists the commands"),
  ])
  func knowsNoOtherCommands(word: String, help: String) {
    #expect(mistake([word]) == "error: unknown command `\(word)`\nhelp: \(help)\n")
  }

  @Test func saysWhereOptionsStand() {
    #expect(
      mistake(["-f", "other", "plan"])
        == "error: unknown option `-f`\nhelp: options stand after the command: campaign plan -f ...\n")
  }

  private func mistake(_ arguments: [String]) -> String {
    do {
      _ = try CampaignCommand.parseAsRoot(arguments)
      return ""
    } catch {
      return UsageMistake(CampaignCommand.message(for: error), arguments: arguments).text
    }
  }

  @Test func readsWhatFingersKnow() throws {
    let arguments = [
      "build", "-j4", "-k", "-B", "-C", "d", "-f", "F", "--force", "a", "--force", "b", "--set", "x=-1=y",
      "t",
    ]
    let build = try #require(CampaignCommand.parseAsRoot(arguments) as? BuildCommand)
    #expect(build.jobs == 4 && build.keepGoing && build.request.forceAll)
    #expect(build.request.request.forced == ["a", "b"])
    #expect(build.request.request.targets == ["t", "a", "b"])
    #expect(build.workspace.folders == ["d"] && build.workspace.file == "F")
    #expect(build.workspace.overrides.map(\.name) == ["x"])
    #expect(build.workspace.overrides.map(\.value) == ["-1=y"])
    let spaced = try #require(CampaignCommand.parseAsRoot(["build", "-j", "4"]) as? BuildCommand)
    #expect(spaced.jobs == 4)
  }

  /// Wider lines would be broken in odd places.
  @Test func helpFitsEightyColumns() {
    for command in CampaignCommand.commands {
      let help = CampaignCommand.helpMessage(for: command, columns: 200)
      let prose = help.split(separator: "\n").prefix { !$0.hasPrefix("USAGE:") }
      #expect(prose.dropFirst().filter { $0.count > 80 } == [])
    }
  }

  @Test func explainsCodesAndLeavesOtherHelpAlone() {
    #expect(Front.explained(["help", "e0204"]) == "E0204")
    #expect(Front.explained(["help", "build"]) == nil)
    #expect(Front.explained(["help"]) == nil)
    #expect(Front.explained(["explain", "E0204"]) == nil)
  }

  @Test func saysThatNothingWasSpentOnAWrongCampaign() {
    let mistakes = [
      Diagnostic("E0101", "one", at: nil), Diagnostic("E0102", "two", at: nil, help: "do this"),
    ]
    let problem = Problem(InvalidCampaign(diagnostics: mistakes))
    #expect(problem.code == .usage)
    #expect(
      problem.text(.plain) == """
        error[E0101]: one

        error[E0102]: two
        help: do this

        nothing was run, nothing was spent

        """)
  }

  @Test func saysWhoHoldsTheWorkspace() {
    let problem = Problem(BuildError.locked(owner: "process 4711"))
    #expect(problem.code == .locked)
    #expect(
      problem.text(.plain) == """
        error: another build holds the workspace: process 4711
        help: leave out `--no-wait` to wait for it

        """)
  }

  @Test func explainsATarget() {
    let explanation = Explanation(
      entry: entry("build/hook.mp4", from: ["photos/a.jpg", "build/b.png"], .stale([photoChanged])),
      fields: [
        .init(name: "by", old: "local", new: "local"), .init(name: "duration", old: "4s", new: "6s"),
        .init(name: "prompt", old: "a slow dolly over the pool", new: "a crane up over the pool"),
      ],
      inputs: [
        .init(path: "photos/a.jpg", hash: "3f2a9c41", oldHash: "77aa01bc", change: .changed),
        .init(
          path: "build/b.png", maker: entry("build/b.png", from: [], .stale([.neverBuilt])), change: .unknown),
      ],
      steps: [entry("build/b.png", from: ["photos/c.jpg"], .current)],
      sources: [.init(path: "photos/c.jpg", hash: "0c0c0c0c", change: .unknown)],
      last: .init(
        finished: 0, seconds: 12, cost: Money(micros: 600_000), wasEdited: false, isKept: true))
    #expect(
      explanation.text(.plain, isVerbose: false).split(separator: "\n").filter { !$0.contains("last  ") }
        .joined(separator: "\n") == """
          build/hook.mp4 is stale: photos/a.jpg changed
            made by  generate-clip, at Campaignfile:14
            with     by       = local
                     duration = 4s -> 6s
                     prompt   = a [-slow dolly-] {+crane up+} over the pool
            from     photos/a.jpg  77aa01bc -> 3f2a9c41  source, changed
                     build/b.png   missing  generate-clip, is stale: never built
            rests on 1 source: photos/c.jpg
                     by way of build/b.png
            back     what was made then is in the store: to go back costs nothing
          """)
    #expect(explanation.json["fields"]?.array?[1]["new"] == .string("6s"))
  }

  @Test func doctorNamesWhatFfmpegLacks() {
    let list = " T.. fade   V->V  Fade in/out.\n ... xfade  VV->V  Cross fade.\n"
    #expect(
      Doctor.compare("filters", ["fade", "xfade"], with: list).text(.plain)
        == "✓ filters     all 2 that are needed\n")
    #expect(
      Doctor.compare("filters", ["fade", "gblur"], with: list).text(.plain) == """
        ✗ filters     missing: gblur
                      apt install ffmpeg, and see that no reduced ffmpeg comes before it in PATH

        """)
  }
}
