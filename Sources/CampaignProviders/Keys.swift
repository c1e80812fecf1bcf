import CampaignCore
import Glibc

/// The keys of providers: from the environment, or from a file that nobody else can read.
struct Keys {
  private var file: [String: String] = [:]

  init() throws(ProviderFailure) {
    guard let path = Secrets.keysFile, Files.exists(path) else { return }
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
      status.st_mode & 0o077 == 0
    else {
      throw ProviderFailure(
        .credential, "others can read the file of keys `\(path)`", help: "chmod 600 \(path)")
    }
    for line in ((try? Files.text(path)) ?? "").split(separator: "\n") {
      guard let sign = line.firstIndex(of: "=") else { continue }
      file[String(line[..<sign])] = String(line[line.index(after: sign)...])
    }
  }

  /// Throws when there is no such key.
  func key(_ name: String) throws(ProviderFailure) -> String {
    if let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty { return value }
    if let value = file[name], !value.isEmpty { return value }
    throw ProviderFailure(
      .credential, "there is no key: \(name) is not set",
      help: "set \(name) in the environment, or write `\(name)=...` into ~/.config/campaign/keys (mode 0600)")
  }
}
