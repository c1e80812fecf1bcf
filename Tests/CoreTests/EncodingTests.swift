import CampaignCore
import Testing

@Suite struct EncodingTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func sha256OfTheStandard(text: String, hex: String) { #expect(SHA256.hex(Array(text.utf8)) == hex) }

  @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")])
  func base64OfTheStandard(text: String, encoded: String) {
    #expect(Base64.encoded(Array(text.utf8)) == encoded)
    #expect(Base64.decoded(encoded) == Array(text.utf8))
  }

  @Test(arguments: [("0.6", 600_000), ("12", 12_000_000), ("0.0000001", 1), ("1.2345678", 1_234_568)])
  func dollarsAreReadExactly(text: String, micros: Int64) { #expect(Money(dollars: text)?.micros == micros) }

  @Test(arguments: ["", "-1", "1.2.3", "1e3", "abc"])
  func otherTextIsNoMoney(text: String) { #expect(Money(dollars: text) == nil) }
}
