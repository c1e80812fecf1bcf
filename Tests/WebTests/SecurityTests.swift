import CampaignCore
import Glibc
import Testing

/// Who may ask for what, and what nobody gets.
@Suite struct SecurityTests {
  private static let cancel = "builds/1/cancel"

  @Test(arguments: [
    "evil.example", "evil.example:8377", "localhost.evil.example", "127.0.0.1.evil.example", "",
  ])
  func `requests to other names are refused`(host: String) throws {
    let web = try WebTest()
    #expect(try web.get("campaigns", ["Host": host]).status == 403)
    #expect(try web.get("/", ["Host": host]).status == 403)
  }

  @Test(arguments: [
    "[::1]evil", "[::1", "::1", "[localhost]", "localhost:x", "localhost:80:80", "localhost:99999",
    "localhost:+1",
    "localhost:x@evil.example", "localhost\r\nHost: localhost", "localhost\r\nHost: evil.example",
  ])
  func `what is no name with a port is none of this server's`(host: String) throws {
    #expect(try WebTest().get("campaigns", ["Host": host]).status == 400)
  }

  @Test func `this machine's names, and those that are allowed, are answered`() throws {
    let web = try WebTest(options: ["--allow-host", "film.example"])
    for host in ["localhost", "localhost:1", "127.0.0.1", "[::1]:80", "FILM.example:8377"] {
      #expect(try web.get("campaigns", ["Host": host]).status == 200, "\(host)")
    }
  }

  @Test(arguments: ["http://evil.example", "null", "http://localhost:1", "https://localhost.evil.example"])
  func `pages of other origins change nothing`(origin: String) throws {
    let web = try WebTest()
    let answer = try web.post("campaigns/words/plan", "{}", ["Origin": origin])
    #expect(answer.status == 403)
    #expect(answer.headers["content-type"] == "application/problem+json")
    #expect(try web.post("campaigns/words/plan", "{}", ["Sec-Fetch-Site": "cross-site"]).status == 403)
    #expect(try web.post("campaigns/words/plan", "{}", ["Origin": "http://localhost"]).status == 200)
  }

  @Test func `what changes something needs the token`() throws {
    let web = try WebTest()
    for path in [
      "builds", Self.cancel, "builds/1/retry", "campaigns/words/plan", "campaigns/words/approve",
      "campaigns/words/reject", "campaigns/words/take", "campaigns/words/history/last/restore",
      "campaigns/words/cancel", "campaigns/words/pools/all/pause", "campaigns/words/pools/all/resume",
      "/api/v3/luigi/jobs/from-image-pairs", "/api/v3/luigi/jobs/1/cancel", "/api/v3/luigi/jobs/1/retry",
    ] {
      for wrong in ["", "Bearer", "Bearer x", "Bearer \(WebTest.token)x", "Basic \(WebTest.token)"] {
        let answer = try web.post(path, "{}", ["Authorization": wrong])
        #expect(answer.status == 401, "\(path) with `\(wrong)`")
        #expect(answer.headers["www-authenticate"] == "Bearer")
      }
    }
  }

  @Test func `what reads needs the token, or the cookie that it gives`() throws {
    let web = try WebTest()
    let nothing = ["Authorization": "", "Host": "localhost:\(web.port)"]
    for path in ["/", "/app.js", "openapi.json"] { #expect(try web.get(path, nothing).status == 200) }
    for path in [
      "campaigns", "campaigns/words", "campaigns/words/files/words.txt", "campaigns/words/stills/words.txt",
      "campaigns/words/events", "campaigns/words/history/last", "campaigns/nothing", "builds", "builds/1",
      "/api/v3/luigi/jobs", "/api/v3/luigi/jobs/1", "/api/nothing",
    ] {
      #expect(try web.get(path, nothing).status == 401, "\(path)")
    }
    let answer = try web.get("campaigns", ["Host": "localhost:\(web.port)"])
    let cookie = try #require(answer.headers["set-cookie"])
    #expect(cookie.hasPrefix("campaign-session-\(web.port)="), "browsers do not tell ports apart")
    #expect(
      cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains(WebTest.token))
    let reading = nothing.merging(["Cookie": "a=b; " + cookie.prefix { $0 != ";" }]) { $1 }
    #expect(try web.get("campaigns/words/files/words.txt", reading).text == "hello\n")
    #expect(try web.post("campaigns/words/plan", "{}", reading).status == 401, "it only reads")
    let other = reading.merging(["Host": "localhost:1"]) { $1 }
    #expect(try web.get("campaigns", other).status == 401)
  }

  @Test func `a server for other machines is asked by the names that it is given`() throws {
    let web = try WebTest(options: ["--host", "0.0.0.0", "--allow-host", "film.example"])
    #expect(try web.get("campaigns", ["Host": "film.example"]).status == 200)
    #expect(try web.get("campaigns", ["Host": "film.example", "Authorization": ""]).status == 401)
  }

