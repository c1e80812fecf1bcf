import CampaignCore
import CampaignKit
import Glibc
import Testing

func read(_ path: String) throws -> String { try Files.text(path) }
func write(_ text: String, to path: String) throws { try Files.write(text, to: path) }

/// A line that a step writes into a named pipe. Waits on a thread of its own: those of tasks are few.
func line(of pipe: String) async throws -> String {
  let descriptor = try Files.open(pipe, O_RDWR, "open")
  defer { close(descriptor) }
  return try await withCheckedThrowingContinuation { continuation in
    do {
      try startThread {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        var bytes = [UInt8](repeating: 0, count: 4096)
        // Half a minute means that it never comes.
        let count = poll(&entry, 1, 30_000) == 1 ? Glibc.read(descriptor, &bytes, bytes.count) : 0
        continuation.resume(returning: String(decoding: bytes.prefix(max(0, count - 1)), as: UTF8.self))
      }
    } catch { continuation.resume(throwing: error) }
  }
}

/// A workspace of a test, removed with it.
final class TestFolder {
  let path: String

  init(_ campaignfile: String, _ files: [String: String] = [:]) throws {
    var template = Array("/tmp/campaign-kit-XXXXXX".utf8CString)
    #expect(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try write(campaignfile, to: path + "/Campaignfile")
    for (name, text) in files { try write(text, to: path + "/" + name) }
  }

  deinit { Files.remove(path) }
}

@Suite struct EmbeddingTests {
  private static let copy = """
    campaign words

    build/a.txt: words.txt
        $ cp "$in" "$out"

    build/b.txt: build/a.txt
        $ cp "$in" "$out"

    """

  @Test func `a project is planned, built and then current`() async throws {
    let folder = try TestFolder(Self.copy, ["words.txt": "hello"])
    let project = try await Project.load(folder.path)
    #expect(project.name == "words")
    let plan = try await project.plan()
    #expect(plan.steps.map(\.outputs) == [["build/a.txt"], ["build/b.txt"]])
    #expect(plan.steps.map(\.state) == [.stale, .undecided])
    #expect(plan.steps[0].reasons == ["never built"])
    #expect(plan.price == .zero)
    let result = try await project.build()
    #expect((result.made, result.isComplete) == (2, true))
    #expect(try read(folder.path + "/build/b.txt") == "hello")
    #expect(try await project.retry(result) == result)
    let status = try await project.status()
    #expect((status.isCurrent, status.builder, status.failures) == (true, nil, []))
  }

  @Test func `events tell of each step, and end with the result`() async throws {
    let folder = try TestFolder(Self.copy, ["words.txt": "hello"])
    let project = try await Project.load(folder.path)
    var told: [String] = []
    for try await event in project.events(building: BuildOptions("build/a.txt")) {
      switch event {
      case .stepStarted(let target, let action, let reasons): told.append("\(target) \(action) \(reasons)")
      case .stepFinished(let target, let outcome, let cost): told.append("\(target) \(outcome) \(cost)")
      case .finished(let result): told.append("made \(result.made)")
      default: break
      }
    }
    #expect(
      told == ["build/a.txt shell [\"never built\"]", "build/a.txt made $0.00", "made 1"])
  }

  @Test func `a failure is told, and does not throw`() async throws {
    let folder = try TestFolder(Self.copy.replacing("cp \"$in\" \"$out\"", with: "exit 3"), ["words.txt": ""])
    let project = try await Project.load(folder.path)
    let result = try await project.build()
    #expect((result.failed, result.skipped, result.isComplete) == (1, 1, false))
    let failures = try await project.status().failures
    #expect(failures.map(\.target) == ["build/a.txt"])
    #expect(failures.map(\.message) == ["the command failed with exit code 3"])
  }

  @Test func `all mistakes are found at once, with their places`() async throws {
    let folder = try TestFolder("campaign c\nfps = 30\nfps = 25\nbuild/a.txt: x.txt\n    nothing\n")
    let mistakes = await Project.check(folder.path)
    #expect(mistakes.count == 2)
    #expect(mistakes.map(\.line) == [3, 5])
    await #expect(throws: CampaignError.invalid(mistakes)) { try await Project.load(folder.path) }
  }

  @Test func `canceling the task interrupts the build, whose steps do not count`() async throws {
    let folder = try TestFolder(
      "campaign c\nbuild/a.txt: words.txt\n    $ echo $$ > started; sleep 60; cp \"$in\" \"$out\"\n",
      ["words.txt": ""])
    let started = folder.path + "/started"
    try #require(mkfifo(started, 0o600) == 0)
    let project = try await Project.load(folder.path)
    let building = Task { try await project.build() }
    let pid = try #require(pid_t(try await line(of: started)))
    building.cancel()
    let result = try await building.value
    #expect((result.isInterrupted, result.made) == (true, 0))
    #expect(!Files.exists(folder.path + "/build/a.txt"))
    #expect(kill(pid, 0) == -1)
  }

  // MARK: - Actions of one's own

  private static let loud = "campaign c\nbuild/loud.txt: words.txt\n    shout\n    end = \"!!\"\n"

  @Test func `an action of one's own makes a step, again only when something has changed`() async throws {
    let folder = try TestFolder(Self.loud, ["words.txt": "hello"])
    let project = try await load(folder.path)
    #expect(try await project.build().made == 1)
    #expect(try read(folder.path + "/build/loud.txt") == "HELLO!!")
    #expect(try await project.build().made == 0)
    try write(Self.loud.replacing("!!", with: "?"), to: folder.path + "/Campaignfile")
    let changed = try await load(folder.path)
    #expect(try await changed.plan().steps[0].reasons == ["`end` changed: !! -> ?"])
    #expect(try await changed.build().made == 1)
    #expect(try read(folder.path + "/build/loud.txt") == "HELLO?")
  }

  @Test func `an error that an action throws fails its step`() async throws {
    struct Refusing: StepAction {
      struct No: Error, CustomStringConvertible { let description = "no words, no shouting" }
      let name = "shout"
      let parameters = [ActionParameter("end")]
      func perform(_ step: ActionStep) throws { throw No() }
    }
    let folder = try TestFolder(Self.loud, ["words.txt": ""])
    let project = try await Project.load(folder.path, actions: [Refusing()])
    #expect(try await project.build().failed == 1)
    #expect(try await project.status().failures.map(\.message) == ["no words, no shouting"])
  }
}

@Suite struct TutorialTests {
  private static let top = "\(#filePath)".replacing("/Tests/KitTests/EmbeddingTests.swift", with: "")

  @Test func `the article shows what compiles here`() throws {
    let article = try read(Self.top + "/Sources/CampaignKit/CampaignKit.docc/Embedding.md")
    let tutorial = try read(Self.top + "/Tests/KitTests/Tutorial.swift")
    let shown = article.matches(of: #/```swift\n((?s:.*?))```/#).map { String($0.output.1) }
    #expect(shown.count == 6)
    for snippet in shown { #expect(tutorial.contains(snippet), "not in Tutorial.swift:\n\(snippet)") }
  }

  @Test func `the article's functions do what it says`() async throws {
    let folder = try TestFolder(
      "campaign c\nfps = 30\nbuild/final.mp4: a.txt\n    $ cp \"$in\" \"$out\"\n\nprofile production\n    fps = 25\n",
      ["a.txt": ""]
    )
    #expect(try await price(of: folder.path) == .zero)
    #expect(await mistakes(in: folder.path) == [])
    #expect(try await film(in: folder.path, upTo: .zero).isComplete)
    #expect(try await follow(try await Project.load(folder.path))?.current == 1)
  }
}
