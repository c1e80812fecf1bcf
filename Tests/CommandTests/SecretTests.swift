import CampaignCore
import Testing

/// Keys and passwords stay out of everything that the tool writes.
@Suite struct SecretTests {
  static let token = "r8_0123456789abcdefSECRET"

  @Test func `what a step prints of a key is masked`() throws {
    let test = try CommandTest(
      """
      build/a.txt: a.txt
          $ echo "token $REPLICATE_API_TOKEN"; echo "$REPLICATE_API_TOKEN" >&2; cp "$in" "$out"

      build/b.txt: a.txt
          $ echo "again $REPLICATE_API_TOKEN"; exit 3
      """, ["a.txt": "one\n"])
    let run = try test.run(
      ["build", "-k", "--events", "events.jsonl"], environment: ["REPLICATE_API_TOKEN=" + Self.token])
    #expect(run.code == 1)
    #expect(run.narration.contains("again ***"))
    try test.expectNowhere(Self.token, said: run.output + run.narration)
    #expect(try test.read(".campaign/logs/build/a.txt.log") == "token ***\n***\n")
  }

  /// Around the size of a pipe, and of what was once kept back.
  @Test(arguments: [65_530, 1 << 20, (1 << 20) + 16_379])
  func `a key in the middle of a line without an end is masked`(before: Int) throws {
    let test = try CommandTest(
      """
      build/a.txt: a.txt
          $ head -c \(before) /dev/zero | tr '\\0' q; printf '%szz' "$A_KEY"; cp "$in" "$out"
      """, ["a.txt": "one\n"])
    #expect(try test.run(["build"], environment: ["A_KEY=" + Self.token]).code == 0)
    try test.expectNowhere("SECRET", said: "")
    let log = try #require(try test.read(".campaign/logs/build/a.txt.log"))
    #expect(log.utf8.count == before + 5 && log.hasSuffix("q***zz"))
  }

  @Test func `programs that need no key get none`() throws {
    let test = try CommandTest(
      """
      build/manifest.json: photos/*.jpg
          collect
      """, ["photos/a.jpg": "no picture", "bin/ffprobe": "#!/bin/sh\nenv >&2\nexit 1\n"])
    try test.makeExecutable("bin/ffprobe")
    let path = test.path("bin") + ":/usr/bin:/bin"
    let run = try test.run(["build"], environment: ["XAI_API_KEY=" + Self.token, "PATH=" + path])
    #expect(run.code == 1)
    try test.expectNowhere(Self.token, said: run.output + run.narration)
  }
}

extension CommandTest {
  /// No file of the workspace, by name or content, and nothing that was said has this text.
  func expectNowhere(_ text: String, said: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(!said.contains(text), sourceLocation: sourceLocation)
    var search = Command(["grep", "-rlaF", "-e", text, "."])
    search.folder = workspace
    let found = try search.run(log: "/dev/null", capture: true, interrupt: Interrupt())
    #expect(found.code == 1, "it is in \(found.text)", sourceLocation: sourceLocation)
    #expect(try self.shell("! find . -name '*\(text)*' | grep .") == 0, sourceLocation: sourceLocation)
  }

  func makeExecutable(_ path: String) throws {
    #expect(try shell("chmod +x '\(path)'") == 0)
  }

  /// Runs a script in the workspace and returns its exit code.
  func shell(_ script: String) throws -> Int {
    var command = Command(["sh", "-euc", script])
    command.folder = workspace
    return try command.run(log: "/dev/null", interrupt: Interrupt()).code
  }
}
