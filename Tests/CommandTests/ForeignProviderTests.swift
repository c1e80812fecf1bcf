import CampaignCore
import Glibc
import Testing

/// The provider of `examples`, which is anybody's program, and others that misbehave.
@Suite struct ForeignProviderTests {
  private static let rules = """
    build/clip.mp4: a.png a.png
        generate-clip
        by       = ./still photo
        duration = 1s
        size     = 64x36
        fps      = 12

    model photo
        kind  = clip
        price = "0.05 USD"
    """

  private func test(_ script: String? = nil) throws -> CommandTest {
    let test = try CommandTest(Self.rules)
    let example = "\(#filePath)".replacing(
      "Tests/CommandTests/ForeignProviderTests.swift", with: "examples/campaign-provider-still")
    try test.write(try script ?? Files.text(example), to: "still")
    try test.makeExecutable("still")
    #expect(
      try test.shell("ffmpeg -nostdin -loglevel error -f lavfi -i color=c=red:s=64x64:d=1 -frames:v 1 a.png")
        == 0)
    return test
  }

  private func build(_ test: CommandTest, exits code: Int) throws -> String {
    let run = try test.run(["build", "--max-cost", "1"])
    #expect(run.code == code, "it said: \(run.narration)")
    return run.narration
  }

  @Test func `thirty lines of Python make clips`() throws {
    let test = try test()
    #expect(
      try test.run(["plan"]).output.contains("build/clip.mp4  $0.05    never built\n           ./still photo")
    )
    #expect(try build(test, exits: 0).contains("$0.01"))
    #expect(try build(test, exits: 0) == "nothing to do: 1 target is current\n")
    #expect(try test.read("Campaignfile.lock")?.contains("model       still-1") == true)
    let journal = try #require(try test.read(".campaign/journal"))
    let states = journal.split(separator: "\n").compactMap { line -> Substring? in
      line.split(separator: "\"state\":\"").dropFirst().first?.prefix { $0 != "\"" }
    }
    #expect(states == ["intent", "submitted", "downloaded", "bought"])
  }

  @Test func `a provider on PATH is known by its name`() throws {
    let test = try test()
    try test.write(
      try #require(try test.read("Campaignfile")).replacing("./still photo", with: "still photo"),
      to: "Campaignfile")
    #expect(try test.shell("mkdir bin; mv still bin/campaign-provider-still") == 0)
    let path = "PATH=\(test.path("bin")):/usr/local/bin:/usr/bin:/bin"
    #expect(try test.run(["build", "--max-cost", "1"], environment: [path]).code == 0)
  }

  @Test(arguments: [
    ("exit 0", 6, "ended with code 0 without an answer"),
    ("exec /no/such/interpreter", 1, "is not installed"),
    (
      "read r; echo '{\"ev\":\"failed\",\"class\":\"moderation\",\"message\":\"no\"}'; exit 1", 1,
      "refuses to make"
    ),
    ("read r; echo 'what?'; echo '{\"ev\":\"done\"}'", 6, "delivered nothing"),
    ("read r; echo '{\"ev\":\"failed\",\"class\":\"credential\",\"message\":\"no key\"}'", 1, "no key"),
  ])
  func `what misbehaves is told`(script: String, code: Int, says: String) throws {
    #expect(try build(try test("#!/bin/sh\n" + script + "\n"), exits: code).contains(says))
  }

  /// Provider and key: it says it wherever it may say something.
  @Test func `what a provider says of a key is masked`() throws {
    let script = """
      #!/bin/sh
      say() { printf '%s\\n' "$1"; }
      read request
      echo "log $A_TOKEN" >&2
      say '{"ev":"note","text":"note '"$A_TOKEN"'"}'
      say '{"ev":"progress","fraction":0.5,"text":"progress '"$A_TOKEN"'"}'
      say '{"ev":"checkpoint","state":"intent","data":{"'"$A_TOKEN"'":["'"$A_TOKEN"'"]}}'; read answer
      say '{"ev":"checkpoint","state":"submitted","data":{"id":"'"$A_TOKEN"'"}}'; read answer
      say '{"ev":"failed","class":"failed","message":"message '"$A_TOKEN"'","help":"help '"$A_TOKEN"'"}'
      """
    let test = try test(script + "\n")
    let token = "r8_0123456789abcdefSECRET"
    let run = try test.run(
      ["build", "-v", "--max-cost", "1", "--events", "events.jsonl", "--junit", "junit.xml"],
      environment: ["A_TOKEN=" + token])
    #expect(run.code == 1)
    #expect(run.narration.contains("message ***"), "it said: \(run.narration)")
    _ = try test.run(["report", "-o", "report.html"])
    try test.expectNowhere(token, said: run.output + run.narration)
  }

  /// What the program leaves behind has its output in hand.
  @Test func `a provider has ended when its program has`() throws {
    let test = try test("#!/bin/sh\nread r\nsetsid sleep 1000 & echo $! > daemon\n")
    #expect(try build(test, exits: 6).contains("ended with code 0 without an answer"))
    #expect(try test.shell("kill \"$(cat daemon)\"") == 0)
  }

  @Test func `a provider that is not there is told before anything is paid`() throws {
    let test = try test()
    test.remove("still")
    #expect(try build(test, exits: 1).contains("there is no provider `./still`"))
    #expect(try test.read(".campaign/journal") == nil)
  }

  @Test func `nothing is bought at an unknown price`() throws {
    let test = try test()
    try test.write(
      try #require(try test.read("Campaignfile")).replacing("    price = \"0.05 USD\"", with: ""),
      to: "Campaignfile")
    let run = try test.run(["build", "--max-cost", "1"])
    #expect(run.code == 2)
    #expect(run.narration.contains("nobody knows what a clip of `photo` costs"))
  }
}