  @Test func `a file with the token is for its owner alone`() throws {
    let web = try WebTest()
    try web.write("another-token-0123456789\n", to: "token")
    chmod(web.folder + "/token", 0o644)
    #expect(try web.campaign("serve", "--port", "0", "--token-file", web.folder + "/token") == 2)
    #expect(try Files.text(web.folder + "/terminal.log").contains("can be read by others"))
    chmod(web.folder + "/token", 0o600)
    try web.restart(by: SIGTERM, options: ["--token-file", web.folder + "/token"])
    #expect(try web.post("campaigns/words/plan", "{}").status == 401)
    let right = ["Authorization": "Bearer another-token-0123456789"]
    #expect(try web.post("campaigns/words/plan", "{}", right).status == 200)
  }

  // MARK: - The command

  /// `campaign serve` states the options of `campaign-web` again, as it links nothing of a server.
  @Test func `both commands have the same options, with the same words`() throws {
    let web = try WebTest()
    func options(_ program: String, _ arguments: String...) throws -> [String] {
      let log = web.folder + "/\(program).help"
      _ = try Command([try WebTest.program(program)] + arguments).run(log: log, interrupt: Interrupt())
      let lines = try Files.text(log).split(separator: "\n").map(String.init)
      return Array(lines[try #require(lines.firstIndex(of: "ARGUMENTS:"))...])
    }
    let own = ["  -C <dir>", "  --version"]
    let serve = try options("campaign", "serve", "--help").filter { line in
      !own.contains { line.hasPrefix($0) }
    }
    #expect(try serve == options("campaign-web", "--help"))
    #expect(serve.count > 8)
  }

  // MARK: - Files

  @Test(arguments: [
    "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd",
    "%2fetc%2fpasswd",
    "build/../../secret", ".campaign/cache", ".campaign/lock", "words.txt%00", "words.txt/", "./words.txt",
    "nothing",
    "..\\..\\secret", "%c0%ae%c0%ae/secret", "%+1",
  ])
  func `only files that the campaign knows are served`(path: String) throws {
    let web = try WebTest()
    try web.write("a secret", to: "secret")
    try web.campaign("build")
    for kind in ["files", "stills"] {
      let answer = try web.get("campaigns/words/\(kind)/\(path)")
      #expect([400, 404].contains(answer.status), "\(answer.status)")
      #expect(!answer.text.contains("secret"))
    }
  }

  @Test func `a link that leads out is not followed`() throws {
    let web = try WebTest(["words": "build/a.txt: linked.txt\n    $ cp \"$in\" \"$out\"\n"])
    try web.write("a secret", to: "secret")
    #expect(symlink("../secret", web.folder + "/words/linked.txt") == 0)
    #expect(symlink("/etc", web.folder + "/etc") == 0)
    #expect(try web.get("campaigns/words/files/linked.txt").status == 404)
    #expect(try web.get("campaigns").json["campaigns"]?.array?.count == 1)
  }

  @Test func `what a campaign makes runs no script here`() throws {
    let web = try WebTest(["words": "build/a.html: words.txt\n    $ cp \"$in\" \"$out\"\n"])
    try web.campaign("build")
    let answer = try web.get("campaigns/words/files/build/a.html")
    #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
    #expect(
      answer.headers["content-security-policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'")
    #expect(answer.headers["x-content-type-options"] == "nosniff")
  }

  @Test func `every answer is hardened`() throws {
    let web = try WebTest()
    for path in ["/", "campaigns", "campaigns/nothing", "/nothing", "campaigns/words/events", "openapi.json"]
    {
      let connection = try web.connect()
      connection.send(WebTest.head("GET", path, [:]))
      let headers = try connection.head().headers
      #expect(
        headers["content-security-policy"]
          == "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
        "\(path)")
      #expect(headers["x-content-type-options"] == "nosniff", "\(path)")
      #expect(headers["x-frame-options"] == "DENY", "\(path)")
      #expect(headers["referrer-policy"] == "no-referrer", "\(path)")
      #expect(headers["cross-origin-resource-policy"] == "same-origin", "\(path)")
      #expect(headers["cache-control"] != nil, "\(path)")
    }
  }

  // MARK: - No shell

  @Test func `names are names, never words of a shell`() throws {
    let web = try WebTest()
    let mark = web.folder + "/mark"
    for name in ["$(touch \(mark))", "; touch \(mark)", "`touch \(mark)`", "--events=\(mark)", "-C/tmp"] {
      let text = JSON.string(name).compact
      for body in [
        "{\"campaign\":\"words\",\"targets\":[\(text)]}", "{\"campaign\":\"words\",\"force\":[\(text)]}",
        "{\"campaign\":\"words\",\"profile\":\(text)}", "{\"campaign\":\(text)}",
        "{\"campaign\":\"words\",\"set\":{\"size\":\(text)}}",
      ] {
        let answer = try web.post("builds", body)
        #expect((400...422).contains(answer.status), "\(body): \(answer.status) \(answer.text)")
      }
    }
    #expect(!Files.exists(mark))
  }

  @Test func `builds do not see the token`() throws {
    let web = try WebTest(["words": "build/a.txt: words.txt\n    $ env > \"$out\"\n"])
    #expect(try web.wait(for: try web.build(#"{"campaign": "words"}"#))["state"]?.string == "done")
    #expect(!(try Files.text(web.folder + "/words/build/a.txt").contains(WebTest.token)))
  }

  // MARK: - Limits

  @Test func `what is too large is refused`() throws {
    let web = try WebTest()
    let large = "{\"targets\":[\"\(String(repeating: "x", count: 300 << 10))\"]}"
    #expect(try web.post("campaigns/words/plan", large).status == 413)
    let connection = try web.connect()
    connection.send(WebTest.head("GET", "campaigns", ["X-Large": String(repeating: "x", count: 40 << 10)]))
    let answer = try? connection.answer()
    #expect(answer == nil || answer?.status == 400 || answer?.status == 431)
    #expect(try web.get("campaigns").status == 200)
  }

  @Test(arguments: [
    ("chunked", "zz\r\n{}\r\n0\r\n\r\n", 400), ("chunked", "2\r\n{}zz0\r\n\r\n", 400),
    ("chunked", "2\r\n{}\r\nzz\r\n\r\n", 400), ("chunked", "fffffffffffffffff\r\n{}", 400),
    ("chunked", "2;a=b\r\n{}\r\n0\r\n\r\n", 200), ("gzip, chunked", "2\r\n{}\r\n0\r\n\r\n", 501),
    ("xchunked", "2\r\n{}\r\n0\r\n\r\n", 501), ("chunked\r\nContent-Length: 2", "{}", 400),
  ])
  func `a body in pieces is whole, or refused`(coding: String, body: String, status: Int) throws {
    let web = try WebTest()
    let connection = try web.connect()
    let headers = ["Content-Type": "application/json", "Transfer-Encoding": coding]
    connection.send(WebTest.head("POST", "campaigns/words/plan", headers) + body)
    #expect(try connection.answer().status == status)
  }

  @Test func `a body has to be JSON by name`() throws {
    let web = try WebTest()
    for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
      #expect(try web.post("campaigns/words/plan", "{}", ["Content-Type": type]).status == 415, "\(type)")
    }
  }

