import CampaignCore
import Glibc

/// What a build is called: a time in milliseconds to sort by, and two words to remember, e.g.
/// `20261123-152017042-amber-heron`.
package struct RunName: Hashable, Sendable {
  package let full: String

  package init(_ full: String) { self.full = full }

  /// Of a build that begins now.
  static func new() -> RunName {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var parts = tm()
    gmtime_r(&now.tv_sec, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y%m%d-%H%M%S", &parts)
    let stamp = String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let millis = String(1000 + now.tv_nsec / 1_000_000).dropFirst()
    return RunName("\(stamp)\(millis)-\(colours.randomElement()!)-\(birds.randomElement()!)")
  }

  /// E.g. `amber-heron`.
  package var short: String { String(full.split(separator: "-").dropFirst(2).joined(separator: "-")) }

  /// When it began, in seconds since 1970; nil when the name does not say.
  package var date: Int64? {
    let digits = full.prefix(15).filter(\.isNumber)
    guard digits.count == 14 else { return nil }
    let text = Array(digits)
    func number(_ start: Int, _ count: Int) -> Int32 { Int32(String(text[start..<start + count])) ?? 0 }
    var parts = tm()
    parts.tm_year = number(0, 4) - 1900
    parts.tm_mon = number(4, 2) - 1
    parts.tm_mday = number(6, 2)
    parts.tm_hour = number(8, 2)
    parts.tm_min = number(10, 2)
    parts.tm_sec = number(12, 2)
    return Int64(timegm(&parts))
  }

  private static let colours = [
    "amber", "ash", "azure", "bronze", "brown", "chalk", "cobalt", "copper", "coral", "cream", "crimson",
    "dusk",
    "ebony", "fawn", "flint", "frost", "golden", "green", "grey", "hazel", "indigo", "iron", "ivory", "jade",
    "lilac", "lime", "maroon", "mauve", "mint", "misty", "moss", "navy", "ochre", "olive", "onyx", "opal",
    "pearl", "pine", "plum", "quartz", "red", "rose", "ruby", "russet", "rust", "saffron", "sage", "sand",
    "scarlet", "sepia", "silver", "sky", "slate", "snow", "straw", "tan", "tawny", "teal", "topaz", "umber",
    "velvet", "violet", "white", "yellow",
  ]

  private static let birds = [
    "auk", "avocet", "bittern", "bunting", "crake", "crane", "crow", "cuckoo", "curlew", "dipper", "dove",
    "duck",
    "dunlin", "eagle", "egret", "eider", "falcon", "finch", "gannet", "godwit", "goose", "grebe", "grouse",
    "gull", "harrier", "hawk", "heron", "hobby", "hoopoe", "ibis", "jackdaw", "jay", "kestrel", "kite",
    "knot",
    "lark", "linnet", "magpie", "martin", "merlin", "oriole", "osprey", "owl", "petrel", "pigeon", "pipit",
    "plover", "puffin", "quail", "rail", "raven", "robin", "rook", "ruff", "shrike", "siskin", "skua",
    "snipe",
    "stork", "swan", "swift", "teal", "tern", "wren",
  ]
}
