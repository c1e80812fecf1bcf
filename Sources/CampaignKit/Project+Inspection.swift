import CampaignCore
import CampaignEngine

extension Project {
  /// The log of the last run of the step that makes `target`; nil when it has not run.
  package func log(_ target: String) throws(BuildError) -> String? {
    let path = state.resolve(StateFolder.log(of: target))
    guard Files.exists(path) else { return nil }
    do throws(FileError) { return try Files.text(path) } catch { throw .file(error) }
  }
}