  @Test func `who begins and does not go on is dropped`() throws {
    let web = try WebTest(options: ["--patience", "1"])
    let (idle, header, body) = (try web.connect(), try web.connect(), try web.connect())
    header.send("GET /api/v1/campaigns HTTP/1.1\r\nHost: local")
    body.send(
      WebTest.head(
        "POST", "campaigns/words/plan",
        ["Content-Type": "application/json", "Content-Length": "100"])
        + "{")
    #expect(idle.isClosed && header.isClosed && body.isClosed)
  }

  @Test func `who does not take what is sent is dropped, and nobody else waits`() throws {
    let web = try WebTest(
      ["words": "build/large.bin: words.txt\n    $ head -c 50000000 /dev/zero > \"$out\"\n"],
      options: ["--patience", "1", "--connections", "2"])
    try web.campaign("build")
    func slow() throws -> WebConnection {
      let connection = try web.connect()
      connection.send(WebTest.head("GET", "campaigns/words/files/build/large.bin", [:]))
      _ = try connection.head()
      return connection
    }
    let first = try slow()
    #expect(try web.get("campaigns").status == 200)
    let second = try slow()
    // There is room for it only once one of them is dropped.
    #expect(try web.get("campaigns").status == 200)
    for slow in [first, second] {
      var received = 0
      while let line = slow.line() { received += line.utf8.count }
      #expect(received < 50_000_000)
    }
  }

  @Test func `who has the token finds a place among any number of those who have not`() throws {
    let web = try WebTest(options: ["--connections", "8"])
    let listener = try web.connect()
    listener.send(WebTest.head("GET", "campaigns/words/events", [:]))
    _ = try listener.head()
    let guests = try (0..<40).map { _ in
      let guest = try web.connect()
      guest.send("GET / HTTP/1.1\r\nHost: local")
      return guest
    }
    #expect(try web.get("campaigns").status == 200)
    try web.campaign("build")
    while let event = listener.event(), event["event"] != "run.finished" {}
    #expect(!listener.isAtEnd)
    #expect(guests[0].isClosed)
  }

  @Test func `there is room for so many connections, and for the next one when one goes`() throws {
    let web = try WebTest(options: ["--connections", "2"])
    var first: WebConnection? = try web.connect()
    first?.send(WebTest.head("GET", "campaigns/words/events", [:]))
    _ = try first?.head()
    let second = try web.connect()
    second.send(WebTest.head("GET", "campaigns", [:]))
    #expect(try second.answer().status == 200)
    let third = try web.connect()
    third.send(WebTest.head("GET", "campaigns", [:]))
    first = nil
    #expect(try third.answer().status == 200)
  }
}
