import CampaignCore
import Glibc

/// Costly outputs by content, and which contents each key gave. Only ever grows; a build deletes nothing here.
package struct Store: Sendable {
  let folder: String

  package init(folder: String) { self.folder = folder }

  /// Keeps a copy of a file, on disk for good when this returns.
  package func keep(_ path: String, hash: ContentHash) throws(FileError) {
    let object = object(hash)
    if Files.exists(object) { return }
    try Files.makeFolder(Files.folder(of: object)!)
    // Two steps may keep the same content at once.
    let staged = object + ".\(UInt64.random(in: 0 ... .max))"
    try Files.copy(path, to: staged)
    try Files.sync(staged)
    try Files.rename(staged, to: object)
  }

  package func holds(_ hash: ContentHash) -> Bool { Files.exists(object(hash)) }

  /// Copies a kept file to `path`. Returns false, and puts the object aside, when it is not what it was.
  package func restore(_ hash: ContentHash, to path: String) throws(FileError) -> Bool {
    if try Files.copy(object(hash), to: path) == hash { return true }
    try Files.rename(object(hash), to: object(hash) + ".damaged")
    return false
  }

  /// Notes, for good, that `key` gave these outputs. The last note counts.
  package func recordTake(_ key: ContentHash, outputs: [ContentHash]) throws(FileError) {
    if take(key) == outputs { return }
    let path = takes(key)
    try Files.makeFolder(Files.folder(of: path)!)
    let descriptor = try Files.open(path, O_WRONLY | O_CREAT | O_APPEND, "write")
    defer { close(descriptor) }
    try Files.append(
      Array((outputs.map(\.hex).joined(separator: " ") + "\n").utf8), to: descriptor, path: path)
    guard fsync(descriptor) == 0 else { throw FileError("sync", path) }
  }

  /// The outputs that `key` gave last, if all of them are still here.
  package func take(_ key: ContentHash) -> [ContentHash]? {
    guard let text = try? Files.text(takes(key)) else { return nil }
    for line in text.split(separator: "\n").reversed() {
      let hashes = line.split(separator: " ").map { ContentHash(hex: $0) }
      let known = hashes.compactMap { $0 }
      if !known.isEmpty, known.count == hashes.count, known.allSatisfy(holds) { return known }
    }
    return nil
  }

  func object(_ hash: ContentHash) -> String { folder + "/objects/" + Self.split(hash) }
  private func takes(_ key: ContentHash) -> String { folder + "/takes/" + Self.split(key) }

  static func split(_ hash: ContentHash) -> String {
    hash.hex.prefix(2) + "/" + hash.hex.dropFirst(2)
  }
}
