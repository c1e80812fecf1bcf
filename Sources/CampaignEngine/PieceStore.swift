import CampaignCore

/// Parts of outputs that an action keeps between runs, by the hash of all that shapes them.
///
/// A film of a hundred clips keeps each segment here, so that one changed clip costs one segment.
package struct PieceStore: Sendable {
  private let folder: String

  package init(folder: String) { self.folder = folder }

  /// The file for `key`, made by `make(path)` unless it is there already. The path ends in `suffix`.
  ///
  /// Two threads or builds that make the same piece at once are harmless: the last rename wins.
  package func piece(
    _ key: ContentHash, suffix: String, make: (_ path: String) throws(StepFailure) -> Void
  ) throws(StepFailure) -> (path: String, wasMade: Bool) {
    let path = folder + "/" + key.hex + suffix
    if Files.exists(path) { return (path, false) }
    let staged = "\(folder)/making-\(UInt64.random(in: 0 ... .max))\(suffix)"
    do { try Files.makeFolder(folder) } catch { throw StepFailure(error) }
    try make(staged)
    do { try Files.rename(staged, to: path) } catch { throw StepFailure(error) }
    return (path, true)
  }
}
