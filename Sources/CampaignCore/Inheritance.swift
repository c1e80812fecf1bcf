import Glibc

/// What the programs that we run get of our environment, and what of it has to be kept out of logs.
///
/// Whoever runs many programs reads it once.
package struct Inheritance: Sendable {
  private let all: Block
  /// Without keys and passwords.
  private let harmless: Block
  let secrets: Secrets

  /// `name=value` texts as C has them, so that starting a program copies none of them.
  private struct Block {
    private(set) var bytes: [CChar] = []
    private(set) var starts: [Int] = []
    private(set) var places: [String: Int] = [:]

    init(_ variables: [EnvironmentVariable]) {
      // Of two with one name the first counts, as for `getenv`.
      for variable in variables where places[variable.name] == nil {
        places[variable.name] = starts.count
        starts.append(bytes.count)
        bytes += variable.text.utf8CString
      }
    }
  }

  package static func now() -> Inheritance {
    let all = EnvironmentVariable.all()
    return Inheritance(
      all: Block(all), harmless: Block(all.filter { !Secrets.isName($0.name) }),
      secrets: Secrets.visible(in: all))
  }

  /// Calls `body` with the NULL-terminated environment of a program: ours, with variables added or replaced.
  func with<Result>(
    _ added: [String: String], secrets: Bool, _ body: (UnsafePointer<UnsafePointer<CChar>>) -> Result
  ) -> Result {
    let block = secrets ? all : harmless
    return block.bytes.withUnsafeBufferPointer { bytes in
      var texts: [UnsafePointer<CChar>] = block.starts.map { bytes.baseAddress! + $0 }
      let copies = added.sorted { $0.key < $1.key }.map { name, value in
        let copy = strdup("\(name)=\(value)")!
        if let place = block.places[name] { texts[place] = UnsafePointer(copy) } else { texts.append(copy) }
        return copy
      }
      defer { copies.forEach { free($0) } }
      return withTerminated(texts, body)
    }
  }
}

/// Calls `body` with the array and a NULL after it.
func withTerminated<Result>(
  _ texts: [UnsafePointer<CChar>], _ body: (UnsafePointer<UnsafePointer<CChar>>) -> Result
) -> Result {
  let pointers = texts.map(Optional.init) + [nil]
  return pointers.withUnsafeBufferPointer { buffer in
    buffer.baseAddress!.withMemoryRebound(to: UnsafePointer<CChar>.self, capacity: buffer.count, body)
  }
}
