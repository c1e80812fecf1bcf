import CampaignCore
import Testing

/// Everything that can go wrong at a provider, once a take is there and another is ordered.
@Suite struct FaultTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var fault: String
    /// How the build ends.
    var code: Int
    /// How many jobs the provider has accepted for the second take.
    var creates: Int
    /// Part of what is said.
    var says = ""
    var testDescription: String { fault }

    init(_ fault: String, exits code: Int = 0, creates: Int = 1, says: String = "") {
      self.fault = fault
      self.code = code
      self.creates = creates
      self.says = says
    }
  }

  static let rows = [
    Row(#"{"on": "create", "do": "accept_then_reset"}"#),
    Row(#"{"on": "create", "do": "accept_then_reset", "list_lag": 30}"#),
    Row(
      #"{"on": "create", "do": "accept_then_reset", "hides_input": true}"#, exits: 1,
      says: "it cannot be told"),
    Row(#"{"on": "create", "do": "reset_before_accept"}"#),
    Row(#"{"on": "create", "do": "accept_then_hang", "seconds": 40}"#),
    Row(#"{"on": "create", "do": "accept_then_5xx"}"#),
    Row(#"{"on": "create", "do": "accept_then_garbage_json"}"#),
    Row(#"{"on": "create", "do": "status", "code": 503, "body": "<html>busy</html>"}"#),
    Row(#"{"on": "create", "do": "throttle", "retry_after": 9, "in_body_only": true}"#),
    Row(#"{"on": "create", "do": "throttle", "retry_after": 9, "times": 3}"#),
    Row(#"{"on": "create", "do": "status", "code": 401}"#, exits: 1, creates: 0, says: "REPLICATE_API_TOKEN"),
    Row(#"{"on": "create", "do": "status", "code": 402}"#, exits: 1, creates: 0, says: "add credit"),
    Row(
      #"{"on": "create", "do": "status", "code": 404}"#, exits: 1, creates: 0,
      says: "check the name of the model"),
    Row(#"{"on": "create", "do": "status", "code": 422}"#, exits: 1, creates: 0, says: "scripted"),
    Row(#"{"on": "create", "do": "final", "error": "nsfw_e005"}"#, exits: 1, says: "refuses to make"),
    Row(#"{"on": "create", "do": "final", "error": "pa"}"#, creates: 2),
    Row(#"{"on": "create", "do": "final", "error": "director_e9828"}"#, creates: 2),
    Row(#"{"on": "create", "do": "final", "error": "input_url"}"#, creates: 2),
    Row(#"{"on": "create", "do": "final", "error": "aborted"}"#, creates: 2),
    Row(#"{"on": "create", "do": "final", "error": "pa", "times": 3}"#, exits: 6, creates: 3),
    Row(#"{"on": "create", "do": "final", "error": "oom"}"#, exits: 1, says: "smaller size"),
    Row(#"{"on": "create", "do": "final", "error": "canceled"}"#, exits: 1, says: "was canceled"),
    Row(#"{"on": "create", "do": "final", "error": "the moon is full"}"#, exits: 1, says: "the moon is full"),
    Row(#"{"on": "create", "do": "stick"}"#, exits: 6, says: "still running"),
    Row(#"{"on": "create", "do": "unknown_status", "status": "queued2"}"#),
    Row(#"{"on": "create", "do": "output_shape", "shape": "list"}"#),
    Row(#"{"on": "create", "do": "output_shape", "shape": "object"}"#),
    Row(#"{"on": "create", "do": "output_shape", "shape": "null"}"#, exits: 1, says: "without an output"),
    Row(#"{"on": "poll", "do": "poll_5xx", "times": 3}"#),
    Row(#"{"on": "poll", "do": "poll_404", "times": 2}"#),
    Row(#"{"on": "poll", "do": "poll_html"}"#),
    Row(#"{"on": "poll", "do": "reset", "times": 2}"#),
    Row(#"{"on": "file", "do": "reset"}"#),
    Row(#"{"on": "file", "do": "sha_mismatch"}"#),
    Row(#"{"on": "file", "do": "file_413"}"#, exits: 1, creates: 0, says: "too large"),
    Row(#"{"on": "download", "do": "404"}"#),
    Row(#"{"on": "download", "do": "403"}"#),
    Row(#"{"on": "download", "do": "truncate", "times": 2}"#),
    Row(#"{"on": "download", "do": "truncate_no_length"}"#),
    Row(#"{"on": "download", "do": "etag_change"}"#),
    Row(#"{"on": "download", "do": "expired"}"#),
    Row(#"{"on": "download", "do": "wrong_type"}"#),
    Row(#"{"on": "download", "do": "bitflip"}"#),
    Row(#"{"on": "download", "do": "slow", "seconds": 60}"#),
    Row(#"{"on": "download", "do": "zero"}"#),
    Row(#"{"on": "download", "do": "html200"}"#),
    Row(#"{"on": "download", "do": "no_moov"}"#),
    Row(#"{"on": "download", "do": "redirect_cross_host"}"#),
  ]

  @Test(arguments: rows)
  func `ends as the table says, buys no more than that, and keeps what was there`(row: Row) throws {
    let shop = try Rehearsed()
    try shop.build("--max-cost", "5")
    let before = try shop.takes().compactMap { $0["content"]?.string }
    let clip = try Files.read(shop.test.path("build/clips/hook.mp4"))
    try shop.script("[\(row.fault)]")
    let run = try shop.build("--max-cost", "5", "--force", "build/clips/hook.mp4", exits: row.code)
    #expect(try shop.creates == 1 + row.creates)
    #expect(run.narration.contains(row.says), "it said: \(run.narration)")
    let takes = try shop.takes().compactMap { $0["content"]?.string }
    #expect(takes.starts(with: before))
    if row.code == 0 {
      #expect(takes.count == 2)
    } else {
      #expect(try Files.read(shop.test.path("build/clips/hook.mp4")) == clip)
    }
    try shop.expectHonesty()
  }
}
