/// What to do after one exchange with a server: the table of failures, without any input or output.
///
/// A POST that creates a job is never repeated unless it surely was not accepted; everything else is free to
/// ask again.
package struct Triage: Sendable {
  /// What was asked for.
  package enum Stage: String, CaseIterable, Sendable {
    case create, upload, poll, list, account, cancel, download, chat
  }

  package enum Action: Hashable, Sendable {
    case accept(HTTPAnswer)
    /// Nothing happened, or nothing that matters: again, after these seconds or the usual ones.
    case again(after: Int?, why: String)
    /// Surely not accepted: campaign says when to come back.
    case throttled(Throttle)
    /// Whether a job was created is not known: find out.
    case reconcile(why: String)
    /// The job is not there under its id.
    case missing
    /// The output is not there (any more): ask the job for it again.
    case refresh(status: Int)
    /// The delivery wants the key.
    case authorize
    case fail(Failure)
  }

  package var service: Service
  /// The model that was asked for, for messages.
  package var model = ""
  /// The end of the key in use, for messages.
  package var keyEnd: String?

  package init(service: Service, model: String = "", keyEnd: String? = nil) {
    self.service = service
    self.model = model
    self.keyEnd = keyEnd
  }

  package func action(_ stage: Stage, _ outcome: HTTPOutcome) -> Action {
    switch outcome {
    case .notSent(let trouble): notSent(stage, trouble)
    case .ambiguous(let trouble): ambiguous(stage, trouble)
    case .answered(let answer): answered(stage, answer)
    }
  }

  // MARK: - Transport

  private func notSent(_ stage: Stage, _ trouble: TransportTrouble) -> Action {
    if let failure = trouble.failure { return .fail(failure) }
    switch trouble.code {
    case 60, 77:
      let help = "check the clock, the proxy and the package ca-certificates"
      return .fail(
        Failure(.network, "\(service.title)'s certificate is not valid: \(trouble.message)", help: help))
    case 1, 3:
      return .fail(Failure(.request, trouble.message, help: "check \(service.baseName)"))
    default: return .again(after: nil, why: trouble.message)
    }
  }

  private func ambiguous(_ stage: Stage, _ trouble: TransportTrouble) -> Action {
    if stage == .create { return .reconcile(why: trouble.message) }
    if let failure = trouble.failure { return .fail(failure) }
    if trouble.code == 47 { return .fail(Failure(.network, trouble.message)) }
    return .again(after: nil, why: trouble.message)
  }

  // MARK: - Answers

  private func answered(_ stage: Stage, _ answer: HTTPAnswer) -> Action {
    if (200..<300).contains(answer.status) { return accepted(stage, answer) }
    let body = ErrorBody(answer.body)
    if stage == .download { return delivery(answer, body) }
    switch answer.status {
    case 429: return limited(stage, answer, body)
    case 408, 409, 500...: return disturbed(stage, answer, body)
    case 404 where stage == .poll || stage == .cancel: return .missing
    default: return .fail(failure(stage, answer.status, body))
    }
  }

  private func accepted(_ stage: Stage, _ answer: HTTPAnswer) -> Action {
    let body = ErrorBody(answer.body)
    if body.isJSON || stage == .download { return .accept(answer) }
    let why = "the answer of \(service.title) cannot be read"
    return stage == .create ? .reconcile(why: why) : .again(after: nil, why: why)
  }

  private func limited(_ stage: Stage, _ answer: HTTPAnswer, _ body: ErrorBody) -> Action {
    if body.code == "insufficient_quota" { return .fail(failure(stage, 402, body)) }
    let throttle = Throttle(answer, body)
    if stage == .create { return .throttled(throttle) }
    return .again(after: throttle.seconds, why: said(body, 429))
  }

  private func disturbed(_ stage: Stage, _ answer: HTTPAnswer, _ body: ErrorBody) -> Action {
    if stage == .create { return .reconcile(why: said(body, answer.status)) }
    return .again(after: answer["Retry-After"].flatMap { Int($0) }, why: said(body, answer.status))
  }

  private func delivery(_ answer: HTTPAnswer, _ body: ErrorBody) -> Action {
    switch answer.status {
    case 401, 403: .authorize
    case 408, 416, 429, 500...:
      .again(after: answer["Retry-After"].flatMap { Int($0) }, why: said(body, answer.status))
    default: .refresh(status: answer.status)
    }
  }

  // MARK: - Answers that no repetition mends

  /// The failure that a status and a body stand for.
  package func failure(_ stage: Stage, _ status: Int, _ body: ErrorBody) -> Failure {
    let failure = Failure(kind(status, body), said(body, status), help: nil)
    var helped = failure
    helped.help = help(failure.kind, status)
    return stage == .create || stage == .chat ? helped.free : helped
  }

  private func kind(_ status: Int, _ body: ErrorBody) -> Failure.Kind {
    let text = body.message.lowercased()
    switch status {
    case 400: return text.contains("api key") ? .credential : .request
    case 401: return .credential
    case 402: return .billing
    case 403:
      let speaksOfMoney = ["credit", "license", "billing", "spending limit"].contains { text.contains($0) }
      if text.contains("moderation") || text.contains("flagged") { return .moderation }
      return speaksOfMoney ? .billing : .permission
    case 404: return .model
    case 422: return text.hasPrefix("invalid version") ? .model : .request
    case 429: return body.code == "insufficient_quota" ? .billing : .network
    case 500...: return .network
    default: return .request
    }
  }

  private func help(_ kind: Failure.Kind, _ status: Int) -> String? {
    switch kind {
    case .credential: return credentialHelp
    case .billing: return "add credit at \(service.billingPage) and build again: it goes on, nothing is lost"
    case .model:
      if service == .ollama { return "run `ollama pull \(model)`" }
      return "check the name of the model `\(model)`; `man Campaignfile` says how models are described"
    case .permission: return "the key may not do this: see \(service.keyPage)"
    case .request: return status == 413 ? "use smaller files: one may have 100 MiB at most" : nil
    case .moderation, .resource, .infrastructure, .network, .detached, .lost, .unknown, .canceled, .refused,
      .failed,
      .local:
      return nil
    }
  }

  package var credentialHelp: String? {
    guard let name = service.keyName else { return nil }
    let end = keyEnd.map { "; the one in use ends in `\($0)`" } ?? ""
    return "set \(name) to a valid key, from \(service.keyPage)\(end)"
  }

  private func said(_ body: ErrorBody, _ status: Int) -> String {
    body.message.isEmpty ? "\(service.title) answered with status \(status)" : body.message
  }
}
