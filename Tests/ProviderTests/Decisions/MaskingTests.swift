import CampaignCore
import CampaignProviders
import Testing

struct MaskingTests {
  @Test(arguments: [
    ("token r8_0123456789abcdef here", "token *** here"), ("xai-abcdefgh12345678", "***"),
    ("sk-proj-abcdef0123456789", "***"), ("Authorization: Bearer abcdef0123", "Authorization: ***"),
    ("Key 0123abcd-0123", "***"), ("mysecret inside", "*** inside"),
    ("a desk-lamp, task-oriented", "a desk-lamp, task-oriented"),
    ("Key features of the villa", "Key features of the villa"),
    ("bearer of news", "bearer of news"),
  ])
  func keysAreHidden(text: String, masked: String) { #expect(Masking(secrets: ["mysecret"])(text) == masked) }

  @Test func dataURLsAreShortened() {
    let data = String(repeating: "Ab+/", count: 100)
    #expect(
      Masking()(#"{"url":"data:image/jpeg;base64,\#(data)=="} and more"#)
        == #"{"url":"data:image/jpeg;base64,[402 bytes]"} and more"#)
  }

  @Test func keysAreReadFromTheirFile() {
    let keys = CampaignCore.Secrets.keys(
      in: "# mine\nexport XAI_API_KEY = 'xai-1'\nREPLICATE_API_TOKEN=\"r8_2\"\nEMPTY=\n")
    #expect(keys == ["XAI_API_KEY": "xai-1", "REPLICATE_API_TOKEN": "r8_2"])
  }
}
