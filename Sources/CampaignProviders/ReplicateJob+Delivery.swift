import CampaignCore

extension ReplicateJob {
  /// Brings the output of a job that was paid for: everything that may help is tried before it is given up.
  func deliver(_ outcome: Outcome) throws(Failure) {
    let file = try PartFile(request.output + ".part")
    var source = outcome.output ?? ""
    if source.isEmpty { source = try refreshed(outcome.submission) }
    var damaged: [String] = []
    var wrong = 0
    while true {
      source = try fetch(source, outcome.submission, into: file)
      let kind = request.kind
      let verdict = try Container.check(kind, size: file.size) { (offset, count) throws(Failure) in
        try file.bytes(at: offset, count: count)
      }
      switch verdict {
      case .sound: return try file.publish(as: request.output)
      case .wrong(let why):
        wrong += 1
        guard wrong <= 3 else { throw Failure(.network, "the output cannot be fetched: \(why)") }
        source = try refreshed(outcome.submission)
        try pause(why)
      case .damaged(let why):
        let sum = SHA256.hex(try file.bytes(at: 0, count: file.size))
        if damaged.contains(sum) { throw Failure(.model, "the output is damaged at its source: \(why)") }
        damaged.append(sum)
        guard damaged.count <= 2 else { throw Failure(.network, "the output arrives damaged: \(why)") }
        try pause(why)
      }
      try file.restart()
    }
  }

  private func pause(_ why: String) throws(Failure) {
    exchange.log("download: \(why); again")
    guard patience.waitAbout(2) else { throw client.interrupted(.detached) }
  }

  /// Fetches the whole file; returns the address that it came from.
  private func fetch(_ source: String, _ submission: Submission, into file: PartFile) throws(Failure)
    -> String
  {
    var source = source
    var backoff = Backoff()
    var (idle, refreshes, withKey) = (0, 0, false)
    while true {
      if source.hasPrefix("data:") {
        try unpack(source, into: file)
        return source
      }
      let before = file.size
      let action = client.triage.action(.download, client.download(source, into: file, withKey: withKey))
      var pause = backoff.next()
      switch action {
      case .accept: return source
      case .authorize where !withKey && client.mayHaveKey(source):
        withKey = true
        continue
      case .authorize, .refresh:
        refreshes += 1
        guard refreshes <= 3 else {
          throw Failure(.network, "the output of the job \(submission.id) is listed, and cannot be fetched")
        }
        (source, withKey) = (try refreshed(submission), false)
        try file.restart()
      case .again(let after, let why):
        idle = file.size > before ? 0 : idle + 1
        guard idle < 8 else { throw Failure(.network, "the output cannot be fetched: \(why)") }
        // What we hold may be what the server stumbles over.
        if idle == 2 { try file.restart() }
        if let after { pause = Double(after) }
        exchange.log("download: \(why)")
      case .fail(let failure): throw failure
      case .missing, .throttled, .reconcile: preconditionFailure("a download does not end so")
      }
      guard patience.waitAbout(pause) else { throw client.interrupted(.detached) }
    }
  }

  /// Asks the job where its output is now.
  private func refreshed(_ submission: Submission) throws(Failure) -> String {
    let (prediction, _) = try ask(submission, for: 600)
    guard let output = prediction.output, !prediction.isRemoved else { throw lost(submission) }
    return output
  }

  private func unpack(_ source: String, into file: PartFile) throws(Failure) {
    guard let comma = source.firstIndex(of: ","), source[..<comma].hasSuffix(";base64"),
      let bytes = Base64.decoded(source[source.index(after: comma)...])
    else { throw Failure(.model, "the output is a data URL that cannot be read") }
    try file.restart()
    file.prepare()
    var failure: Failure?
    bytes.withUnsafeBytes { bytes in
      do throws(Failure) { try file.append(bytes, of: HTTPAnswer(200)) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
