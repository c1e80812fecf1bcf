import CampaignCore
import Glibc

/// Something that built-in actions need of the machine, and the package that brings it.
package enum Tool: String, CaseIterable, Sendable {
  case ffmpeg, ffprobe, fluidsynth, soundfont

  package var package: String {
    switch self {
    case .ffmpeg, .ffprobe: "ffmpeg"
    case .fluidsynth: "fluidsynth"
    case .soundfont: "fluid-soundfont-gm"
    }
  }

  /// Why it cannot be used, as far as that can be told without running it; nil: it is there.
  package var obstacle: String? {
    guard self != .soundfont else { return Soundfont.find() == nil ? "there is no soundfont" : nil }
    let found = Self.searchPath.map { $0 + "/" + rawValue }.filter { !Files.isFolder($0) && Files.exists($0) }
    guard let first = found.first else { return "`\(rawValue)` is not installed" }
    return found.contains { access($0, X_OK) == 0 } ? nil : "`\(first)` is not executable"
  }

  private static var searchPath: [String] {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/bin:/usr/bin"
    return path.split(separator: ":", omittingEmptySubsequences: false).map { $0.isEmpty ? "." : String($0) }
  }
}
