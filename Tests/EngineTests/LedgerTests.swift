import CampaignCore
import Glibc
import Testing

@testable import CampaignEngine

/// The journal of paid requests, the shelves of takes and the lock file, each read back by another process.
@Suite struct LedgerTests {
  private let lab = Lab()
  private let order = ContentHash(high: 1, low: 2)
  private var path: String { lab.root + "/.campaign/journal" }

  private func attempt(_ id: String, began: Int64 = 100) -> Attempt {
    Attempt(
      id: id, order: order, target: "clip.mp4", kind: "clip", provider: "replicate", model: "veo", run: "r",
      reserved: Money(micros: 600_000), began: began)
  }

  @Test func anAttemptIsReadBackAsItWasWritten() throws {
    let ledger = try Ledger(path: path)
    try ledger.begin(attempt("a"))
    try ledger.advance("a", to: .intent, data: .members(["seed": .int(7)]))
    try ledger.advance("a", to: .submitted, data: .members(["id": .string("job-1")]))
    let read = try #require(try Ledger(path: path)["a"])
    #expect(read == ledger["a"])
    #expect(read.state == .submitted)
    #expect(read.jobID == "job-1")
    #expect(read.checkpoints.map { $0["state"]?.string } == ["intent", "submitted"])
    #expect(try Ledger(path: path).open(order)?.id == "a")
  }

  @Test func whatIsOpenCountsWithAllThatItCanCost() throws {
    let ledger = try Ledger(path: path)
    try ledger.begin(attempt("a"))
    #expect(ledger.committed() == Money(micros: 600_000))
    try ledger.end("a", .bought, cost: Money(micros: 500_000), basis: "billed", take: order)
    #expect(ledger.committed() == Money(micros: 500_000))
    try ledger.begin(attempt("b", began: 200))
    try ledger.end("b", .unsent)
    #expect(try Ledger(path: path).committed() == Money(micros: 500_000))
    #expect(try Ledger(path: path).committed(since: 150) == .zero)
    #expect(try Ledger(path: path).open(order) == nil)
  }

  @Test func aTornLineCostsNothingElse() throws {
    let ledger = try Ledger(path: path)
    try ledger.begin(attempt("a"))
    let whole = try Files.text(path)
    try Files.write(whole + #"{"t":1,"attempt":"a","sta"#, to: path)
    #expect(try Ledger(path: path)["a"]?.state == .intent)
    try Ledger(path: path).advance("a", to: .submitted, data: .object([]))
    #expect(try Ledger(path: path)["a"]?.state == .submitted)
  }

  // MARK: - Shelves

  private func take(_ text: String, in store: Store) throws -> Take {
    let file = lab.root + "/take"
    try Files.write(text, to: file)
    let hash = try Files.hash(file)
    try store.keep(file, hash: hash)
    let take = Take(
      content: hash, attempt: text, provider: "replicate", model: "veo", seed: 1, price: Money(micros: 1),
      basis: "billed", date: 1_795_000_000)
    try store.shelve(take, of: order)
    return take
  }

  @Test func theLastTakeCountsUntilAnotherIsChosen() throws {
    let store = Store(folder: lab.root + "/store")
    let first = try take("one", in: store)
    let second = try take("two", in: store)
    #expect(try store.shelf(order).takes == [first, second])
    #expect(try store.shelf(order).current == second.content)
    try store.use(first.content, of: order)
    #expect(try store.shelf(order).current == first.content)
    try store.reject(first.content, of: order, reason: "hand")
    #expect(try store.shelf(order).current == nil)
    #expect(try store.shelf(order)[first.content]?.rejected == "hand")
    let third = try take("three", in: store)
    #expect(try store.shelf(order).current == third.content)
  }

  // MARK: - The lock file

  @Test func theLockFileIsReadBack() throws {
    let store = Store(folder: lab.root + "/store")
    var lock = LockFile()
    lock.set(try take("one", in: store), order: order, for: "build/b.mp4")
    lock.approve("build/a.json", ContentHash(high: 3, low: 4), day: Day(seconds: 1_795_000_000))
    lock.approve("build/a.json", item: "hook", order, day: Day(seconds: 1_795_000_000))
    #expect(LockFile(text: lock.text) == lock)
    #expect(
      try lock.text == """
        # The takes and approvals of this campaign. `campaign` writes it; commit it with the Campaignfile.

        build/a.json
            approved    00000000000000030000000000000004 2026-11-18
            approved:hook 00000000000000010000000000000002 2026-11-18

        build/b.mp4
            take        \(store.shelf(order).takes[0].content.hex)
            order       00000000000000010000000000000002
            provider    replicate
            model       veo
            seed        1
            price       0.000001 USD
            bought      2026-11-18

        """)
    #expect(lock.isApproved("build/a.json", item: "hook", order))
    #expect(!lock.isApproved("build/a.json", item: "hook", ContentHash(high: 9, low: 9)))
  }

  @Test func bothSidesOfAMergeAreRead() {
    let lock = LockFile(
      text: """
        a.mp4
        <<<<<<< ours
            take  00000000000000010000000000000002
            order 00000000000000010000000000000002
        =======
            take  00000000000000030000000000000004
            order 00000000000000010000000000000002
        >>>>>>> theirs
        """)
    #expect(lock.take("a.mp4", order: order) == order)
  }
}
