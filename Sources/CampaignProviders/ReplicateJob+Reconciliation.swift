import CampaignCore

extension ReplicateJob {
  /// Finds out whether the job of an intent exists, by Replicate's list of jobs.
  ///
  /// Absent is only what is absent after a minute of looking, for the list may lag behind. When the inputs
  /// may be gone already, or a job may be ours but does not show it, nothing is known and nothing is paid.
  func reconcile(_ intent: Intent) throws(Failure) -> Stage {
    for pause in [0.0, 5, 15, 40] {
      if pause > 0, !patience.wait(pause) { throw client.interrupted(.detached) }
      let listing = try list(intent)
      if let found = listing.ours {
        exchange.note("found the job again: \(found.id)")
        return try kept(Submission(found, api: client))
      }
      guard listing.perhaps.isEmpty, !listing.isTooLate else { throw unknown(listing) }
    }
    exchange.log("the job was not accepted: submitting it")
    return .ready(intent)
  }

  private struct Listing {
    var ours: Prediction?
    var perhaps: [Prediction] = []
    /// True when Replicate may have purged what jobs are known by.
    var isTooLate = false
  }

  private func list(_ intent: Intent) throws(Failure) -> Listing {
    var listing = Listing()
    let first = Timestamp(intent.since.seconds - 120)
    var page: String? = client.base + "/predictions?created_after=" + first.iso
    var pages = 0
    while let url = page {
      pages += 1
      guard pages <= 200 else { throw Failure(.unknown, "\(client.service.title)'s list of jobs has no end") }
      let reply = try client.ask(.list, HTTPRequest(url), for: request.deadline, interruption: .detached)
      guard case .answer(let answer) = reply, let json = parsed(answer.body),
        let jobs = json["results"]?.array
      else { throw Failure(.network, "\(client.service.title)'s list of jobs cannot be read") }
      if let now = answer["Date"].flatMap({ Timestamp(http: $0) }),
        now.seconds - intent.since.seconds > 55 * 60
      {
        listing.isTooLate = true
      }
      let predictions = jobs.compactMap { Prediction($0) }
      for prediction in predictions where prediction.createdAt.map({ $0 >= first }) ?? true {
        switch PredictionMatch.of(prediction, intent) {
        case .ours:
          listing.ours = prediction
          return listing
        case .perhaps:
          // The list may leave out what the job itself tells.
          let whole = try described(prediction)
          switch PredictionMatch.of(whole, intent) {
          case .ours:
            listing.ours = whole
            return listing
          case .perhaps: listing.perhaps.append(whole)
          case .another: break
          }
        case .another: break
        }
      }
      let isPast = predictions.last?.createdAt.map { $0 < first } ?? false
      page =
        isPast ? nil : json["next"]?.string.flatMap { WebAddress($0) == WebAddress(client.base) ? $0 : nil }
    }
    return listing
  }

  /// A job of the list as it is told under its own id; as the list has it when it is not there.
  private func described(_ listed: Prediction) throws(Failure) -> Prediction {
    let own = Submission(listed, api: client)
    let reply = try client.ask(.poll, HTTPRequest(own.get), for: request.deadline, interruption: .detached)
    guard case .answer(let answer) = reply, let whole = Prediction(answer.body), whole.id == listed.id else {
      return listed
    }
    return whole
  }

  private func unknown(_ listing: Listing) -> Failure {
    let pages = listing.perhaps.prefix(5).map { $0.page ?? $0.id }.joined(separator: ", ")
    let message =
      pages.isEmpty
      ? "whether the job was accepted can no longer be found out: more than 55 minutes have passed"
      : "the job may be one of these, and it cannot be told: \(pages)"
    return Failure(
      .unknown, message,
      help: "look at https://replicate.com/predictions; if it is not there: campaign cancel, and build again")
  }

  /// Whether the list knows a job by its id.
  func isListed(_ submission: Submission) throws(Failure) -> Bool {
    guard let createdAt = submission.createdAt else { return false }
    let first = Timestamp(createdAt.seconds - 120)
    var page: String? = client.base + "/predictions?created_after=" + first.iso
    while let url = page {
      let reply = try client.ask(.list, HTTPRequest(url), for: request.deadline, interruption: .detached)
      guard case .answer(let answer) = reply, let json = parsed(answer.body) else { return false }
      let predictions = (json["results"]?.array ?? []).compactMap { Prediction($0) }
      if predictions.contains(where: { $0.id == submission.id }) { return true }
      let isPast = predictions.last?.createdAt.map { $0 < first } ?? true
      page =
        isPast ? nil : json["next"]?.string.flatMap { WebAddress($0) == WebAddress(client.base) ? $0 : nil }
    }
    return false
  }
}
