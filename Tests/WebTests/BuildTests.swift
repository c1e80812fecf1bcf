import CampaignCore
import Glibc
import Testing

/// Builds that are asked for over HTTP, from the order to the webhook.
@Suite struct BuildTests {
  private static let words = #"{"campaign": "words"}"#
  private static let sleepy = "build/a.txt: words.txt\n    $ sleep 60; cp \"$in\" \"$out\"\n"

  @Test func `a build is accepted, made, and told of`() throws {
    let web = try WebTest()
    let answer = try web.post(
      "builds", #"{"campaign": "words", "targets": ["build/a.txt"], "keepGoing": true}"#)
    #expect((answer.status, answer.headers["location"]) == (202, "/api/v1/builds/1"))
    #expect(
      answer.json["command"]?.string == "campaign build -C words --keep-going build/a.txt")
    let ended = try web.wait(for: 1)
    #expect((ended["state"]?.string, ended["exit"]?.int) == ("done", 0))
    #expect(ended["progress"]?.compact == #"{"done":1,"total":1,"fraction":1.000}"#)
    #expect(ended["summary"]?["made"]?.int == 1)
    #expect(ended["error"] == .null)
    let artifacts = try web.get("builds/1/artifacts").json["artifacts"]?.array ?? []
    #expect(artifacts.map { $0["target"]?.string } == ["build/a.txt"])
    let url = try #require(artifacts.first?["file"]?["url"]?.string)
    let file = try web.get(url)
    #expect(file.text == "hello\n")
    #expect(file.headers["etag"] == artifacts[0]["etag"]?.string.map { "\"\($0)\"" })
    let run = try #require(ended["run"]?.string)
    #expect(try web.get("campaigns/words/history/\(run)").json["steps"]?.array?.count == 1)
  }

  @Test func `what fails says why, and is tried again from there`() throws {
    let web = try WebTest([
      "words": WebTest.words + "\nbuild/c.txt: build/b.txt\n    $ test -e good; cp \"$in\" \"$out\"\n"
    ])
    let id = try web.build(Self.words)
    let failed = try web.wait(for: id)
    #expect((failed["state"]?.string, failed["exit"]?.int) == ("failed", 1))
    #expect(failed["error"]?.string == "build/c.txt: the command failed with exit code 1")
    #expect(failed["progress"]?["done"]?.int == 3)
    let needs = try web.get("campaigns/words").json["needs"]?.array ?? []
    #expect(needs.map { $0["kind"]?.string } == ["failure"])
    try web.write("", to: "words/good")
    let retried = try web.post("builds/\(id)/retry")
    #expect((retried.status, retried.json["id"]?.int) == (202, 2))
    let summary = try web.wait(for: 2)["summary"]
    #expect((summary?["made"]?.int, summary?["current"]?.int) == (1, 2))
  }

  @Test func `canceling stops it as Ctrl-C does`() throws {
    let web = try WebTest(["words": Self.sleepy])
    let id = try web.build(Self.words)
    let connection = try web.connect()
    connection.send(WebTest.head("GET", "builds/\(id)/events", [:]))
    _ = try connection.head()
    while let event = connection.event(), event["event"] != "step.started" {}
    #expect(try web.post("builds/\(id)/cancel").status == 200)
    let ended = try web.wait(for: id)
    #expect((ended["state"]?.string, ended["exit"]?.int) == ("canceled", 130))
    #expect(ended["summary"]?["interrupted"]?.bool == true)
    #expect(try web.post("builds/\(id)/cancel").status == 409)
    #expect(!Files.exists(web.folder + "/words/build/a.txt"))
  }

