import CampaignCore

/// Paths interned to dense ids. Bytes lie NUL-terminated in one buffer, ready for a system call.
package struct PathTable: Sendable {
  private var bytes: [UInt8] = []
  private var starts: [UInt32] = []
  private var slots = OffsetTable()

  var count: Int { starts.count }

  /// The id of `path`, new if it was not there.
  mutating func intern(_ path: String) -> ArtifactID {
    let key = Self.key(path)
    if let id = find(path, key: key) { return id }
    let id = ArtifactID(starts.count)
    slots.insert(key, UInt64(starts.count))
    starts.append(UInt32(bytes.count))
    bytes.append(contentsOf: path.utf8)
    bytes.append(0)
    return id
  }

  func find(_ path: String) -> ArtifactID? { find(path, key: Self.key(path)) }

  func path(_ id: ArtifactID) -> String {
    withPath(id) { String(cString: $0) }
  }

  func withPath<Result>(_ id: ArtifactID, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { buffer in
      let start = UnsafeRawPointer(buffer.baseAddress! + Int(starts[Int(id.index)]))
      return body(start.assumingMemoryBound(to: CChar.self))
    }
  }

  private func find(_ path: String, key: UInt64) -> ArtifactID? {
    slots.find(key) { self.path(ArtifactID(Int($0))) == path }.map { ArtifactID(Int($0)) }
  }

  package static func key(_ path: String) -> UInt64 {
    var path = path
    return path.withUTF8 { checksum(UnsafeRawBufferPointer($0)) }
  }
}
