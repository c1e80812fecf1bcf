import CampaignCore
@testable import CampaignEngine
import Testing

/// The cache may be lost, torn or full of garbage: that costs time, never truth.
struct HashCacheTests {
  let lab = Lab()
  let chain = recipe(make("clip", from: ["a"], isCostly: true), make("final", from: ["clip"]))

  init() {
    lab.write("a", "A")
    lab.build(chain)
  }

  private var cache: [UInt8] {
    get { (try? Files.read(lab.root + "/.campaign/cache")) ?? [] }
    nonmutating set { try? Files.write(newValue, to: lab.root + "/.campaign/cache") }
  }

  @Test func truncatedAtEveryByteIsStillRight() {
    let whole = cache
    for count in 0..<whole.count {
      cache = Array(whole.prefix(count))
      let run = lab.build(chain)
      #expect(!run.ran.contains("clip"), "cut at \(count)")
      #expect(lab.read("final") == "0(0(A))")
      #expect(lab.build(chain).ran == [], "cut at \(count): the mended cache holds")
    }
  }

  @Test func flippedBytesAreStillRight() {
    let whole = cache
    for index in stride(from: 0, to: whole.count, by: 3) {
      var bytes = whole
      bytes[index] ^= 0x55
      cache = bytes
      #expect(!lab.build(chain).ran.contains("clip"), "flipped at \(index)")
      #expect(lab.read("final") == "0(0(A))")
    }
  }

  /// What was appended is read back from the file. Where someone else has written there, it is lost to this process alone.
  @Test(arguments: [false, true]) func muchThatIsAppendedIsFoundAgain(isDisturbed: Bool) throws {
    let path = lab.root + "/.campaign/cache"
    let cache = HashCache(path: path)
    try cache.openForWriting()
    if isDisturbed { self.cache += [UInt8](repeating: 7, count: 8) }
    func record(_ number: Int) -> HashCache.FileRecord {
      let stamp = FileStamp(size: Int64(number), modified: 1, changed: 2, inode: 3)
      return .init(stamp: stamp, hash: ContentHash(high: 1, low: UInt64(number)), isRacy: false)
    }
    func isRight(_ cache: HashCache, _ number: Int) -> Bool {
      cache.file("file \(number)") == record(number) && cache.trace("clip") != nil
    }
    var (lost, wrong) = (0, 0)
    for number in 0..<20_000 {
      try cache.remember("file \(number)", record(number))
      if !isRight(cache, number / 2) { lost += 1 }
      if let found = cache.file("file \(number / 2)"), found != record(number / 2) { wrong += 1 }
    }
    try cache.flush()
    let again = HashCache(path: path)
    #expect(wrong == 0 && (lost == 0 || isDisturbed))
    #expect((0..<20_000).count { !isRight(again, $0) } == 0)
  }

  /// They are added up before the checksum over them can be checked.
  @Test func countsOfThePlanCacheMayBeHuge() throws {
    let path = lab.root + "/.campaign/plan"
    var plan = try Files.read(path)
    plan.replaceSubrange(64..<108, with: repeatElement(0xFF, count: 44))
    try Files.write(plan, to: path)
    #expect(lab.build(chain).ran == [])
  }

  @Test func garbageIsSteppedOver() {
    let whole = cache
    cache = whole + Array("rubbish of any length".utf8)
    #expect(lab.build(chain).ran == [])
    lab.write("a", "AA")
    #expect(lab.build(chain).ran == ["clip", "final"])
    #expect(lab.build(chain).ran == [])
    cache = Array("another format altogether, and long enough for a header".utf8)
    #expect(lab.build(chain).ran == ["final"])
    #expect(lab.build(chain).ran == [])
  }

  @Test func compactsItself() throws {
    lab.write("big", String(repeating: "x", count: 100))
    let wide = recipe(make("o", from: ["a"], [("note", Template(String(repeating: "n", count: 4000)))]))
    for round in 0..<60 {
      lab.write("a", "round \(round)")
      lab.build(wide)
    }
    #expect(cache.count < 140_000)
    #expect(lab.build(wide).ran == [])
  }
}
