import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import Glibc

/// Why a command could not do its work: what to say, and with which code to leave.
struct Problem: Error {
  var code: ExitCode
  private(set) var diagnostics: [Diagnostic] = []
  /// Files and folders in which a change may mend it.
  private(set) var watched = WatchedPaths(files: [])
  private var message = ""
  private var help: String?

  init(_ message: String, help: String? = nil, code: ExitCode = .usage) {
    self.code = code
    self.message = message
    self.help = help
  }

  init(_ error: InvalidCampaign) {
    self.init(error.diagnostics)
    watched = error.watched
  }

  init(_ error: FileError) { self.init(error.description, help: error.help, code: .failure) }

  init(_ error: BuildError) {
    switch error {
    case .invalid(let diagnostics): self.init(diagnostics)
    case .locked(let owner):
      self.init(
        "another build holds the workspace: \(owner)", help: "leave out `--no-wait` to wait for it",
        code: .locked)
    case .nested(let owner):
      self.init(
        "a step cannot build or change the workspace that it is a step of: \(owner) waits for it",
        help: "what the step needs belongs into its inputs", code: .locked)
    case .file(let error): self.init(error)
    }
  }

  /// Mistakes in a Campaignfile.
  init(_ diagnostics: [Diagnostic]) {
    code = .usage
    self.diagnostics = diagnostics
  }

  func text(_ style: Style) -> String {
    guard diagnostics.isEmpty else {
      return Diagnostics(diagnostics).text(style) + "\nnothing was run, nothing was spent\n"
    }
    return style("error:", .bad) + " \(message)\n" + (help.map { style("help:", .active) + " \($0)\n" } ?? "")
  }

  /// For a CI service that shows mistakes at their places.
  var annotations: String {
    guard Surroundings.of(STDERR_FILENO).service == .github else { return "" }
    let all = diagnostics.map { diagnostic in
      GitHubAnnotation(
        title: diagnostic.code,
        message: diagnostic.help.map { "\(diagnostic.message)\n\($0)" } ?? diagnostic.message,
        site: diagnostic.site, prefix: Repository.prefix)
    }
    return GitHubAnnotation.lines(all)
  }
}
