import Glibc

/// A continuous-integration service that reads marks in a log.
package enum CIService: Hashable, Sendable {
  case github
  case gitlab

  /// By what the services set in the environment; nil: none that we know.
  package static func of(_ environment: [String: String]) -> CIService? {
    if environment["GITHUB_ACTIONS"] == "true" { return .github }
    return environment["GITLAB_CI"] == "true" ? .gitlab : nil
  }

  /// The variables that `of` and its users look at.
  package static let variables = ["GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY"]

  /// Opens a group of lines that is shown folded.
  ///
  /// - Parameters:
  ///   - name: unique in the log.
  ///   - time: seconds since 1970.
  func open(_ name: String, title: String, time: Int64) -> String {
    switch self {
    case .github: "::group::\(title)\n"
    case .gitlab:
      "section_start:\(time):\(Self.identifier(name))[collapsed=true]\r\u{1B}[0K\(title)\n"
    }
  }

  func close(_ name: String, time: Int64) -> String {
    switch self {
    case .github: "::endgroup::\n"
    case .gitlab: "section_end:\(time):\(Self.identifier(name))\r\u{1B}[0K\n"
    }
  }

  /// GitLab takes letters, digits, `_`, `.` and `-`.
  private static func identifier(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) ? $0 : "_" })
  }
}
