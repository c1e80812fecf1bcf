import CampaignCore
import Testing

struct QuantityTests {
  @Test(arguments: [("6s", "6s"), ("500ms", "500ms"), ("1.5s", "1.5s"), ("1500ms", "1.5s"), ("2m", "120s")])
  func durationsHaveOneSpelling(text: String, canonical: String) {
    #expect(Milliseconds(text)?.description == canonical)
  }

  @Test(arguments: ["6", "s", "-1s", "6 s", "6h", "1e9s", "nans"])
  func otherDurationsAreRefused(text: String) { #expect(Milliseconds(text) == nil) }

  @Test(arguments: [(0, "$0.00"), (1_200_000, "$1.20"), (-50_000, "-$0.05"), (1_234_567, "$1.234567")])
  func moneyShowsCentsAndWhatIsBelow(micros: Int64, text: String) {
    #expect(Money(micros: micros).description == text)
  }

  @Test func sumsStopAtTheLargestAmount() {
    let (most, least) = (Money(micros: .max), Money(micros: .min))
    #expect(most + Money(micros: 1) == most && most - Money(micros: -1) == most && most * 20 == most)
    #expect(least - Money(micros: 1) == least && least + Money(micros: -1) == least && least * 2 == least)
    #expect(least.description == "-$9223372036854.775808")
    #expect(Money(micros: 3) * 2 - Money(micros: 1) == Money(micros: 5))
  }

  @Test(arguments: [(1e300, "9223372036854775.807"), (-1e300, "-9223372036854775.808"), (.nan, "0.000")])
  func anyNumberHasAText(value: Double, text: String) { #expect(JSON.fixed(value, places: 3) == text) }

  @Test func loudnessAndSizesHaveOneSpelling() {
    #expect(Loudness("-14 LUFS")?.description == "-14 LUFS")
    #expect(Loudness("-14.5LUFS")?.description == "-14.50 LUFS")
    #expect(Loudness("-14") == nil && Loudness("-99.999 LUFS") == nil)
    #expect(FrameSize("1920x1080") == FrameSize(width: 1920, height: 1080))
    #expect(FrameSize("1920") == nil && FrameSize("0x4") == nil)
  }

  @Test func suggestionsAreNearOrNone() {
    #expect(suggestion(for: "durration", among: ["duration", "transition"]) == "duration")
    #expect(suggestion(for: "cilps", among: ["clips", "pairs"]) == "clips")
    #expect(suggestion(for: "x", among: ["by"]) == nil)
    #expect(suggestion(for: "name", among: ["mane", "nam", "names"]) == "nam")
  }

  @Test(arguments: [
    ("fsp", "fps", 1), ("abcdef", "badcfe", 3), ("kitten", "sitting", 3), ("short", "shorter!", 3),
    ("prompt", "romp", 2), ("äö", "öä", 1),
  ])
  func wordsAreAsFarApartAsIsNeeded(word: String, other: String, distance: Int) {
    #expect(suggestion(for: word, among: [other], within: distance) != nil)
    #expect(suggestion(for: word, among: [other], within: distance - 1) == nil)
    #expect(suggestion(for: other, among: [word], within: distance) != nil)
  }
}
