import CampaignCore
import Glibc
import Testing

/// The addresses of the service before this one: its paths, members and words, but true.
@Suite struct LuigiTests {
  private static let jobs = "/api/v3/luigi/jobs"

  private func names(_ json: JSON) -> Set<String> {
    if case .object(let members) = json { Set(members.map(\.name)) } else { [] }
  }

  @Test func `a job from start to end has all fields, and the truth in them`() throws {
    let web = try WebTest()
    let started = try web.post(Self.jobs + "/from-image-pairs", #"{"campaignId": "words", "clientId": null}"#)
    #expect(started.status == 200)
    #expect(names(started.json) == ["jobId", "status", "message", "luigiDashboard"])
    #expect((started.json["jobId"]?.int, started.json["status"]?.string) == (1, "pipeline_started"))
    _ = try web.wait(for: 1)
    let job = try web.get(Self.jobs + "/1").json
    #expect(
      names(job) == [
        "job_id", "status", "tasks", "progress", "completed_tasks", "total_tasks", "luigiDashboard",
      ])
    #expect((job["job_id"]?.int, job["status"]?.string, job["progress"]?.double) == (1, "completed", 100))
    #expect((job["completed_tasks"]?.int, job["total_tasks"]?.int) == (2, 2))
    let tasks = job["tasks"]?.array ?? []
    #expect(tasks.map { $0["name"]?.string } == ["build/a.txt", "build/b.txt"])
    #expect(tasks.allSatisfy { names($0) == ["name", "status", "created_at", "completed_at"] })
    #expect(tasks.allSatisfy { $0["status"]?.string == "completed" && $0["completed_at"]?.string != nil })
    #expect(try web.get(started.json["luigiDashboard"]?.string ?? "").status == 200)
  }

  @Test func `progress is of the whole plan, and canceling cancels`() throws {
    let web = try WebTest([
      "words": WebTest.words
        + "\nbuild/c.txt: build/b.txt\n    $ sleep 60\n\nbuild/d.txt: build/c.txt\n    $ :\n"
    ])
    _ = try web.post(Self.jobs + "/from-image-pairs", #"{"campaignId": "words"}"#)
    let connection = try web.connect()
    connection.send(WebTest.head("GET", "builds/1/events", [:]))
    _ = try connection.head()
    while let event = connection.event(), event["data"]?.contains("build/c.txt") != true {}
    let running = try web.get(Self.jobs + "/1").json
    #expect((running["status"]?.string, running["progress"]?.double) == ("running", 50))
    #expect((running["completed_tasks"]?.int, running["total_tasks"]?.int) == (2, 4))
    #expect(
      running["tasks"]?.array?.map { $0["status"]?.string } == [
        "completed", "completed", "running", "pending",
      ])
    let canceled = try web.post(Self.jobs + "/1/cancel").json
    #expect(canceled.compact == #"{"success":true,"job_id":1,"cancelled_tasks":2}"#)
    _ = try web.wait(for: 1)
    #expect(try web.get(Self.jobs + "/1").json["status"]?.string == "failed")
    #expect(try web.campaign("build", "--no-wait", "-n") == 0)
  }

  @Test func `a job that is tried again keeps its number`() throws {
    let web = try WebTest([
      "words": WebTest.words + "\nbuild/c.txt: words.txt\n    $ test -e good; touch \"$out\"\n"
    ])
    _ = try web.post(Self.jobs + "/from-image-pairs", #"{"campaignId": "words"}"#)
    _ = try web.wait(for: 1)
    #expect(try web.get(Self.jobs + "/1").json["status"]?.string == "failed")
    try web.write("", to: "words/good")
    let retried = try web.post(Self.jobs + "/1/retry").json
    #expect(names(retried) == ["success", "job_id", "message", "reset_tasks"])
    #expect((retried["success"]?.bool, retried["job_id"]?.int) == (true, 1))
    _ = try web.wait(for: 2)
    #expect(try web.get(Self.jobs + "/1").json["status"]?.string == "completed")
    #expect(try web.get(Self.jobs + "/2").status == 404)
    #expect(try web.post(Self.jobs + "/1/retry").status == 400)
  }

  @Test func `the total of a list is the total`() throws {
    let web = try WebTest()
    for id in 1...3 {
      _ = try web.post(Self.jobs + "/from-image-pairs", #"{"campaignId": "words"}"#)
      _ = try web.wait(for: id)
    }
    let list = try web.get(Self.jobs + "?limit=2&offset=1").json
    #expect(names(list) == ["jobs", "total", "limit", "offset"])
    #expect(list["jobs"]?.array?.map { $0["job_id"]?.int } == [2, 1])
    #expect((list["total"]?.int, list["limit"]?.int, list["offset"]?.int) == (3, 2, 1))
  }

  @Test func `errors are errors`() throws {
    let web = try WebTest()
    for (path, body, status) in [
      ("/from-image-pairs", #"{"campaignId": "nothing"}"#, 404), ("/from-image-pairs", "{}", 400),
      ("/from-image-pairs", #"{"campaignId": "words", "clipDuration": "long"}"#, 400), ("/9/cancel", "", 404),
      ("/9/retry", "", 404),
    ] {
      let answer = try web.post(Self.jobs + path, body)
      #expect(answer.status == status, "\(path) \(body)")
      #expect(names(answer.json) == ["detail"])
    }
    #expect(try web.get(Self.jobs + "/9").status == 404)
  }
}
