import CampaignCore
import Glibc
import Testing

/// The life of a paid job, whatever happens on the way: one job is paid once, and its film arrives.
struct ReplicateTests {
  private static let create = "POST /v1/models"
  private static let film = ScriptedReplicate.film

  private func test(_ replicate: ScriptedReplicate) throws -> ProviderTest {
    try ProviderTest(base: replicate.server.url)
  }

  // MARK: - Going well

  @Test func aClipIsMadeInThreeCheckpoints() throws {
    let replicate = try ScriptedReplicate()
    let test = try test(replicate)
    let record = try test.run(ProviderTest.clip())
    #expect(record.end == "done" && record.code == 0, "\(record.log)")
    #expect(record.states == ["intent", "submitted", "succeeded"])
    #expect(try test.output() == Self.film)
    #expect(!Files.exists(test.folder + "/out.part"))
    #expect(record.last?["billed"]?.compact == #"{"seconds":6.0,"resolution":"1080p","predict":60.5}"#)
    #expect(record.last?["seed"]?.int == 41 && record.last?["usd"] == nil)
    let sent = try #require(replicate.server.requests.first { $0.path.hasSuffix("/predictions") })
    #expect(sent.headers["cancel-after"] == "900s" && sent.headers["prefer"] == nil)
    #expect(
      String(decoding: sent.body, as: UTF8.self).contains(#""image":"\#(replicate.server.url)/v1/files/f1""#))
    #expect(replicate.delivery.requests.allSatisfy { !$0.isAuthorized })
  }

  @Test func musicGoesByItsVersionAndAsksForTheTimeFirst() throws {
    let replicate = try ScriptedReplicate(deliveries: [.bytes(200, Array("RIFF0000WAVE".utf8))])
    let record = try test(replicate).run(ProviderTest.music())
    #expect(record.end == "done", "\(record.log)")
    #expect(replicate.server.requests.first?.path == "/v1/account")
    let sent = try #require(replicate.server.requests.first { $0.path == "/v1/predictions" })
    #expect(String(decoding: sent.body, as: UTF8.self).hasPrefix(#"{"version":"671ac645"#))
  }

  // MARK: - Being stopped and going on

  @Test(arguments: ["intent", "submitted", "succeeded"])
  func afterACrashAtAnyCheckpointOneJobIsPaid(state: String) throws {
    let replicate = try ScriptedReplicate()
    let test = try test(replicate)
    let first = try test.run(ProviderTest.clip()) { $0 == state ? .kill : .yes }
    #expect(first.states.last == state && first.code != 0)
    let second = try test.run(ProviderTest.clip(checkpoints: first.checkpoints))
    #expect(second.end == "done", "\(second.log)")
    #expect(replicate.jobs == 1)
    #expect(try test.output() == Self.film)
    #expect(
      second.states
        == (state == "intent"
          ? ["intent", "submitted", "succeeded"] : state == "submitted" ? ["succeeded"] : []))
  }

  @Test(arguments: ["intent", "submitted", "succeeded"])
  func withoutCampaignNothingGoesOn(state: String) throws {
    let replicate = try ScriptedReplicate()
    let test = try test(replicate)
    let record = try test.run(ProviderTest.clip()) { $0 == state ? .silence : .yes }
    #expect(record.end == "checkpoint" && record.code == 1)
    #expect(replicate.jobs == (state == "intent" ? 0 : 1))
    #expect(try test.output() == nil)
  }

  @Test func aRefusalEndsItBeforeItCosts() throws {
    let replicate = try ScriptedReplicate()
    let record = try test(replicate).run(ProviderTest.clip()) { _ in .no("over the cap") }
    #expect(record.end == "failed refused" && record.last?["message"]?.string == "over the cap")
    #expect(record.last?["usd"]?.string == "0.00" && replicate.jobs == 0)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalLeavesTheJobRunning(signal: Int32) throws {
    let replicate = try ScriptedReplicate()
    let record = try test(replicate).run(ProviderTest.clip()) { $0 == "submitted" ? .signal(signal) : .yes }
    #expect(record.end == "failed detached" && record.states == ["intent", "submitted"])
    #expect(replicate.jobs == 1)
  }

  @Test func aSignalBeforeTheSubmissionCostsNothing() throws {
    let replicate = try ScriptedReplicate()
    let record = try test(replicate).run(ProviderTest.clip()) { _ in .signal(SIGINT) }
    #expect(record.end == "failed refused" && replicate.jobs == 0)
  }

  // MARK: - When it is not known whether the job was accepted

