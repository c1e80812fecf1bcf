import CampaignCore
import CampaignProviders
import Testing

struct PriceTests {
  @Test(arguments: [
    (0, "0.00"), (1, "0.000001"), (10_000, "0.000001"), (10_001, "0.000002"), (12_345_678, "0.001235"),
    (10_000_000_000, "1.00"), (.max, "922337203.685478"),
  ])
  func ticksAreRoundedUp(ticks: Int, text: String) { #expect(TokenPrice.ofTicks(ticks).decimal == text) }

  @Test(arguments: [
    (1000, "1.25", 200, "2.50", "0.00175"), (1, "0.01", 0, "0", "0.000001"), (0, "1", 0, "1", "0.00"),
    (1_000_000, "1.25", 1_000_000, "2.5", "3.75"),
  ])
  func tokensArePricedInWholeNumbers(input: Int, inPrice: String, output: Int, outPrice: String, text: String)
  {
    #expect(TokenPrice.of(in: input, at: inPrice, out: output, at: outPrice)?.decimal == text)
  }

  @Test(arguments: ["", "-1", "+1", "1.2345678", "1e3", "1,5", ".5", "nan"])
  func otherPricesAreRefused(text: String) { #expect(Money(decimal: text) == nil) }

  @Test(arguments: [
    ("2026-11-23T11:00:00.5Z", 1_795_431_600.5), ("2026-11-23T11:00:00+00:00", 1_795_431_600),
    ("2024-02-29T23:59:59Z", 1_709_251_199),
  ])
  func timesAreReadAndWritten(text: String, seconds: Double) {
    #expect(Timestamp(iso: text)?.seconds == seconds)
    #expect(Timestamp(iso: text)?.iso == text.prefix(19) + "Z")
  }

  @Test func theDateOfAServerIsRead() {
    #expect(Timestamp(http: "Mon, 23 Nov 2026 11:00:00 GMT") == Timestamp(iso: "2026-11-23T11:00:00Z"))
    #expect(Timestamp(http: "today") == nil && Timestamp(iso: "2026-11-23T11:00:00+01:00") == nil)
  }

  @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar"])
  func bytesSurviveBase64(text: String) {
    #expect(Base64.decoded(Base64.encoded(Array(text.utf8))) == Array(text.utf8))
  }

  @Test func base64IsThatOfEverybody() {
    #expect(Base64.encoded(Array("fooba".utf8)) == "Zm9vYmE=" && Base64.encoded([0xFB, 0xFF]) == "+/8=")
    #expect(Base64.decoded("Zm9v\nYmE") == Array("fooba".utf8) && Base64.decoded("Zm!v") == nil)
  }
}
