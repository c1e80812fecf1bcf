import ArgumentParser
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting

/// Reads everything again, and says what is not as it was.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Read every file again, and report rot, damage and strays.",
    discussion: """
      A build trusts the times of files; this does not. It reads sources, outputs
      and the whole store. Code 1 when something is damaged or lost. Nothing is
      changed.

      Examples:
        campaign verify
        campaign verify --json
      """)

  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print the findings as JSON.")
  var json = false

  func run() throws {
    let project = try workspace.load()
    let verification: Verification
    do { verification = try project.verify() } catch { throw Problem(error) }
    Output.results.write(json ? verification.json.pretty : verification.text(workspace.look.style))
    if verification.findings.contains(where: \.kind.isDamage) { throw ExitCode.failure }
  }
}

extension Verification {
  func text(_ style: Style) -> String {
    let column = min(48, findings.map { TextWidth.of($0.path) }.max() ?? 0)
    let lines = findings.map { finding in
      let tone: Style.Tone = finding.kind.isDamage ? .bad : .warning
      return style(TextWidth.pad(finding.kind.rawValue, to: 7), tone) + "  "
        + TextWidth.pad(Wording.clean(finding.path), to: column) + "  \(finding.words)\n"
    }
    let damage = findings.count { $0.kind.isDamage }
    let verdict =
      damage > 0 ? style("damaged", .bad) + ": \(Wording.count(damage, "file"))" : style("sound", .good)
    return lines.joined() + verdict + ": read \(Wording.count(files, "file")), \(Wording.size(bytes))\n"
  }

  var json: JSON {
    .members([
      "v": .int(1), "sound": .bool(!findings.contains(where: \.kind.isDamage)), "files": .int(files),
      "bytes": .int(bytes),
      "findings": .array(
        findings.map {
          .members([
            "kind": .string($0.kind.rawValue), "path": .string($0.path), "message": .string($0.words),
          ])
        }),
    ])
  }
}
