import CampaignCore
import Glibc

extension Store {
  /// The takes of an order whose bytes are here.
  package func shelf(_ order: ContentHash) throws(FileError) -> Shelf {
    var shelf = try read(order).shelf
    shelf.takes.removeAll { !holds($0.content) }
    if let current = shelf.current, shelf[current] == nil { shelf.current = nil }
    return shelf
  }

  /// Lines of a shelf that cannot be trusted.
  func oddLines(_ order: ContentHash) throws(FileError) -> [OddLine] { try read(order).odd }

  private func read(_ order: ContentHash) throws(FileError) -> (shelf: Shelf, odd: [OddLine]) {
    var shelf = Shelf()
    let path = shelves(order)
    let odd = OddLine.reading(try Files.textIfPresent(path), of: path) { shelf.read($0) }
    return (shelf, odd)
  }

  /// Notes a bought take, for good; its bytes are kept already. It is the current one from now on.
  package func shelve(_ take: Take, of order: ContentHash) throws(FileError) {
    try append(take.line, to: order)
  }

  /// Makes an older take the current one.
  package func use(_ take: ContentHash, of order: ContentHash) throws(FileError) {
    try append(.members(["use": .string(take.hex)]), to: order)
  }

  /// Marks a take as unwanted; if it was current, none is.
  package func reject(_ take: ContentHash, of order: ContentHash, reason: String) throws(FileError) {
    try append(.members(["reject": .string(take.hex), "reason": .string(reason)]), to: order)
  }

  private func append(_ line: JSON, to order: ContentHash) throws(FileError) {
    let path = shelves(order)
    try Files.makeFolder(Files.folder(of: path)!)
    try Files.appendDurably(line.compact, to: path)
  }

  private func shelves(_ order: ContentHash) -> String { folder + "/bought/" + Self.split(order) }

  /// The file of a shelf, relative to the workspace.
  static func shelf(of order: ContentHash) -> String { StateFolder.name + "/store/bought/" + split(order) }

  /// Where the bytes of a content lie.
  package func path(of content: ContentHash) -> String { object(content) }

  /// Where a file is received before it is verified; a crash leaves it there.
  package func incoming(_ attempt: String) -> String { folder + "/incoming/" + attempt }
}
