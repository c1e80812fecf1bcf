import ArgumentParser
import CampaignCore
import CampaignReporting
import CampaignSyntax
import Glibc

/// Formats Campaignfiles.
struct FmtCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt",
    abstract: "Bring a Campaignfile into the one form.",
    discussion: """
      Comments stay. A file with mistakes is left alone.

      Examples:
        campaign fmt
        campaign fmt --check    code 1 when it would change
      """)

  @Argument(help: "Files to bring into form; the Campaignfile when none is given.")
  var files: [String] = []

  @Option(
    name: .customShort("C", allowingJoined: true),
    help: ArgumentHelp("Work in another folder.", valueName: "dir"))
  var folder: String?

  @Flag(help: "Change nothing; leave with code 1 when a file is not in form.")
  var check = false

  func run() throws {
    if let folder { try Workspace.enter(folder) }
    var isInForm = true
    for file in files.isEmpty ? ["Campaignfile"] : files {
      let bytes: [UInt8]
      do { bytes = try Files.read(file) } catch { throw Problem(error.description) }
      let (text, diagnostics) = format(file: file, bytes: bytes)
      guard let text else { throw Problem(diagnostics) }
      if text == bytes { continue }
      isInForm = false
      if !check { try replace(file, by: text) }
      Output.results.write(
        check ? "\(file) is not in form: `campaign fmt` changes it\n" : "changed \(file)\n")
    }
    if check && !isInForm { throw ExitCode.failure }
  }

  /// By rename, so that an editor or a crash never sees half a file; its permissions stay.
  private func replace(_ file: String, by text: [UInt8]) throws(Problem) {
    let staged = file + ".campaign-fmt"
    do {
      var status = stat()
      try Files.write(text, to: staged)
      if stat(file, &status) == 0 { chmod(staged, status.st_mode & 0o7777) }
      try Files.rename(staged, to: file)
    } catch { throw Problem(error) }
  }
}
