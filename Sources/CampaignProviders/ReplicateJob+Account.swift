import CampaignCore

extension ReplicateJob {
  /// Asks for the account, which costs nothing and proves the key.
  func check() throws(Failure) -> Delivery {
    let get = HTTPRequest(client.base + "/account")
    let reply = try client.ask(.account, get, for: 60, interruption: .canceled)
    guard case .answer(let answer) = reply, let name = parsed(answer.body)?["username"]?.string else {
      throw Failure(.network, "\(client.service.title)'s answer cannot be read")
    }
    exchange.note("\(client.service.title) knows the key: \(name)")
    return Delivery()
  }

  /// Ends the job of the checkpoints, if there is one.
  func cancel() throws(Failure) -> Delivery {
    guard let submission = try existing() else {
      exchange.note("there is no job to cancel")
      return Delivery()
    }
    let post = HTTPRequest(submission.cancel, body: [])
    let reply = try client.ask(.cancel, post, for: 60, interruption: .detached)
    guard case .answer(let answer) = reply, let prediction = Prediction(answer.body) else {
      exchange.note("the job \(submission.id) is not there any more")
      return Delivery()
    }
    exchange.note("the job \(submission.id) is \(prediction.json["status"]?.string ?? "canceled")")
    return Outcome(prediction, submission: submission).delivery
  }

  private func existing() throws(Failure) -> Submission? {
    switch try resumed() {
    case .new, .ready: return nil
    case .submitted(let submission): return submission
    case .succeeded(let outcome): return outcome.submission
    case .unsure(let intent):
      // The checkpoint `submitted` is handed in on the way: what is found must not be lost.
      guard case .submitted(let submission) = try reconcile(intent) else { return nil }
      return submission
    }
  }
}
