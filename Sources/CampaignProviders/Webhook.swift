import CampaignCore
import Glibc

/// `campaign-provider webhook URL`: posts the JSON object on standard input, three times at most.
struct Webhook {
  let url: String
  let patience: Patience

  /// Returns the exit code; says on standard error what went wrong.
  func run() -> Int32 {
    var body: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      guard count > 0 else { break }
      body += chunk[..<count]
    }
    do throws(Failure) { return try post(body) } catch { return say(error.message) }
  }

  private func post(_ body: [UInt8]) throws(Failure) -> Int32 {
    let http = try HTTP(patience: patience, base: "")
    var request = HTTPRequest(url, body: body)
    request.headers = ["Content-Type: application/json", "User-Agent: campaign"]
    request.time = 20
    var problem = ""
    for delay in [1.0, 5.0, 0.0] {
      switch http.perform(request) {
      case .answered(let answer) where (200..<300).contains(answer.status): return 0
      case .answered(let answer):
        problem = "it answered with status \(answer.status)"
        guard answer.status == 429 || answer.status >= 500 else { return say(problem) }
      case .notSent(let trouble), .ambiguous(let trouble): problem = trouble.message
      }
      guard delay > 0, patience.waitAbout(delay) else { break }
    }
    return say(problem)
  }

  /// The address may hold a secret, so it is not told.
  private func say(_ problem: String) -> Int32 {
    let line = Array("the webhook was not delivered: \(problem)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    return 1
  }
}
