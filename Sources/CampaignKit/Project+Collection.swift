import CampaignCore
import CampaignEngine
import Glibc

/// What `gc` may remove.
package struct CollectionRequest: Sendable {
  /// Only what is older, in seconds.
  package var age: Int64 = 30 * 86_400
  /// Remove the oldest, whatever their age, until the store is no larger than so many bytes.
  package var size: Int64?
  /// Bought takes, too, but for those that count.
  package var includesPaid = false
  /// Takes that a person named: they go even if they count.
  package var named: [(target: String, number: Int)] = []

  package init() {}
}

/// Something in the store that `gc` would remove.
package struct Collectable: Hashable, Sendable {
  package var path: String
  package var size: Int64
  /// When it came, in seconds since 1970.
  package var date: Int64
  /// What it is, e.g. `take 2 of build/clips/hook.mp4, $0.60`.
  package var words: String
  /// What it cost; nil: nothing was paid for it.
  package var price: Money?
  package var isCurrent = false
}

extension Project {
  /// What `gc` would remove: never the take that counts for a target, unless it is named. Reads only.
  package func collectables(_ request: CollectionRequest) throws(BuildError) -> [Collectable] {
    let store = Store(folder: state.store)
    let now = Int64(time(nil))
    let bought: [ContentHash: Holding]
    let current: Set<ContentHash>
    var found: [Collectable]
    do throws(FileError) {
      (bought, current) = try holdings(store)
      found = try rubbish(store)
    } catch { throw .file(error) }
    var rest: [Collectable] = []
    var total: Int64 = 0
    for object in store.objects() {
      total += object.size
      guard let content = object.content, !current.contains(content) else { continue }
      let take = bought[content]
      if take != nil && !request.includesPaid { continue }
      rest.append(
        Collectable(
          path: object.path, size: object.size, date: object.date,
          words: take?.words ?? "an earlier result", price: take?.price))
    }
    rest += pieces()
    rest.sort { ($0.date, $0.path) < ($1.date, $1.path) }
    for item in rest {
      let isTooMuch = request.size.map { total > $0 } ?? false
      guard isTooMuch || (request.size == nil && now - item.date >= request.age) else { continue }
      total -= item.size
      found.append(item)
    }
    for name in request.named { found.append(try collectable(name.target, name.number, store)) }
    return found
  }

  /// Removes what was found.
  package func collect(_ items: [Collectable]) throws(BuildError) {
    try change { () throws(FileError) in for item in items { Files.remove(item.path) } }
  }

  private struct Holding {
    var words: String
    var price: Money
  }

  /// Bought takes by content, and all contents that something counts on.
  private func holdings(_ store: Store) throws(FileError) -> (
    bought: [ContentHash: Holding], current: Set<ContentHash>
  ) {
    let lock = try LockFile(path: state.lockFile)
    var current = Set(lock.entries.values.compactMap { $0["take"].flatMap { ContentHash(hex: $0) } })
    HashCache(path: state.cache).forEachTrace { current.formUnion($0.outputs.map(\.hash)) }
    let targets = Dictionary(try Ledger(path: state.journal).attempts.map { ($0.order, $0.target) }) { $1 }
    var bought: [ContentHash: Holding] = [:]
    for order in store.orders() {
      let shelf = try store.shelf(order)
      if let take = shelf.current { current.insert(take) }
      for (index, take) in shelf.takes.enumerated() {
        bought[take.content] = Holding(
          words: "take \(index + 1) of \(targets[order] ?? "?"), \(take.price)", price: take.price)
      }
    }
    return (bought, current)
  }

  /// What crashes left, and what was put aside as damaged.
  private func rubbish(_ store: Store) throws(FileError) -> [Collectable] {
    let open = Set(try Ledger(path: state.journal).attempts.filter(\.isOpen).map(\.id))
    let leftovers = store.incoming().filter { !open.contains($0.attempt) }.map(\.path)
    let odd = store.objects().filter { $0.content == nil }.map(\.path)
    return (leftovers + odd).map { path in
      let stamp = FileStamp.of(path)
      return Collectable(
        path: path, size: stamp?.size ?? 0, date: (stamp?.modified ?? 0) / 1_000_000_000, words: "rubbish")
    }
  }

  /// Parts of films, and what was found out about photos and clips; made again when they are needed.
  private func pieces() -> [Collectable] {
    Files.names(in: state.pieces).compactMap { name in
      FileStamp.of(state.pieces + "/" + name).map {
        Collectable(
          path: state.pieces + "/" + name, size: $0.size, date: $0.modified / 1_000_000_000,
          words: name.hasSuffix(".mp4") ? "a part of a film" : "what a file is like")
      }
    }
  }

  private func collectable(_ target: String, _ number: Int, _ store: Store) throws(BuildError) -> Collectable
  {
    let takes = try takes(target)
    guard let take = takes.number(number) else {
      throw .invalid([
        Diagnostic(
          "E0415", "`\(target)` has no take \(number)", at: nil, help: "`campaign takes \(target)` lists them"
        )
      ])
    }
    let path = store.path(of: take.content)
    return Collectable(
      path: path, size: FileStamp.of(path)?.size ?? 0, date: take.date,
      words: "take \(number) of \(target), \(take.price)", price: take.price,
      isCurrent: take.content == takes.current)
  }
}
