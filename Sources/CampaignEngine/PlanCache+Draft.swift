import CampaignCore

extension PlanCache {
  /// A plan cache in the making.
  struct Draft {
    var header = Header()
    var stamps: [FileStamp] = []
    var hashes: [ContentHash] = []
    var paths = PathTable()
    var rules: [Rule] = []
    var steps: [Step] = []
    var outputs: [ArtifactID] = []
    var inputs: [ArtifactID] = []
    var roles: [Int32] = []
    var elements: [UInt8] = []
    /// What vouches for the call, with stamps from before it was read.
    var watched: [WatchedFile] = []
    /// Of some file that the verdict rests on it is not sure what it contains: it vouches for no call.
    var hasGaps = false

    /// Replaces the file at `path`. Not synced: what a crash leaves of it does not check out.
    mutating func write(to path: String) throws(FileError) {
      let bytes = bytes()
      try Files.write(bytes, to: path + ".new")
      try Files.rename(path + ".new", to: path)
    }

    private mutating func bytes() -> [UInt8] {
      var (starts, pathBytes) = (paths.starts, paths.bytes)
      for file in watched {
        stamps.append(file.stamp)
        starts.append(UInt32(pathBytes.count))
        pathBytes += Array(file.path.utf8) + [0]
      }
      count(pathBytes)
      header.holdsAllTraces = steps.count { $0.trace != 0 } == header.traces ? 1 : 0
      var bytes: [UInt8] = []
      bytes.reserveCapacity(
        PlanCacheColumns.headerSize + Self.room(stamps) + Self.room(starts) + Self.room(pathBytes)
          + Self.room(hashes) + Self.room(paths.slots) + Self.room(rules) + Self.room(steps)
          + Self.room(outputs)
          + Self.room(inputs) + Self.room(roles) + Self.room(elements))
      bytes += [UInt8](repeating: 0, count: PlanCacheColumns.headerSize)
      Self.append(stamps, to: &bytes)
      Self.append(starts, to: &bytes)
      Self.append(pathBytes, to: &bytes)
      let end = bytes.count
      Self.append(hashes, to: &bytes)
      Self.append(paths.slots, to: &bytes)
      Self.append(rules, to: &bytes)
      Self.append(steps, to: &bytes)
      Self.append(outputs, to: &bytes)
      Self.append(inputs, to: &bytes)
      Self.append(roles, to: &bytes)
      Self.append(elements, to: &bytes)
      seal(&bytes, end)
      return bytes
    }

    private mutating func count(_ pathBytes: [UInt8]) {
      header.files = UInt32(paths.count)
      header.watched = UInt32(watched.count)
      header.pathBytes = UInt32(pathBytes.count)
      header.slots = UInt32(paths.slots.count)
      header.rules = UInt32(rules.count)
      header.steps = UInt32(steps.count)
      header.outputs = UInt32(outputs.count)
      header.inputs = UInt32(inputs.count)
      header.elementBytes = UInt32(elements.count)
    }

    private mutating func seal(_ bytes: inout [UInt8], _ end: Int) {
      header.secondSeal = bytes.withUnsafeBytes { checksum(UnsafeRawBufferPointer(rebasing: $0[end...])) }
      bytes.withUnsafeMutableBytes { $0.storeBytes(of: header, as: Header.self) }
      header.firstSeal = bytes.withUnsafeBytes { PlanCacheColumns.firstSeal($0, end: end) }
      bytes.withUnsafeMutableBytes { $0.storeBytes(of: header, as: Header.self) }
    }

    private static func room<Value>(_ column: [Value]) -> Int {
      column.count * MemoryLayout<Value>.stride + 15
    }

    private static func append<Value>(_ column: [Value], to bytes: inout [UInt8]) {
      column.withUnsafeBytes { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: repeatElement(0, count: (16 - bytes.count % 16) % 16))
    }
  }
}
