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
    (["build", "-j0"], "`-j` takes a number from 1 up"),
    (["build", "--set", "film"], "the value `film` is invalid for `--set <name=value>`"),
    (["build", "--json", "--events", "-"], "`--json` and `--events -` both want standard output"),
    (["build", "-n", "--events", "e"], "`-n` runs nothing, so `--events` has nothing to tell"),
    (["explain"], "missing expected argument `<target>`"),
  ])
  func tellsAMistakeInTheCallInTwoLines(arguments: [String], message: String) {
    #expect(
      mistake(arguments) == "error: \(message)\nhelp: `campaign \(arguments[0]) --help` lists the options\n")
  }

  @Test(arguments: [
    ("biuld", "did you mean `build`?"),
    ("final.mp4", "`campaign build final.mp4` makes a file; `campaign help` lists the commands"),
  ])
  func knowsNoOtherCommands(word: String, help: String) {
    #expect(mistake([word]) == "error: unknown command `\(word)`\nhelp: \(help)\n")
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
    #expect(build.workspace.folder == "d" && build.workspace.file == "F")
    #expect(build.workspace.overrides.map(\.name) == ["x"])
    #expect(build.workspace.overrides.map(\.value) == ["-1=y"])
    let spaced = try #require(CampaignCommand.parseAsRoot(["build", "-j", "4"]) as? BuildCommand)
    #expect(spaced.jobs == 4)
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
      entry: entry("build/hook.mp4", from: ["photos/a.jpg", "photos/b.jpg"], .stale([photoChanged])),
      parameters: [Parameter("duration", "6s"), Parameter("by", "local")], last: nil,
      inputs: [
        .init(path: "photos/a.jpg", hash: "3f2a9c41", madeBy: nil, isChanged: true),
        .init(path: "build/b.png", hash: nil, madeBy: "generate", isChanged: nil),
      ])
    #expect(
      explanation.text(.plain) == """
        build/hook.mp4 is stale: photos/a.jpg changed
          made by  generate-clip, at Campaignfile:14
          with     duration = 6s
                   by = local
          from     photos/a.jpg  3f2a9c41  source, changed
                   build/b.png   missing   generate
          last     never run

        """)
    #expect(explanation.json["parameters"]?["duration"] == .string("6s"))
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
