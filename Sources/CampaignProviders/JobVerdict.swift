/// What the error of a job that Replicate calls `failed` means; it has no code, only words.
package enum JobVerdict {
  package static func failure(error: String, logs: String = "") -> Failure {
    let text = error.lowercased()
    let message = error.isEmpty ? "the job failed and Replicate does not say why" : error
    if isModeration(text) {
      return Failure(.moderation, message, help: "change the prompt or the photos, or choose another pair")
    }
    if isMemory(text) {
      return Failure(.resource, message, help: "ask for a shorter clip or a smaller size")
    }
    if isInfrastructure(error) { return Failure(.infrastructure, message) }
    if text.hasPrefix("input validation error") { return input(message, text) }
    let tail = logs.split(whereSeparator: \.isNewline).suffix(3).joined(separator: "\n")
    return Failure(.failed, message, help: tail.isEmpty ? nil : "its log ends:\n" + tail)
  }

  /// Words by which a content filter is known.
  private static func isModeration(_ text: String) -> Bool {
    let words = [
      "(e005)", "e005:", "flagged as sensitive", "nsfw", "safety", "moderation", "raimediafiltered",
      "content policy", "sensitive content", "prohibited content",
      // Google's models.
      "usage guidelines", "responsible ai", "filtered out",
      // ByteDance's models.
      "sensitive words", "sensitive information", "contain real person",
    ]
    return words.contains { text.contains($0) }
  }

  private static func isMemory(_ text: String) -> Bool {
    text.contains("e1001") || text.contains("out of memory")
  }

  /// Codes of the platform itself, as documented or seen; all others are taken for the model's.
  private static func isInfrastructure(_ error: String) -> Bool {
    let codes = ["E1000", "E6716", "E8765", "E9243", "E9825", "E9828"]
    return error.contains("(code: PA)") || error.hasPrefix("Director:")
      || codes.contains { error.contains($0) }
  }

  /// A file that could not be fetched is uploaded afresh by a new attempt; a wrong value stays wrong.
  private static func input(_ message: String, _ text: String) -> Failure {
    let isStale = ["url", "uri", "fetch", "download", "expired", "/files/", "404"].contains {
      text.contains($0)
    }
    return Failure(isStale ? .infrastructure : .request, message)
  }
}
