import CampaignCore
import Glibc

/// The executable behind the name of a provider.
enum ProviderProgram {
  /// Those that `campaign-provider` itself speaks.
  static let builtIn = ["replicate", "xai", "openai", "openrouter", "gemini", "ollama"]

  /// What to run: a path as it is, our own program for names that it knows, else `campaign-provider-NAME` on PATH.
  static func arguments(_ name: String) -> [String] {
    if name.contains("/") { return [name] }
    guard builtIn.contains(name) else { return ["campaign-provider-" + name] }
    let beside = ownFolder.map { $0 + "/campaign-provider" }
    return [beside.flatMap { Files.exists($0) ? $0 : nil } ?? "campaign-provider", name]
  }

  /// Where this very program lies.
  private static var ownFolder: String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return Files.folder(of: String(cString: path))
  }
}
