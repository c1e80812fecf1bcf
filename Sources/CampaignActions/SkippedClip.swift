import CampaignCore
import CampaignEngine

/// What stands in the place of a clip that a provider refused to make and that the film is to do without.
struct SkippedClip {
  let reason: String

  init(reason: String) { self.reason = reason }

  /// Nil when the file is something else.
  init?(at path: String) {
    guard let stamp = FileStamp.of(path), stamp.size < 4096, let bytes = try? Files.read(path),
      let reason = (try? JSON.parse(bytes))?["skipped"]?.string
    else { return nil }
    self.reason = reason
  }

  func write(to path: String) throws(StepFailure) {
    let text = JSON.members(["skipped": .string(String(reason.prefix(1000)))]).pretty
    do throws(FileError) { try Files.write(text, to: path) } catch { throw StepFailure(error) }
  }
}
