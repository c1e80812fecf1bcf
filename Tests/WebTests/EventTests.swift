import CampaignCore
import Glibc
import Testing

/// What happens is told as it happens, whoever builds.
@Suite struct EventTests {
  /// Events until one of a kind, that one included.
  private func events(_ connection: WebConnection, until last: String) -> [[String: String]] {
    var events: [[String: String]] = []
    while let event = connection.event() {
      events.append(event)
      if event["event"] == last { break }
    }
    return events
  }

  private func listen(_ web: WebTest, _ headers: [String: String] = [:]) throws -> WebConnection {
    let connection = try web.connect()
    connection.send(WebTest.head("GET", "campaigns/words/events", headers))
    let head = try connection.head()
    #expect((head.status, head.headers["content-type"]) == (200, "text/event-stream"))
    return connection
  }

  @Test func `a build in another terminal is told, and the state that follows from it`() throws {
    let web = try WebTest()
    let connection = try listen(web)
    #expect(events(connection, until: "state").map { $0["event"] } == ["state"])
    try web.campaign("build")
    let told = events(connection, until: "run.finished")
    #expect(
      told.map { $0["event"] ?? "" }.filter { $0 != "state" && $0 != "step.progress" } == [
        "run.context", "run.started", "plan", "step.started", "step.finished", "step.started",
        "step.finished",
        "run.finished",
      ])
    #expect(events(connection, until: "state").last?["event"] == "state")
    let log = Files.names(in: web.folder + "/words/.campaign/runs")
    let lines = try Files.text(web.folder + "/words/.campaign/runs/" + log[0]).split(separator: "\n").map(
      String.init)
    #expect(told.filter { $0["event"] != "state" }.map { $0["data"] } == lines)
  }

  @Test func `who comes again goes on after the last event that it knows`() throws {
    let web = try WebTest()
    let first = try listen(web)
    try web.campaign("build")
    let told = events(first, until: "run.finished").filter { $0["event"] != "state" }
    let middle = told.count / 2
    try web.campaign("build", "--force", "build/a.txt")
    let again = try listen(web, ["Last-Event-ID": try #require(told[middle - 1]["id"])])
    var rest = events(again, until: "run.finished") + events(again, until: "run.finished")
    rest.removeAll { $0["event"] == "state" }
    #expect(rest.prefix(told.count - middle).map { $0["data"] } == told[middle...].map { $0["data"] })
    #expect(rest.count(where: { $0["event"] == "run.started" }) == 1)
    let unknown = try listen(web, ["Last-Event-ID": "../../etc/passwd:0"])
    #expect(unknown.event()?["event"] == "state")
  }

  @Test func `what a person changes is told`() throws {
    let web = try WebTest()
    let connection = try listen(web)
    _ = events(connection, until: "state")
    #expect(try web.post("campaigns/words/pools/all/pause").status == 200)
    #expect(connection.event()?["event"] == "state")
    #expect(try web.get("campaigns/words").json["live"]?["pools"]?.array?[0]["paused"]?.bool == true)
    try web.write("goodbye\n", to: "words/words.txt")
    #expect(connection.event()?["event"] == "state")
  }

  @Test func `a build that was killed is seen to be cut short`() throws {
    let web = try WebTest(["words": "build/a.txt: words.txt\n    $ touch started; sleep 60\n"])
    let connection = try listen(web)
    let interrupt = Interrupt()
    let ended = Guarded(false)
    try startThread {
      var command = (try? WebTest.program("campaign")).map { Command([$0, "build"]) }!
      command.folder = web.folder + "/words"
      _ = try? command.run(log: web.folder + "/terminal.log", interrupt: interrupt)
      ended.withLock { $0 = true }
    }
    _ = events(connection, until: "step.started")
    #expect(try web.get("campaigns/words").json["state"]?.string == "building")
    func outcomes() throws -> [String?] {
      try ["campaigns/words/history/last", "campaigns/words"].map { try web.get($0).json }
        .map { ($0["history"]?.array?.first ?? $0)["outcome"]?.string }
    }
    #expect(try outcomes() == ["running", "running"])
    interrupt.raise(SIGKILL)
    _ = ended.wait { $0 ? true : nil }
    var live: JSON?
    repeat {
      _ = connection.event()
      live = try web.get("campaigns/words").json["live"]
    } while live?["building"]?.bool == true
    #expect(live?["cutShort"]?.bool == true)
    #expect(try outcomes() == ["cut short", "cut short"])
    #expect(live?["rows"] == .array([]))
  }

  @Test func `what failed is told while the build goes on`() throws {
    let web = try WebTest([
      "words": """
      build/a.txt: words.txt
          $ exit 3

      build/b.txt: words.txt
          $ while ! test -e go; do sleep 0.02; done; cp "$in" "$out"

      """
    ])
    let connection = try listen(web)
    try startThread { _ = try? web.campaign("build", "-k") }
    _ = events(connection, until: "step.finished")
    let now = try web.get("campaigns/words").json
    #expect(now["state"]?.string == "building")
    #expect(now["steps"]?.array?.first?["state"]?.string == "failed")
    try web.write("", to: "words/go")
    _ = events(connection, until: "run.finished")
  }

  @Test func `many listen to one reader`() throws {
    let web = try WebTest()
    let listeners = try (0..<50).map { _ in try listen(web) }
    try web.campaign("build")
    for listener in listeners {
      #expect(events(listener, until: "run.finished").last?["event"] == "run.finished")
    }
  }
}
