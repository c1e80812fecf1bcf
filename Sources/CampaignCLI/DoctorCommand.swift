import ArgumentParser
import CampaignCore
import CampaignReporting

/// Prints what `Doctor` finds.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check that this machine has what is needed.",
    discussion: """
      Each line says what was found, or what to do. Code 1 when something needed is
      missing.

      Example:
        campaign doctor
      """)

  @Option(
    name: .customShort("C", allowingJoined: true),
    help: ArgumentHelp("Work in another folder.", valueName: "dir"))
  var folder: String?

  @Flag(help: "Print the findings as JSON.")
  var json = false

  @OptionGroup var look: LookOptions

  func run() throws {
    if let folder { try Workspace.enter(folder) }
    let findings = Doctor.examine()
    let isWell = findings.allSatisfy(\.isGood)
    if json {
      let all = JSON.array(findings.map(\.json))
      Output.results.write(JSON.members(["v": .int(1), "well": .bool(isWell), "findings": all]).pretty)
    } else {
      Output.results.write(findings.map { $0.text(look.style) }.joined())
    }
    if !isWell { throw ExitCode.failure }
  }
}
