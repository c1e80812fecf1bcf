import CampaignCore
import CampaignProviders
import Testing

struct JobVerdictTests {
  @Test(arguments: [
    ("Prediction interrupted; please retry (code: PA)", Failure.Kind.infrastructure),
    ("Director: unexpected error handling prediction (E9828)", .infrastructure),
    ("Prediction failed to start in time. (E6716)", .infrastructure),
    ("Unknown error (E1000)", .infrastructure),
    ("E1001: out of memory", .resource),
    ("CUDA out of memory. Tried to allocate 2 GiB", .resource),
    (
      "The input or output was flagged as sensitive. Please try again with different inputs. (E005)",
      .moderation
    ),
    ("NSFW content detected. Try running it again, or try a different prompt.", .moderation),
    ("Blocked by the safety filter", .moderation),
    ("The prompt contains words that violate Vertex AI's usage guidelines. Support codes: 1", .moderation),
    ("This prompt contains sensitive words that violate Google's Responsible AI practices.", .moderation),
    ("2 videos were filtered out because they violated the policy", .moderation),
    ("The input text contains sensitive words", .moderation),
    ("The input image may contain real person.", .moderation),
    ("Input validation error: could not download https://api.replicate.com/v1/files/a", .infrastructure),
    ("Input validation error: duration must be 4, 6 or 8", .request),
    ("list index out of range", .failed),
    ("", .failed),
  ])
  func errorsAreToldApartByTheirWords(error: String, kind: Failure.Kind) {
    #expect(JobVerdict.failure(error: error).kind == kind)
  }

  @Test func theEndOfTheLogIsKept() {
    #expect(JobVerdict.failure(error: "broken", logs: "a\nb\nc\nd\n").help == "its log ends:\nb\nc\nd")
  }
}

struct PredictionTests {
  @Test(arguments: [
    (#""https://r/a.mp4""#, "https://r/a.mp4"),
    (#"["https://r/a.mp4","https://r/b.mp4"]"#, "https://r/a.mp4"),
    (#"{"thumb":"https://r/t.jpg","video":"https://r/a.mp4"}"#, "https://r/a.mp4"),
    (#"{"files":[{"url":"https://r/a.mp4"}]}"#, "https://r/a.mp4"),
    (#""data:video/mp4;base64,AA""#, "data:video/mp4;base64,AA"),
    ("null", nil), ("[]", nil), (#""some text""#, nil),
  ])
  func outputsComeInManyShapes(output: String, address: String?) throws {
    let prediction = try #require(Prediction(Array(#"{"id":"a","output":\#(output)}"#.utf8)))
    #expect(prediction.output == address)
  }

  @Test func aStatusThatIsNotKnownIsNoEnd() throws {
    #expect(
      try #require(Prediction(Array(#"{"id":"a","status":"queued2"}"#.utf8))).status == .other("queued2"))
    #expect(Prediction(Array(#"{"status":"starting"}"#.utf8)) == nil)
  }

  @Test(arguments: [
    ("Using seed: 3\n 10%|#   | 1/10 [00:01]\r 40%|####      | 4/10 [00:02]\n", 0.4),
    ("100%|##########| 5/5", 1.0),
    ("40 of 50", nil), ("", nil),
  ])
  func progressIsTheLastBarOfTheLog(logs: String, fraction: Double?) {
    #expect(ProgressLog.fraction(logs) == fraction)
  }

  @Test func billsByTheNamesOfTheProtocol() throws {
    let metrics = try JSON.parse(
      #"{"video_output_duration_seconds":8.0,"resolution_target":"1080p","with_audio":false,"x":1}"#)
    #expect(
      JSON.object(Prediction.billed(metrics)).compact
        == #"{"seconds":8.0,"resolution":"1080p","audio":false}"#)
  }

  @Test func whatIsEmptyIsNotBilled() throws {
    let metrics = try JSON.parse(
      #"{"audio_output_duration_seconds":8.0,"resolution_target":"","with_audio":null}"#)
    #expect(JSON.object(Prediction.billed(metrics)).compact == #"{"seconds":8.0}"#)
  }
}
