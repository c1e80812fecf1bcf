import CampaignCore

/// What an action keeps between runs, by the hash of all that shapes it.
///
/// A film of a hundred clips keeps its transitions here, so that one changed clip costs two of them; and what was found
/// out about a photo or a clip, so that nobody has to look again.
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

  /// The bytes for `key`, made by `make()` unless they are there already.
  package func bytes(
    _ key: ContentHash, make: () throws(StepFailure) -> [UInt8]
  ) throws(StepFailure) -> [UInt8] {
    let piece = try piece(key, suffix: "") { path throws(StepFailure) in
      let bytes = try make()
      do throws(FileError) {
        try Files.write(Array(ContentHasher.hash(bytes).hex.utf8) + bytes, to: path)
      } catch { throw StepFailure(error) }
    }
    let kept: [UInt8]
    do { kept = try Files.read(piece.path) } catch { throw StepFailure(error) }
    let bytes = Array(kept.dropFirst(32))
    if kept.starts(with: ContentHasher.hash(bytes).hex.utf8) { return bytes }
    // A power cut can leave a piece that is there but not whole.
    Files.remove(piece.path)
    guard !piece.wasMade else { throw StepFailure("`\(piece.path)` cannot be kept") }
    return try self.bytes(key, make: make)
  }
}
