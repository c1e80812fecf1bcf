import CampaignCore
import CampaignSyntax
import Testing

/// The one layout, and that nothing breaks the reader.
struct FormatTests {
  private func formatted(_ text: String) -> String? {
    format(file: "C", bytes: Array(text.utf8)).text.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func blanksAreMadeEvenAndNothingElseChanges() {
    let source = """
      campaign   c
      size=1920x1080   # why
      # about fps
      fps =   30


      a  b:c   d   for x in  f
        render
       duration=6s
         long-name   =   "two  blanks"
      \t$ echo 'two  blanks'  # for the shell \\
             as it is
      """
    let expected = """
      campaign c
      size = 1920x1080   # why
      # about fps
      fps  = 30

      a b:c d for x in f
          render
          duration  = 6s
          long-name = "two  blanks"
          $ echo 'two  blanks'  # for the shell \\
             as it is

      """
    #expect(formatted(source) == nil, "an action and a script exclude each other")
    #expect(
      formatted(source.replacing("  render\n", with: "").replacing("a  b:c", with: "a  b: c"))
        == expected.replacing("    render\n", with: "").replacing("b:c", with: "b: c"))
  }

  @Test func otherLineEndsBecomeOurs() {
    #expect(formatted("campaign c\r\nfps =  30\r\n") == "campaign c\nfps = 30\n")
  }

  @Test func longStringsStay() {
    let text = "campaign c\nprompt = \"\"\"  \n   as  it\n  is\n  \"\"\"\n"
    #expect(formatted(text) == text)
  }

  static let root = "\(#filePath)".replacing("Tests/SyntaxTests/FormatTests.swift", with: "")

  @Test(arguments: [
    "Campaignfile.example", "templates/lodging.Campaignfile", "templates/generic.Campaignfile",
    "workspace/Campaignfile",
  ])
  func shippedFilesAreInForm(path: String) throws {
    let text = try Files.text(Self.root + path)
    #expect(formatted(text) == text)
  }

  @Test func anyPrefixAndAnyMutationIsRead() throws {
    let bytes = try Files.read(Self.root + "Campaignfile.example")
    for count in stride(from: 0, through: bytes.count, by: 11) { _ = read(Array(bytes.prefix(count))) }
    var state: UInt64 = 42
    for _ in 0..<120 {
      var mutated = bytes
      for _ in 0..<4 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        mutated[Int(state >> 33) % bytes.count] = Array("\"{}$#=: \n*x".utf8)[Int(state >> 20) % 11]
      }
      let first = read(mutated)
      if let first {
        #expect(format(file: "C", bytes: first).text == first, "formatting twice is formatting once")
      }
    }
  }

  private func read(_ bytes: [UInt8]) -> [UInt8]? {
    _ = load(["Campaignfile": String(decoding: bytes, as: UTF8.self)])
    return format(file: "C", bytes: bytes).text
  }
}
