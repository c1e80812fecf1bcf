import CampaignCore
import Testing

@Suite struct SecretTests {
  private func masked(_ text: String, hiding values: String...) -> String { Secrets(values).masked(text) }

  @Test func `secrets are masked whole, the longest first`() {
    #expect(
      masked("a r8_abcdefgh, r8_abcdef, short", hiding: "r8_abcdef", "r8_abcdefgh", "short")
        == "a ***, ***, short")
    #expect(masked("r8_abcdefr8_abcdef", hiding: "r8_abcdef") == "******")
    #expect(masked("r8_abcde", hiding: "r8_abcdef") == "r8_abcde")
    #expect(Secrets(["short", "  \n"]).isEmpty)
  }

  @Test func `a key is masked however it is written`() throws {
    let key = "k/+\"y &%0123456789"
    for text in [
      key, "k%2F%2B%22y%20%26%250123456789", "k%2f%2b%22y%20%26%250123456789", #"k/+\"y &%0123456789"#,
    ] {
      #expect(masked("<\(text)>", hiding: key) == "<***>", "\(text)")
      #expect(masked("<\(text)>", hiding: "\(key)\n") == "<***>", "\(text), stored with a line end")
    }
    for before in ["", "a", "ab", "user:"] {
      let encoded = Base64.encoded(Array((before + key + " and after").utf8))
      let masked = masked(encoded, hiding: key)
      #expect(masked.contains("***") && masked.utf8.count < encoded.utf8.count - 16, "\(masked)")
    }
  }

  @Test func `each line of a key that has several is masked`() {
    let key = "-----BEGIN KEY-----\n0123456789abcdef\nfedcba9876543210\n-----END KEY-----\n"
    #expect(masked("> fedcba9876543210\n> 0123456789abcdef", hiding: key) == "> ***\n> ***")
  }

  @Test func `the texts of a JSON value are masked`() throws {
    let value = try JSON.parse(#"{"a": ["x 0123456789", 1], "0123456789": null}"#)
    #expect(Secrets(["0123456789"]).masked(value).compact == #"{"a":["x ***",1],"***":null}"#)
  }

  @Test func `a file of keys is read as providers read it`() {
    let keys = Secrets.keys(
      in: "# mine\nexport XAI_API_KEY = 'xai-1'\nREPLICATE_API_TOKEN=\"r8_2\"\nEMPTY=\n")
    #expect(keys == ["XAI_API_KEY": "xai-1", "REPLICATE_API_TOKEN": "r8_2"])
  }

  /// However the bytes come, what comes out is what would if they had come at once.
  @Test func `a key in pieces is masked`() {
    let keys = ["aaaaaaaab", "aaaaaaaabaaaaaaaab", "baaaaaaaa"].map { Array($0.utf8) }
    let search = TextSearch(keys)
    for _ in 0..<500 {
      let text = (0..<60).map { _ in UInt8(ascii: .random(in: 0..<9) == 0 ? "b" : "a") }
      var (masked, pending): ([UInt8], [UInt8]) = ([], [])
      for byte in text {
        pending.append(byte)
        guard .random(in: 0..<4) == 0 else { continue }
        let (some, held) = search.replace(in: pending, isWhole: false)
        masked += some
        pending = pending.suffix(held)
      }
      masked += search.replace(in: pending, isWhole: true).masked
      #expect(
        masked == search.replace(in: text, isWhole: true).masked, "\(String(decoding: text, as: UTF8.self))")
    }
  }
}
