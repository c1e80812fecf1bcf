import CampaignCore
import Testing

struct ContentHashTests {
  @Test func isXXH3() {
    #expect(ContentHasher.hash([]).hex == "99aa06d3014798d86001c324468d497f")
  }

  @Test func everyByteCounts() {
    let bytes = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var seen: Set<ContentHash> = [ContentHasher.hash(bytes)]
    for index in stride(from: 0, to: bytes.count, by: 17) {
      var other = bytes
      other[index] ^= 1
      #expect(seen.insert(ContentHasher.hash(other)).inserted)
    }
  }

  @Test func textsDoNotRunTogether() {
    var one = ContentHasher()
    one.append("ab")
    one.append("c")
    var other = ContentHasher()
    other.append("a")
    other.append("bc")
    #expect(one.finish() != other.finish())
  }

  @Test func hexComesBack() {
    let hash = ContentHash(high: 0x0123_4567_89AB_CDEF, low: 7)
    #expect(hash.hex == "0123456789abcdef0000000000000007")
    #expect(ContentHash(hex: hash.hex) == hash)
    #expect(ContentHash(hex: "0123") == nil && ContentHash(hex: hash.hex.uppercased()) == nil)
  }
}
