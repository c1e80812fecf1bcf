import CampaignCore
import CampaignProviders
import Testing

/// Whether a job in the list is ours decides whether a second one is bought.
struct PredictionMatchTests {
  private static let file = "https://api.replicate.com/v1/files/ours"
  private static let clip = #"{"prompt":"x","image":"\#(file)","duration":6}"#

  private func match(
    _ input: String, files: [String] = [], listed: String, model: String = "m/m", at second: Double = 1000
  ) throws -> PredictionMatch {
    let intent = Intent(
      model: "m/m", version: nil, input: try JSON.parse(input), files: files, since: Timestamp(1000))
    let created = Timestamp(second).iso
    let job = #"{"id":"a","model":"\#(model)","created_at":"\#(created)","input":\#(listed)}"#
    return .of(try #require(Prediction(Array(job.utf8))), intent)
  }

  @Test(arguments: [
    (clip, PredictionMatch.ours),
    (#"{"prompt":"changed by the service","image":"\#(file)"}"#, .ours),
    (#"{"prompt":"x","image":"https://api.replicate.com/v1/files/theirs","duration":6}"#, .another),
    (#"{"prompt":"x","image":"https://replicate.delivery/rewritten.jpg","duration":6}"#, .perhaps),
    (#"{"prompt":"other","image":"https://replicate.delivery/rewritten.jpg","duration":6}"#, .another),
    ("{}", .perhaps), ("null", .perhaps),
  ])
  func anUploadedFileIsLikeNoOther(listed: String, expected: PredictionMatch) throws {
    #expect(try match(Self.clip, files: [Self.file], listed: listed) == expected)
  }

  /// A service may tell a model by a name of its own, but nobody else has our address.
  @Test(arguments: ["m/n", "replicate-internal/m", ""])
  func anAddressOfOursSettlesItWhateverTheModelIsCalled(model: String) throws {
    #expect(try match(Self.clip, files: [Self.file], listed: Self.clip, model: model) == .ours)
  }

  @Test(arguments: [
    ("m/m", 1001.0, PredictionMatch.ours), ("replicate-internal/m-2", 1001, .ours), ("m/n", 1001, .another),
    ("m/m", 900, .another),
  ])
  func withoutOurAddressSeedAndTimeTell(model: String, second: Double, expected: PredictionMatch) throws {
    let wanted = #"{"prompt":"x","image":"\#(Self.file)","seed":41}"#
    let listed = #"{"prompt":"x","image":"https://replicate.delivery/rewritten.jpg","seed":41}"#
    #expect(try match(wanted, files: [Self.file], listed: listed, model: model, at: second) == expected)
  }

  @Test(arguments: [
    (#"{"prompt":"x","seed":41,"duration":30}"#, 1001.0, PredictionMatch.ours),
    (#"{"prompt":"x","seed":41.0,"duration":30,"top_k":250}"#, 1001.0, .ours),
    (#"{"prompt":"x","seed":42,"duration":30}"#, 1001.0, .another),
    (#"{"prompt":"x","seed":41,"duration":30}"#, 900.0, .another),
  ])
  func withoutFilesTheSeedHasToDo(listed: String, second: Double, expected: PredictionMatch) throws {
    #expect(try match(#"{"prompt":"x","seed":41,"duration":30}"#, listed: listed, at: second) == expected)
  }

  @Test func withoutFilesAndSeedNothingIsSure() throws {
    #expect(try match(#"{"prompt":"x"}"#, listed: #"{"prompt":"x"}"#) == .perhaps)
  }

  @Test func filesAreFoundAndFilledInWhereverTheyStand() throws {
    let native = try JSON.parse(#"{"image":{"$file":"a"},"all":[{"$file":"b"},{"$file":"a"}],"n":1}"#)
    #expect(Intent.paths(in: native) == ["a", "b"])
    #expect(
      Intent.filled(native, with: ["a": "1", "b": "2"]).compact == #"{"image":"1","all":["2","1"],"n":1}"#)
  }
}