  @Test func `the queue is bounded, and one campaign is not built twice at once`() throws {
    let web = try WebTest(
      ["words": Self.sleepy, "other": WebTest.words], options: ["--jobs", "2", "--queue", "1"])
    _ = try web.build(Self.words)
    let waiting = try web.build(Self.words)
    #expect(try web.get("builds/\(waiting)").json["state"]?.string == "queued")
    let full = try web.post("builds", Self.words)
    #expect((full.status, full.headers["retry-after"]) == (429, "30"))
    #expect(try web.post("builds/\(waiting)/cancel").json["state"]?.string == "canceled")
    let other = try web.build(#"{"campaign": "other"}"#)
    #expect(try web.wait(for: other)["state"]?.string == "done")
    #expect(try web.get("builds/1").json["state"]?.string == "running")
  }

  @Test func `builds are listed, filtered and paged`() throws {
    let web = try WebTest(["words": WebTest.words, "other": WebTest.words])
    for name in ["words", "other", "words"] {
      _ = try web.wait(for: try web.build("{\"campaign\": \"\(name)\"}"))
    }
    func ids(_ query: String) throws -> [Int] {
      try web.get("builds" + query).json["builds"]?.array?.compactMap { $0["id"]?.int } ?? []
    }
    #expect(try ids("") == [3, 2, 1])
    #expect(try ids("?campaign=words") == [3, 1])
    #expect(try ids("?limit=1&offset=1") == [2])
    #expect(try web.get("builds?campaign=words&limit=1").json["total"]?.int == 2)
    #expect(try ids("?state=failed") == [])
    #expect(try web.get("builds?state=odd").status == 400)
    #expect(try web.get("builds?limt=1").status == 400)
  }

  @Test(arguments: [SIGTERM, SIGKILL])
  func `a server that starts again knows what was asked of the last one`(signal: Int32) throws {
    let web = try WebTest(["words": Self.sleepy, "other": WebTest.words], options: ["--jobs", "1"])
    let ended = try web.wait(for: try web.build(#"{"campaign": "other"}"#))
    let running = try web.build(Self.words)
    let connection = try web.connect()
    connection.send(WebTest.head("GET", "builds/\(running)/events", [:]))
    _ = try connection.head()
    while let event = connection.event(), event["event"] != "step.started" {}
    let queued = try web.build(#"{"campaign": "other", "targets": ["build/a.txt"]}"#)
    try web.restart(by: signal)
    #expect(try web.get("builds/1").json == ended)
    let stopped = try web.get("builds/\(running)").json
    #expect(stopped["state"]?.string == (signal == SIGTERM ? "canceled" : "failed"))
    #expect(try web.wait(for: queued)["state"]?.string == "done")
    // Nothing of the old build is left to hold the workspace.
    #expect(try web.campaign("build", "--no-wait", "-n") == 0)
  }

  @Test func `a webhook tells the end`() throws {
    let web = try WebTest()
    let hook = try Listener()
    let id = try web.build(#"{"campaign": "words", "callback": "http://127.0.0.1:\#(hook.port)/done"}"#)
    let request = try hook.answer()
    #expect(request.hasPrefix("POST /done HTTP/1.1\r\n"))
    let body = try JSON.parse(
      Array(try #require(request.split(separator: "\r\n\r\n", maxSplits: 1).last).utf8))
    #expect((body["id"]?.int, body["state"]?.string) == (id, "done"))
  }

  // MARK: - Money

  private static let paid = """
    size = 64x36
    fps  = 12
    by   = replicate wan-video/wan-2.2-i2v-fast

    build/photo.jpg: words.txt
        $ ffmpeg -nostdin -loglevel error -f lavfi -i color=s=64x36:d=1 -frames:v 1 "$out"

    build/clip.mp4: build/photo.jpg build/photo.jpg
        generate-clip
        duration = 5s
        prompt   = "a slow move"

    """

  @Test func `what may cost something needs a limit, and the answer has the price`() throws {
    let provider = try FakeProvider()
    let web = try WebTest(["words": Self.paid + WebTest.words], environment: provider.environment)
    let answer = try web.post("builds", Self.words)
    #expect(answer.status == 409)
    #expect(answer.json["help"]?.string == "`maxCost` allows it to spend, `freeOnly` builds what is free")
    #expect(answer.json["plan"]?["forecast"]?["usdAtMost"]?.double ?? 0 > 0)
    #expect(try web.get("builds").json["total"]?.int == 0)
    let free = try web.wait(for: try web.build(#"{"campaign": "words", "freeOnly": true}"#))
    #expect((free["state"]?.string, free["summary"]?["made"]?.int) == ("waiting", 3))
    #expect(free["spent"]?.double == 0)
    let frozen = try web.wait(for: try web.build(#"{"campaign": "words", "frozen": true}"#))
    #expect((frozen["state"]?.string, frozen["exit"]?.int) == ("refused", 5))
    let capped = try web.wait(for: try web.build(#"{"campaign": "words", "maxCost": 0.001}"#))
    #expect((capped["state"]?.string, capped["spent"]?.double) == ("refused", 0))
    #expect(try web.get("campaigns/words").json["needs"]?.array?.map { $0["kind"]?.string } == ["limit"])
    let bought = try web.wait(for: try web.build(#"{"campaign": "words", "maxCost": 1}"#))
    #expect((bought["state"]?.string, bought["spent"]?.double) == ("done", 0.05))
    let takes = try web.get("campaigns/words/takes?target=build/clip.mp4").json["takes"]?.array ?? []
    #expect(takes.map { $0["current"]?.bool } == [true])
    let content = try web.get(try #require(takes[0]["url"]?.string))
    #expect((content.status, content.headers["content-type"]) == (200, "video/mp4"))
    #expect(content.headers["etag"] == "\"\(try #require(takes[0]["hash"]?.string))\"")
    let rejected = try web.post(
      "campaigns/words/take",
      #"{"target": "build/clip.mp4", "number": 1, "do": "reject", "reason": "too slow"}"#)
    #expect(
      rejected.json["command"]?.string == "campaign takes -C words build/clip.mp4 --reject 1 'too slow'")
    #expect(try web.post("builds", Self.words).status == 409)
    let used = try web.post(
      "campaigns/words/take", #"{"target": "build/clip.mp4", "number": 1, "do": "use"}"#)
    #expect(used.status == 200, "\(used.text)")
    #expect(try web.post("builds", Self.words).status == 202)
  }

  @Test func `a take is chosen by the profile that is shown, and so says the command`() throws {
    let provider = try FakeProvider()
    let rules = Self.paid + "words = soft\n\nprofile loud\n    words = loud\n"
    let web = try WebTest(["words": rules], environment: provider.environment)
    _ = try web.wait(for: try web.build(#"{"campaign": "words", "profile": "loud", "maxCost": 1}"#))
    let choice = #"{"target": "build/clip.mp4", "number": 1, "do": "use", "profile": "#
    let used = try web.post("campaigns/words/take", choice + #""loud"}"#)
    #expect(
      used.json["command"]?.string == "campaign takes -C words --profile loud build/clip.mp4 --use 1",
      "\(used.text)")
    #expect(try web.post("campaigns/words/take", choice + #""lout"}"#).status == 422)
  }

  @Test func `an earlier build is restored by the takes that it had`() throws {
    let provider = try FakeProvider()
    let web = try WebTest(["words": Self.paid], environment: provider.environment)
    let first = try web.wait(for: try web.build(#"{"campaign": "words", "maxCost": 1}"#))
    let reroll = #"{"campaign": "words", "maxCost": 1, "force": ["build/clip.mp4"]}"#
    #expect(try web.wait(for: try web.build(reroll))["state"]?.string == "done")
    func takes() throws -> [Bool?] {
      try web.get("campaigns/words/takes?target=build/clip.mp4").json["takes"]?.array?.map {
        $0["current"]?.bool
      } ?? []
    }
    #expect(try takes() == [false, true])
    let run = "campaigns/words/history/\(try #require(first["run"]?.string))"
    #expect(try web.get(run).json["restores"]?.compact == #"[{"target":"build/clip.mp4","take":1}]"#)
    for log in Files.names(in: web.folder + "/words/.campaign/runs") {
      try web.write("", to: "words/.campaign/runs/" + log)
    }
    #expect(try web.get(run).json["restores"]?.array?.count == 1, "logs of ended builds are read once")
    let restored = try web.post(run + "/restore")
    #expect(restored.json["message"]?.string == "restored build/clip.mp4")
    #expect(try takes() == [true, false])
    #expect(try web.get("campaigns/words").json["state"]?.string == "current")
    #expect(try web.get(run).json["restores"]?.compact == "[]")
    let rules = Self.paid.replacing("a slow move", with: "a fast move")
    try web.write("campaign words\n\n" + rules, to: "words/Campaignfile")
    #expect(try web.get(run).json["others"] == .array([.string("build/clip.mp4")]))
  }

  @Test func `what a changed photo looked like is told while a picture of it is left`() throws {
    let paint =
      "ffmpeg -nostdin -y -loglevel error -f lavfi -i color=c=$(cat words.txt):s=64x36:d=1 -frames:v 1"
    let web = try WebTest([
      "words": "build/a.jpg: words.txt\n    $ \(paint) \"$out\"\n\nbuild/b.jpg: build/a.jpg\n"
        + "    $ cp \"$in\" \"$out\"\n"
    ])
    func input() throws -> JSON? {
      try web.get("campaigns/words/explain?target=build/b.jpg").json["inputs"]?.array?.first
    }
    for (colour, isSeen) in [("teal", false), ("navy", true), ("olive", true)] {
      try web.write(colour, to: "words/words.txt")
      try web.campaign("build")
      if isSeen { #expect(try web.get("campaigns/words/stills/build/a.jpg?width=160").status == 200) }
      try web.write("maroon", to: "words/words.txt")
      try web.campaign("build", "build/a.jpg")
      #expect(try input()?["change"]?.string == "changed")
      let url = try input()?["oldUrl"]?.string
      #expect((url != nil) == isSeen)
      if let url { #expect(try web.get(url).headers["content-type"] == "image/jpeg") }
    }
    #expect(try web.get("campaigns/words/pictures/\(String(repeating: "0", count: 32))").status == 404)
  }

  @Test func `the storyboard stays while it is open what the next choice will be`() throws {
    let web = try WebTest([
      "words": "build/pairs.json: words.txt\n    $ cp \"$in\" \"$out\"\n\n"
        + "build/clips/{pair.id}.mp4: {pair.first} for pair in build/pairs.json\n    $ cp \"$in\" \"$out\"\n"
    ])
    let pairs = #"[{"id": "hook", "first": "words.txt"}, {"id": "lobby", "first": "words.txt"}]"#
    try web.write(pairs, to: "words/words.txt")
    func cards() throws -> [[String?]] {
      try web.get("campaigns/words").json["storyboard"]?.array?.map {
        [$0["target"]?.string, $0["first"]?["path"]?.string, $0["state"]?.string]
      } ?? []
    }
    #expect(try cards() == [])
    try web.campaign("build")
    let targets = ["build/clips/hook.mp4", "build/clips/lobby.mp4"]
    #expect(try cards() == targets.map { [$0, "words.txt", "current"] })
    try web.write(pairs + "\n", to: "words/words.txt")
    #expect(try cards() == targets.map { [$0, "words.txt", "undecided"] })
    #expect(try web.post("campaigns/words/history/last/restore").status == 422)
  }

  // MARK: - Several campaigns, and mistakes

  @Test func `campaigns below a folder are listed with their states`() throws {
    let web = try WebTest([
      "words": WebTest.words, "done": WebTest.words, "bad": "nonsense\n", "a/b": WebTest.words,
    ])
    try web.campaign("build", in: "done")
    let list = try web.get("campaigns").json["campaigns"]?.array ?? []
    #expect(
      list.map { [$0["id"]?.string, $0["folder"]?.string, $0["state"]?.string] } == [
        ["a~b", "a/b", "stale"], ["bad", "bad", "invalid"], ["done", "done", "current"],
        ["words", "words", "stale"],
      ])
    let needs = try web.get("campaigns/bad").json["needs"]?.array ?? []
    #expect(needs.first?["kind"]?.string == "mistake")
    #expect(needs.first?["site"]?.string == "Campaignfile:3")
    #expect(try web.post("builds", #"{"campaign": "bad"}"#).status == 422)
    #expect(try web.post("builds", #"{"campaign": "nothing"}"#).status == 404)
  }

  @Test func `a rejected pair is taken out of its file`() throws {
    let web = try WebTest([
      "words": "build/pairs.json: words.txt\n    approve = yes\n    $ cp \"$in\" \"$out\"\n"
    ])
    try web.write(#"[{"id": "hook"}, {"id": "lobby"}]"#, to: "words/words.txt")
    try web.campaign("build")
    func reject(_ items: String) throws -> Answer {
      try web.post("campaigns/words/reject", "{\"target\": \"build/pairs.json\", \"items\": \(items)}")
    }
    let rejected = try reject(#"["hook"]"#)
    #expect(rejected.json["command"]?.string == "campaign approve -C words build/pairs.json hook --reject")
    let pairs = try JSON.parse(try Files.read(web.folder + "/words/build/pairs.json")).array ?? []
    #expect(pairs.map { $0["id"]?.string } == ["lobby"])
    #expect(try reject(#"["lobby"]"#).status == 422)
    #expect(try reject(#"["nobody"]"#).status == 422)
    #expect(try reject("[]").status == 400)
  }

  @Test func `an approval goes on where the build stopped`() throws {
    let web = try WebTest([
      "words":
        "build/a.txt: words.txt\n    approve = yes\n    $ cp \"$in\" \"$out\"\n\nbuild/b.txt: build/a.txt\n"
        + "    $ cp \"$in\" \"$out\"\n"
    ])
    #expect(try web.wait(for: try web.build(Self.words))["state"]?.string == "waiting")
    let need = try #require(try web.get("campaigns/words").json["needs"]?.array?.first)
    #expect((need["kind"]?.string, need["target"]?.string) == ("approval", "build/a.txt"))
    #expect(need["command"]?.string == "campaign approve -C words build/a.txt")
    let done = try web.post("campaigns/words/approve", #"{"target": "build/a.txt"}"#)
    #expect((done.status, done.json["command"]) == (200, need["command"]))
    #expect(try web.wait(for: try web.build(Self.words))["state"]?.string == "done")
    #expect(try web.get("campaigns/words").json["state"]?.string == "current")
  }
}

/// A running `campaign-rehearsal`; it ends with the test.
private final class FakeProvider {
  private let conversation: Conversation
  let environment: [String: String]

  init() throws {
    let command = Command([try WebTest.program("campaign-rehearsal"), "--speed", "200", "--while-stdin"])
    conversation = try Conversation(command, log: "/dev/null", interrupt: Interrupt())
    let line = try #require(conversation.hear())
    let api = try #require(try JSON.parse(Array(line.utf8))["api"]?.string)
    environment = [
      "REPLICATE_BASE_URL": api + "/v1", "REPLICATE_API_TOKEN": "r8_rehearsal_0123456789",
      "CAMPAIGN_REHEARSAL_SPEED": "200",
    ]
  }

  deinit {
    conversation.stopTalking()
    _ = conversation.end()
  }
}

/// A listener on a free port of this machine that answers one request with 204.
private final class Listener {
  private let socket: Int32
  let port: Int

  init() throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = socket
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && listen(descriptor, 4) == 0
          && getsockname(descriptor, $0, &size) == 0
      }
    }
    try #require(isBound)
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(socket) }

  func answer() throws -> String {
    let client = accept(socket, nil, nil)
    defer { close(client) }
    var text = ""
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while !Self.isWhole(text) {
      let count = recv(client, &chunk, chunk.count, 0)
      try #require(count > 0)
      text += String(decoding: chunk[..<count], as: UTF8.self)
    }
    let answer = Array("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".utf8)
    _ = send(client, answer, answer.count, 0)
    return text
  }

  private static func isWhole(_ text: String) -> Bool {
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let length = text.firstMatch(of: /[Cc]ontent-[Ll]ength: (\d+)/) else {
      return false
    }
    return parts[1].utf8.count >= Int(length.output.1) ?? 0
  }
}
