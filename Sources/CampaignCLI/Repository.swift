import Glibc

/// Where a CI service wants to be told what.
enum Repository {
  /// From the folder of the repository to ours, with a slash at its end; empty where they are the same.
  static var prefix: String {
    guard let top = variable("GITHUB_WORKSPACE"), let here = getcwd(nil, 0) else { return "" }
    defer { free(here) }
    let folder = String(cString: here)
    return folder.hasPrefix(top + "/") ? folder.dropFirst(top.count + 1) + "/" : ""
  }

  /// The file whose Markdown is shown beside the job.
  static var summaryPage: String? { variable("GITHUB_STEP_SUMMARY") }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}
