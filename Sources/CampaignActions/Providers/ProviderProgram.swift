import CampaignCore
import Glibc

/// The executable behind the name of a provider.
package enum ProviderProgram {
  /// Those that `campaign-provider` itself speaks.
  package static let builtIn = ["replicate", "xai", "openai", "openrouter", "gemini", "ollama"]

  /// What to run: a path as it is, our own program for names that it knows, else `campaign-provider-NAME` on PATH.
  static func arguments(_ name: String) -> [String] {
    if name.contains("/") { return [name] }
    return builtIn.contains(name) ? [beside("campaign-provider"), name] : ["campaign-provider-" + name]
  }

  /// A program that is installed with this one, or else on PATH.
  package static func beside(_ name: String) -> String {
    let path = ownFolder.map { $0 + "/" + name }
    return path.flatMap { Files.exists($0) ? $0 : nil } ?? name
  }

  /// Where this very program lies.
  private static var ownFolder: String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return Files.folder(of: String(cString: path))
  }
}
