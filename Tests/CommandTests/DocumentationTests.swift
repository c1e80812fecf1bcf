import CampaignCore
import Glibc
import Testing

/// Every command and every Campaignfile that the documentation shows is tried, and nothing that there is goes unsaid.
@Suite struct DocumentationTests {
  static let top = "\(#filePath)".replacing("/Tests/CommandTests/DocumentationTests.swift", with: "")
  static let pages = ["README.md", "man/campaign.1", "man/Campaignfile.5", "man/campaign-provider.7"]

  private static func text(_ path: String) throws -> String { try Files.text(top + "/" + path) }

  // MARK: - Commands

  /// Calls of `campaign` as shown, in order, without what other programs do with their results.
  private static func commands(in text: String) -> [String] {
    let plain = text.replacing("\\-", with: "-").replacing("\\(dq", with: "\"")
    var found: [String] = []
    for line in plain.split(separator: "\n") {
      let shown = line.replacing(#/^(\.Dl |\$ )/#, with: "").replacing(#/^ +/#, with: "")
      if shown.hasPrefix("campaign ") {
        found.append(String(shown))
      } else if line.hasPrefix(".Ql campaign ") {
        found.append(
          String(line.dropFirst(4)).replacing(#/ (Fl|Ar|Ns|Cm) /#, with: " ").replacing(" .", with: ""))
      } else {
        found += line.matches(of: /`(campaign [^`]+)`/).map { String($0.output.1) }
      }
    }
    return found.map { $0.replacing(#/( \||  +| &&| >| #).*$/#, with: "") }
  }

  /// Words of prose that begin like a command, forms with holes, and what would not end or would change the machine.
  private static func isCall(_ command: String) -> Bool {
    let words = command.split(separator: " ")
    guard words.count > 1, !command.contains("<"), !command.contains("FILE"), !command.contains("…") else {
      return false
    }
    return !["makes", "NAME", "lakeside-villa", "watch", "rehearse", "serve"].contains(words[1])
  }

  @Test func `what the documentation shows can be called`() throws {
    let shop = try Rehearsed(clips: ["hook", "outro"], rules: Self.campaign)
    let test = shop.test
    for path in ["brief.md", "a.txt"] { try test.write("", to: path) }
    for name in ["villa", "lodge"] {
      try test.write(Self.small(name), to: "\(name)/Campaignfile")
      try test.write("1", to: "\(name)/a.txt")
    }
    #expect(
      try test.shell(
        "ffmpeg -nostdin -loglevel error -f lavfi -i color=s=64x36:d=5:r=12 mine.mp4; cp mine.mp4 edited.mp4")
        == 0)
    try test.write(Self.small("other"), to: "other/Campaignfile")
    for call in [["build"], ["approve", "build/pairs.json"], ["build"]] { _ = try shop.run(call) }
    #expect(try shop.run(["build", "--force", "build/clips/hook.mp4"]).code == 0)
    #expect(try shop.takes().count == 2)
    #expect(try test.shell("cd .campaign/runs; cp $(ls | tail -1) 20261123-152017-amber-heron.jsonl") == 0)
    var helps = ""
    for command in try Self.names(test) { helps += try test.run([command, "--help"]).output }
    let documents = try Self.pages.map { ($0, try Self.text($0)) } + [("--help", helps)]
    var calls = 0
    for (page, text) in documents {
      for command in Self.commands(in: text) where Self.isCall(command) {
        let run = try shop.shell(command)
        calls += 1
        #expect(
          [0, 1, 3, 4, 5].contains(run.code), "\(page): `\(command)` ended with \(run.code): \(run.narration)"
        )
      }
    }
    #expect(calls > 80, "only \(calls) calls were found")
  }

  /// The targets and profiles that the documentation speaks of.
  private static let campaign = """
    size   = 64x36
    fps    = 12
    film   = replicate wan-video/wan-2.2-i2v-fast
    budget = 50.00 USD

    pool encoder
        width = 1

    build/pairs.json: pairs.txt
        approve = yes
        $ echo chosen; cp "$in" "$out"

    build/clips/{pair.id}.mp4: {pair.first} {pair.last} for pair in build/pairs.json
        generate-clip
        by       = $film
        duration = 5s
        prompt   = {pair.prompt}
        deadline = 200s

    build/music.m4a: build/pairs.json
        $ cp "$in" "$out"

    build/combined.mp4: build/clips/{pair.id}.mp4
        $ echo joined; cat $in > "$out"

    build/final.mp4: build/combined.mp4 build/music.m4a
        pool = encoder
        $ echo mixed; cp "$in1" "$out"

    film: build/final.mp4

    profile draft
        size = 32x18

    profile production
        fps = 6
    """

  private static func small(_ name: String) -> String {
    "campaign \(name)\n\nbuild/a.txt: a.txt\n    $ cp \"$in\" \"$out\"\n"
  }

  private static func names(_ test: CommandTest) throws -> [String] {
    let dump = try JSON.parse(Array(try test.run(["--experimental-dump-help"]).output.utf8))
    return (dump["command"]?["subcommands"]?.array ?? []).compactMap { $0["commandName"]?.string }
      .filter { $0 != "help" && $0 != "complete" }
  }

  // MARK: - Campaignfiles

  /// Fenced blocks of README and literal blocks of man pages that hold a Campaignfile.
  private static func campaignfiles() throws -> [String] {
    let readme = try text("README.md").matches(of: /```campaignfile\n([^`]*)```/).map { String($0.output.1) }
    let manual = try text("man/Campaignfile.5").matches(of: /\.Bd -literal[^\n]*\n((?s).*?)\.Ed/)
      .map { String($0.output.1).replacing("\\e", with: "\\").replacing("\\(dq", with: "\"") }
      .filter { !$0.contains("{ blank | comment") && !$0.contains("campaign help") }
    return readme + manual
  }

  @Test func `what the documentation shows of the language is right`() throws {
    let snippets = try Self.campaignfiles()
    #expect(snippets.count >= 5)
    for snippet in snippets {
      let test = try CommandTest("", ["photos/a.jpg": "", "photos.csv": ""])
      let head = snippet.hasPrefix("campaign ") ? "" : "campaign shown\n\n"
      // Settings that stand elsewhere in the real file.
      let elsewhere = ["choose", "film", "score", "fade"].filter {
        !snippet.contains("\n\($0) ") && !snippet.hasPrefix("\($0) ")
      }
      let settings = elsewhere.map { "\($0) = \($0 == "fade" ? "500ms" : "local")\n" }.joined()
      try test.write(head + snippet + "\n" + settings, to: "Campaignfile")
      let run = try test.run(["check"])
      let codes = run.narration.matches(of: /error\[(E\d+)\]/).map { String($0.output.1) }
      // Files and rules that the snippet leaves out are no mistake of it.
      let mistakes = codes.filter { !["E0402", "E0404", "E0405", "E0406", "E0407"].contains($0) }
      #expect(mistakes == [], "\(snippet)\n\(run.narration)")
      #expect(try test.run(["fmt"]).code == 0)
    }
  }

  // MARK: - Completeness

  @Test func `the manual has every command and option, and no other`() throws {
    let test = try CommandTest("", [:])
    let dump = try JSON.parse(Array(try test.run(["--experimental-dump-help"]).output.utf8))
    let manual = try Self.text("man/campaign.1")
    var options: Set<String> = []
    for command in dump["command"]?["subcommands"]?.array ?? [] where command["shouldDisplay"]?.bool != false
    {
      let name = try #require(command["commandName"]?.string)
      #expect(manual.contains(".It Cm \(name)"), "campaign(1) lacks the command \(name)")
      for argument in command["arguments"]?.array ?? [] {
        for option in argument["names"]?.array ?? [] {
          let word = (option["kind"]?.string == "short" ? "" : "-") + (option["name"]?.string ?? "")
          options.insert(word)
          #expect(try manual.contains(Regex("Fl \(word)\\b")), "campaign(1) lacks -\(word) of \(name)")
        }
      }
    }
    let told = Set(manual.matches(of: /Fl (-?[a-zA-Z][a-z-]*)/).map { String($0.output.1) })
    #expect(told.subtracting(options) == [], "campaign(1) tells of options that there are not")
  }

  @Test func `the manual has every parameter, setting, exit code and event`() throws {
    let test = try CommandTest("build/a.txt: a.txt\n    $ :\n    nonsense = 1", ["a.txt": ""])
    let language = try Self.text("man/Campaignfile.5")
    let run = try test.run(["check"]).narration
    let universal = try #require(run.firstMatch(of: /it has ([a-z, -]+); scripts/)?.output.1)
    for name in universal.split(separator: ", ") { #expect(language.contains(".It Li \(name) ="), "\(name)") }
    for name in ["budget", "budget-run", "budget-month", "on-success", "on-failure", "on-approval-needed"] {
      #expect(language.contains(name), "Campaignfile(5) lacks the setting \(name)")
    }
    let manual = try Self.text("man/campaign.1")
    for code in 0...7 { #expect(manual.contains(".It \(code)\n"), "campaign(1) lacks exit code \(code)") }
    let events = ["run.started", "plan.grew", "step.retrying", "gate.waiting", "run.finished"]
    for event in events { #expect(manual.contains(event), "campaign(1) lacks the event \(event)") }
  }

  @Test(arguments: ["campaign.1", "Campaignfile.5", "campaign-provider.7"])
  func `man pages are in form`(page: String) throws {
    let test = try CommandTest("", [:])
    guard try test.shell("command -v mandoc") == 0 else { return }
    #expect(try test.shell("mandoc -T lint -W warning \(Self.top)/man/\(page) > ../lint") == 0)
  }
}

extension Rehearsed {
  /// Runs a line as a shell would, with `campaign` on the path, in the workspace.
  fileprivate func shell(_ line: String) throws -> CommandTest.Run {
    let program = try CommandTest.program("campaign")
    var command = Command(["sh", "-c", line])
    command.folder = test.workspace
    for variable in environment {
      let parts = variable.split(separator: "=", maxSplits: 1).map(String.init)
      command.environment[parts[0]] = parts[1]
    }
    command.environment["HOME"] = test.folder
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    command.environment["PATH"] = "\(Files.folder(of: program)!):\(path)"
    let log = test.folder + "/shown"
    Files.remove(log)
    let result = try command.run(log: log, capture: true, interrupt: Interrupt())
    return CommandTest.Run(code: result.code, output: result.text, narration: try Files.text(log))
  }
}
