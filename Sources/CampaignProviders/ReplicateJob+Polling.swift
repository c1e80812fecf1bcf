import CampaignCore

extension ReplicateJob {
  /// Polls until the job has ended, and hands in a good end.
  func follow(_ submission: Submission) throws(Failure) -> Outcome {
    let end = patience.elapsed + request.deadline
    let start = patience.elapsed
    var backoff = Backoff(from: 1, to: 10, factor: 1.5)
    var told: Set<String> = []
    while true {
      let (prediction, now) = try ask(submission, for: end - patience.elapsed)
      if let outcome = try ending(prediction, submission, now: now) { return outcome }
      tell(prediction, now: now, waited: patience.elapsed - start, told: &told)
      guard patience.elapsed < end else { throw detached(submission) }
      guard patience.waitAbout(min(backoff.next(), end - patience.elapsed)) else {
        throw client.interrupted(.detached)
      }
    }
  }

  /// The job as it is now, with the server's clock.
  func ask(_ submission: Submission, for seconds: Double) throws(Failure) -> (Prediction, Timestamp?) {
    var isKnown = false
    for missed in 0... {
      let reply = try client.ask(
        .poll, HTTPRequest(submission.get), for: max(60, seconds), interruption: .detached)
      if case .answer(let answer) = reply, let prediction = Prediction(answer.body) {
        return (prediction, answer["Date"].flatMap { Timestamp(http: $0) })
      }
      if missed == 3 {
        guard !isKnown, try isListed(submission) else { break }
        isKnown = true
      }
      if missed == 6 { break }
      guard patience.wait(20) else { throw client.interrupted(.detached) }
    }
    throw Failure(
      .unknown, "\(client.service.title) no longer knows the job \(submission.id)",
      help: submission.web.map { "see \($0)" })
  }

  /// Nil while the job has not ended; throws its bad end.
  private func ending(_ prediction: Prediction, _ submission: Submission, now: Timestamp?) throws(Failure)
    -> Outcome?
  {
    switch prediction.status {
    case .starting, .processing, .other: return nil
    case .succeeded:
      let outcome = Outcome(prediction, submission: submission)
      // Written down before all else: a job that has succeeded is charged, whatever comes of it.
      try exchange.keep(Checkpoint(.succeeded, outcome.data(of: prediction, now: now)))
      guard outcome.output != nil else {
        if prediction.isRemoved { throw lost(submission) }
        throw Failure(
          .model, "the job succeeded without an output", help: prediction.page.map { "see \($0)" })
      }
      return outcome
    case .failed: throw JobVerdict.failure(error: prediction.error, logs: prediction.logs)
    case .aborted:
      throw Failure(.infrastructure, "the job was given up before it began", cost: .zero)
    case .canceled: throw canceled(prediction)
    }
  }

  /// By its own time limit, or by somebody. It had begun, and so it is charged: another is not bought unasked.
  private func canceled(_ prediction: Prediction) -> Failure {
    let ended = prediction.completedAt
    let isLate = ended.flatMap { end in prediction.deadline.map { end.seconds >= $0.seconds - 1 } }
    let limit = request.cancelAfter.map(Double.init)
    let ran = ended.flatMap { end in prediction.createdAt.map { end.seconds - $0.seconds } }
    if isLate ?? (ran.flatMap { ran in limit.map { ran >= $0 - 1 } } ?? false) {
      let length = limit.map { " after \(JSON.fixed($0, places: 0))s" } ?? ""
      return Failure(
        .canceled, "the job was ended\(length), by its time limit",
        help: "it may have been charged; give it a longer `deadline`, and `campaign build` orders another")
    }
    return Failure(
      .canceled, "the job was canceled at \(client.service.title)", help: prediction.page.map { "see \($0)" })
  }

  private func detached(_ submission: Submission) -> Failure {
    Failure(
      .detached, "the job is still running after \(JSON.fixed(request.deadline, places: 0))s",
      help: "build again to go on waiting" + (submission.web.map { "; see \($0)" } ?? ""))
  }

  func lost(_ submission: Submission) -> Failure {
    Failure(
      .lost, "the output of the job \(submission.id) is gone: \(client.service.title) keeps it for an hour",
      help: "`campaign build` buys another")
  }

  // MARK: - Telling

  private func tell(_ prediction: Prediction, now: Timestamp?, waited: Double, told: inout Set<String>) {
    if case .other(let status) = prediction.status, told.insert(status).inserted {
      exchange.note("the job has a status that is not known: `\(status)`; waiting on")
    }
    if prediction.status == .starting, waited > 300, told.insert("slow").inserted {
      exchange.note("the job has not begun for 5 minutes" + (prediction.page.map { "; see \($0)" } ?? ""))
    }
    let word = prediction.status == .processing ? "running" : "queued"
    let begin = prediction.startedAt ?? prediction.createdAt
    let seconds = now.flatMap { now in begin.map { now.seconds - $0.seconds } } ?? waited
    exchange.progress("\(word) \(Self.text(seconds))", fraction: ProgressLog.fraction(prediction.logs))
  }

  private static func text(_ seconds: Double) -> String {
    let whole = Int(max(0, min(1e6, seconds)))
    return whole < 60 ? "\(whole)s" : "\(whole / 60)m\(whole % 60 < 10 ? "0" : "")\(whole % 60)s"
  }
}
