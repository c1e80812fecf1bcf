import CampaignCore
import Testing

/// Bringing home what was paid for.
struct DeliveryTests {
  private static let film = ScriptedReplicate.film
  private static let etag = ScriptedReplicate.etag

  private func run(
    _ deliveries: [ScriptedServer.Reply], script: [String: [ScriptedReplicate.Turn]] = [:]
  ) throws -> (record: Conversation.Record, output: [UInt8]?, replicate: ScriptedReplicate) {
    let replicate = try ScriptedReplicate(script, deliveries: deliveries)
    let test = try ProviderTest(base: replicate.server.url)
    let record = try test.run(ProviderTest.clip())
    #expect(replicate.jobs == 1)
    #expect(replicate.delivery.requests.allSatisfy { !$0.isAuthorized })
    return (record, try test.output(), replicate)
  }

  @Test func aCutDownloadGoesOnWhereItEnded() throws {
    let (record, output, replicate) = try run([.cut(Self.film, upTo: 14, headers: Self.etag)])
    #expect(record.end == "done" && output == Self.film, "\(record.log)")
    let second = try #require(replicate.delivery.requests.dropFirst().first)
    #expect(second.headers["range"] == "bytes=14-" && second.headers["if-range"] == "\"a\"")
  }

  @Test func aCutDownloadWithoutAnETagBeginsAnew() throws {
    let (record, output, replicate) = try run([.cut(Self.film, upTo: 14)])
    #expect(record.end == "done" && output == Self.film)
    #expect(replicate.delivery.requests.allSatisfy { $0.headers["range"] == nil })
  }

  @Test func aFileThatHasChangedBeginsAnew() throws {
    let (record, output, _) = try run([
      .cut(Array("old film".utf8), upTo: 5, headers: Self.etag),
      .bytes(200, Self.film, headers: ["ETag: \"b\""]),
    ])
    #expect(record.end == "done" && output == Self.film)
  }

  @Test(arguments: [
    ScriptedServer.Reply.bytes(200, []), .bytes(200, Array("<html>no".utf8)), .json(200, "{}"),
    .bytes(200, Array("<?xml?><Error/>".utf8)), .bytes(404, []), .bytes(410, []),
    .bytes(403, Array("<Error/>".utf8)),
    .bytes(503, []), .bytes(200, Array(film.dropLast(3))), .silence,
  ])
  func aBadDownloadIsRepeated(reply: ScriptedServer.Reply) throws {
    let (record, output, _) = try run([reply])
    #expect(record.end == "done" && output == Self.film, "\(record.log)")
  }

  /// An output at the API's own address says that it is not there to whoever has no key.
  @Test func theKeyGoesToTheServicesOwnAddressFromTheStart() throws {
    let film = Self.film
    let server = try ScriptedServer { request, _ in
      guard request.path == "/v1/files/out/download" else { return .json(404, "{}") }
      return request.isAuthorized ? .bytes(200, film) : .json(404, "{}")
    }
    let checkpoints = [
      try JSON.parse(#"{"state":"submitted","data":{"id":"a"}}"#),
      try JSON.parse(
        #"{"state":"succeeded","data":{"id":"a","output":"\#(server.url)/v1/files/out/download"}}"#),
    ]
    let test = try ProviderTest(base: server.url)
    let record = try test.run(ProviderTest.clip(checkpoints: checkpoints))
    #expect(record.end == "done" && server.requests.count == 1, "\(record.log)")
    #expect(try test.output() == film)
  }

  @Test func theSameDamageTwiceIsTheServicesFault() throws {
    let damaged = ScriptedServer.Reply.bytes(200, Array(Self.film.dropLast(3)))
    let (record, output, _) = try run([damaged, damaged])
    #expect(record.end == "failed model" && output == nil)
  }

  @Test func whatIsGoneForGoodIsLost() throws {
    let gone = ScriptedReplicate.Turn.instead(
      .json(200, #"{"id":"job0","status":"succeeded","output":null,"data_removed":true}"#))
    let replicate = try ScriptedReplicate(["GET /v1/predictions/": [gone]], deliveries: [.bytes(404, [])])
    let checkpoints = [
      try JSON.parse(#"{"state":"submitted","data":{"id":"job0"}}"#),
      try JSON.parse(
        #"{"state":"succeeded","data":{"id":"job0","output":"http://localhost:\#(replicate.delivery.port)/out.mp4"}}"#
      ),
    ]
    let record = try ProviderTest(base: replicate.server.url).run(ProviderTest.clip(checkpoints: checkpoints))
    #expect(record.end == "failed lost" && replicate.jobs == 0)
  }

  @Test func outputsInlineAreUnpacked() throws {
    let replicate = try ScriptedReplicate(
      ending: #"{"output":["data:video/mp4;base64,AAAADGZ0eXBpc29tAAAACG1vb3Y="]}"#)
    let test = try ProviderTest(base: replicate.server.url)
    let record = try test.run(ProviderTest.clip())
    #expect(record.end == "done", "\(record.log)")
    #expect(try test.output()?.count == 20)
  }

  @Test func aKeyNeverFollowsARedirectToAnotherHost() throws {
    let elsewhere = try ScriptedServer { _, _ in .json(200, #"{"username":"thief"}"#) }
    let server = try ScriptedServer { _, _ in
      .json(302, "", headers: ["Location: http://localhost:\(elsewhere.port)/v1/account"])
    }
    _ = try ProviderTest(base: server.url).run(ProviderTest.clip(do: "check"))
    #expect(server.requests.first?.isAuthorized == true)
    #expect(elsewhere.requests.map(\.isAuthorized) == [false])
  }

  @Test func redirectsOfADeliveryAreFollowed() throws {
    let other = try ScriptedServer { _, _ in .bytes(200, Self.film) }
    let (record, output, _) = try run([
      .bytes(302, [], headers: ["Location: http://127.0.0.1:\(other.port)/moved.mp4"])
    ])
    #expect(record.end == "done" && output == Self.film)
    #expect(other.requests.map(\.isAuthorized) == [false])
  }

  @Test func redirectsEndSomewhere() throws {
    let server = try ScriptedServer { _, _ in .json(302, "", headers: ["Location: /v1/account"]) }
    let record = try ProviderTest(base: server.url).run(ProviderTest.clip(do: "check"))
    #expect(record.end == "failed network" && server.requests.count == 6)
  }
}