  @Test(arguments: [
    ScriptedServer.Reply.silence, .json(502, "<html>"), .json(201, "<html>"), .json(201, "{}"),
    .json(409, "{}"),
  ])
  func anAcceptedJobIsFoundAgain(reply: ScriptedServer.Reply) throws {
    let replicate = try ScriptedReplicate([Self.create: [.accepted(then: reply)]])
    let test = try test(replicate)
    let record = try test.run(ProviderTest.clip())
    #expect(record.end == "done" && record.states == ["intent", "submitted", "succeeded"], "\(record.log)")
    #expect(replicate.jobs == 1)
    #expect(try test.output() == Self.film)
  }

  @Test func anAbsentJobIsLookedForFourTimesAndThenSubmitted() throws {
    let replicate = try ScriptedReplicate([Self.create: [.instead(.silence)]])
    let record = try test(replicate).run(ProviderTest.clip())
    #expect(record.end == "done" && record.states == ["intent", "intent", "submitted", "succeeded"])
    #expect(replicate.jobs == 1)
    #expect(
      replicate.server.requests.count {
        $0.path.hasPrefix("/v1/predictions?created_after=2026-11-23T10:58:00Z")
      } == 4)
  }

  @Test func aServiceThatNeverAnswersIsGivenUp() throws {
    let silence = [ScriptedReplicate.Turn](repeating: .instead(.silence), count: 9)
    let replicate = try ScriptedReplicate([Self.create: silence])
    let record = try test(replicate).run(ProviderTest.clip())
    #expect(record.end == "failed network" && record.last?["usd"]?.string == "0.00" && replicate.jobs == 0)
    #expect(record.states == ["intent", "intent", "intent"])
  }

  @Test func aJobThatMayBeOursIsNeverBoughtTwice() throws {
    let purged =
      """
      {"results":[{"id":"x","model":"google/veo-3.1-fast","input":{},"data_removed":true,\
      "created_at":"2026-11-23T11:00:00Z"}]}
      """
    let replicate = try ScriptedReplicate([
      Self.create: [.instead(.silence)], "GET /v1/predictions?": [.instead(.json(200, purged))],
    ])
    let record = try test(replicate).run(ProviderTest.clip())
    #expect(record.end == "failed unknown" && replicate.jobs == 0)
  }

  /// Whether Replicate echoes models and the addresses of uploads word for word is not documented.
  @Test(arguments: [
    #""model":"google/veo-3.1-fast","input":{"prompt":"x","image":"https://replicate.delivery/a.jpg","#
      + #""last_frame":"https://replicate.delivery/b.jpg","duration":6,"seed":41}"#,
    #""model":"replicate-internal/veo-3.1-fast","input":{"prompt":"x","duration":6,"seed":41}"#,
    #""model":"replicate-internal/veo-3.1-fast","input":{}"#, #""model":"google/veo-3.1-fast""#,
  ])
  func aJobThatIsListedOtherwiseIsFoundAgain(echo: String) throws {
    let list = #"{"results":[{"id":"job0","created_at":"2026-11-23T11:00:05Z",\#(echo)}]}"#
    let replicate = try ScriptedReplicate([
      Self.create: [.accepted(then: .silence)], "GET /v1/predictions?": [.instead(.json(200, list))],
    ])
    let record = try test(replicate).run(ProviderTest.clip())
    #expect(record.end == "done" && record.states == ["intent", "submitted", "succeeded"], "\(record.log)")
    #expect(replicate.jobs == 1)
  }

  @Test func whatIsLikeAnyOtherCannotBeTold() throws {
    let job = #"{"id":"x","model":"google/veo-3.1-fast","created_at":"2026-11-23T11:00:05Z","input":{}}"#
    let replicate = try ScriptedReplicate([
      Self.create: [.instead(.silence)],
      "GET /v1/predictions?": [.instead(.json(200, #"{"results":[\#(job)]}"#))],
      "GET /v1/predictions/x": [.instead(.json(200, job))],
    ])
    let record = try test(replicate).run(ProviderTest.clip())
    #expect(record.end == "failed unknown" && replicate.jobs == 0)
  }

  @Test func afterAnHourNothingIsKnown() throws {
    let replicate = try ScriptedReplicate()
    let old =
      #"{"state":"intent","data":{"model":"google/veo-3.1-fast","since":1795428000,"files":["x","y"]}}"#
    let record = try test(replicate).run(ProviderTest.clip(checkpoints: [JSON.parse(old)]))
    #expect(record.end == "failed unknown" && replicate.jobs == 0)
  }

  @Test func aThrottledSubmissionAsksCampaignAgain() throws {
    let body =
      #"{"detail":"reduced to 6 requests per minute with a burst of 1 requests. Resets in ~9s.","retry_after":9}"#
    let replicate = try ScriptedReplicate([Self.create: [.instead(.json(429, body))]])
    let record = try test(replicate).run(ProviderTest.clip())
    #expect(record.end == "done" && record.states == ["intent", "intent", "submitted", "succeeded"])
    #expect(record.notes("throttled").first?.compact == #"{"ev":"throttled","seconds":9,"burst":1}"#)
    #expect(replicate.jobs == 1)
  }

  @Test(arguments: [
    (400, "request"), (401, "credential"), (402, "billing"), (403, "permission"), (404, "model"),
    (422, "request"),
  ])
  func aRefusedSubmissionCostsNothing(status: Int, kind: String) throws {
    let replicate = try ScriptedReplicate([
      Self.create: [.instead(.json(status, #"{"detail":"in its own words"}"#))]
    ])
    let record = try test(replicate).run(ProviderTest.clip())
    #expect(record.end == "failed \(kind)" && record.last?["usd"]?.string == "0.00")
    #expect(record.last?["message"]?.string == "in its own words")
  }

  // MARK: - Bad ends

  @Test(arguments: [
    (
      #"{"status":"failed","error":"Prediction interrupted; please retry (code: PA)","output":null}"#,
      "infrastructure"
    ),
    (#"{"status":"failed","error":"flagged as sensitive (E005)","output":null}"#, "moderation"),
    (#"{"status":"failed","error":null,"output":null}"#, "failed"),
    (#"{"status":"aborted","output":null}"#, "infrastructure"),
    (#"{"status":"canceled","output":null}"#, "canceled"),
    (#"{"status":"canceled","output":null,"deadline":"2026-11-23T11:01:05Z"}"#, "canceled"),
  ])
  func jobsEndBadlyInManyWays(ending: String, kind: String) throws {
    let replicate = try ScriptedReplicate(ending: ending)
    let record = try test(replicate).run(ProviderTest.clip())
    #expect(record.end == "failed \(kind)", "\(record.last?.compact ?? "")")
    #expect(record.states == ["intent", "submitted"])
  }

  @Test(arguments: [
    (#"{"output":null}"#, "model"), (#"{"output":null,"data_removed":true}"#, "lost"),
  ])
  func aJobThatSucceededIsWrittenDownAsThatEvenWithoutAnOutput(ending: String, kind: String) throws {
    let replicate = try ScriptedReplicate(ending: ending)
    let record = try test(replicate).run(ProviderTest.clip())
    #expect(record.end == "failed \(kind)" && record.last?["usd"] == nil)
    #expect(record.states == ["intent", "submitted", "succeeded"])
  }

  @Test func troubleWhilePollingIsWaitedOut() throws {
    let trouble: [ScriptedReplicate.Turn] = [
      .instead(.json(502, "<html>")), .instead(.silence), .instead(.json(404, "{}")),
      .instead(.json(429, "{}")),
      .instead(.json(200, "<html>")), .instead(.json(200, #"{"id":"job0","status":"queued2"}"#)),
    ]
    let replicate = try ScriptedReplicate(["GET /v1/predictions/": trouble])
    let record = try test(replicate).run(ProviderTest.clip())
    #expect(record.end == "done", "\(record.log)")
    #expect(record.notes().contains { $0["text"]?.string?.contains("`queued2`") == true })
  }

  @Test func aJobThatIsForgottenIsNeverBoughtAgain() throws {
    let missing = [ScriptedReplicate.Turn](repeating: .instead(.json(404, "{}")), count: 9)
    let empty = ScriptedReplicate.Turn.instead(.json(200, #"{"results":[]}"#))
    let replicate = try ScriptedReplicate(["GET /v1/predictions/": missing, "GET /v1/predictions?": [empty]])
    let record = try test(replicate).run(ProviderTest.clip())
    #expect(record.end == "failed unknown" && replicate.jobs == 1)
  }

  @Test func aJobThatRunsOnIsLeftAlone() throws {
    let running = ScriptedReplicate.Turn.instead(.json(200, #"{"id":"job0","status":"processing"}"#))
    let replicate = try ScriptedReplicate(["GET /v1/predictions/": Array(repeating: running, count: 500)])
    let record = try test(replicate).run(ProviderTest.clip(more: [JSON.Member("deadline", .int(30))]))
    #expect(record.end == "failed detached" && replicate.jobs == 1)
  }

  // MARK: - Canceling

  @Test func aSubmittedJobIsCanceled() throws {
    let replicate = try ScriptedReplicate()
    let test = try test(replicate)
    let first = try test.run(ProviderTest.clip()) { $0 == "submitted" ? .kill : .yes }
    let record = try test.run(ProviderTest.clip(checkpoints: first.checkpoints, do: "cancel"))
    #expect(record.end == "done" && replicate.server.count("POST /v1/predictions/job0/cancel") == 1)
  }

  @Test func nothingIsThereToCancelBeforeTheIntent() throws {
    let replicate = try ScriptedReplicate()
    #expect(try test(replicate).run(ProviderTest.clip(do: "cancel")).end == "done")
    #expect(replicate.server.requests.isEmpty)
  }
}
