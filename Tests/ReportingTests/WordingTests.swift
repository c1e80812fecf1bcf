import CampaignReporting
import Testing

@Suite struct WordingTests {
  @Test(arguments: [
    (0.04, "0.0s"), (0.44, "0.4s"), (9.94, "9.9s"), (9.96, "10s"), (59.6, "1m00s"), (101, "1m41s"),
    (3720, "1h02m"),
  ])
  func spellsDurations(seconds: Double, text: String) { #expect(Wording.duration(seconds) == text) }

  @Test(arguments: [
    (1, "1 byte"), (999, "999 bytes"), (37_200, "37.2 kB"), (999_960, "1.0 MB"), (14_200_000, "14.2 MB"),
  ])
  func spellsSizes(bytes: Int64, text: String) { #expect(Wording.size(bytes) == text) }

  @Test func cutsLongLists() {
    #expect(Wording.list(["a", "b", "c"]) == "a, b, c")
    #expect(Wording.list(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more")
  }

  @Test func takesTheSpellsOutOfForeignText() {
    #expect(Wording.clean("\u{1B}[1;31mred\u{1B}[0m\ttab\u{7}\u{9B}8m é 部屋") == "red tab8m é 部屋")
  }
}
