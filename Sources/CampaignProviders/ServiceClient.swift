import CampaignCore

/// One service, its key and a connection to it: asks what is free to ask until there is an answer.
final class ServiceClient {
  let service: Service
  let base: String
  let patience: Patience
  let exchange: Exchange
  let triage: Triage
  private let key: String?
  private let http: HTTP

  init(
    _ service: Service, model: String, secrets: Secrets, environment: [String: String], patience: Patience,
    exchange: Exchange
  ) throws(Failure) {
    self.service = service
    self.patience = patience
    self.exchange = exchange
    let address = environment[service.baseName].flatMap { $0.isEmpty ? nil : $0 } ?? service.standardBase
    base = address.hasSuffix("/") ? String(address.dropLast()) : address
    key = secrets.key
    triage = Triage(service: service, model: model, keyEnd: secrets.key.map { String($0.suffix(4)) })
    guard let origin = WebAddress(base) else {
      throw Failure(.local, "`\(base)` is no http or https address", help: "correct \(service.baseName)")
    }
    self.origin = origin
    if let name = service.keyName, key == nil {
      throw Failure(
        .credential, "\(service.title) needs a key: \(name) is not set", help: triage.credentialHelp)
    }
    http = try HTTP(patience: patience, base: base)
  }

  private let origin: WebAddress

  /// One exchange. The key goes along when the address is the service's own, and never elsewhere.
  func perform(_ request: HTTPRequest) -> HTTPOutcome {
    var request = request
    request.bearer = WebAddress(request.url) == origin ? key : nil
    return http.perform(request)
  }

  /// One try of a download. The key goes to the service's own address always, to its hosts of outputs where they ask
  /// for it, and to nobody else.
  func download(_ url: String, into file: PartFile, withKey: Bool) -> HTTPOutcome {
    var request = HTTPRequest(url)
    request.headers = file.resumption
    request.time = 1800
    let address = WebAddress(url)
    if address == origin || withKey && address?.isDelivery == true { request.bearer = key }
    return http.perform(request, into: file)
  }

  func mayHaveKey(_ url: String) -> Bool {
    WebAddress(url).map { $0.isDelivery || $0 == origin } ?? false
  }

  /// What remains when a free request cannot be answered at once.
  enum Reply {
    case answer(HTTPAnswer)
    case missing
  }

  /// Asks until there is an answer: trouble on the way is waited out for `seconds`, with growing pauses.
  ///
  /// Throws the class `interruption` when a signal comes: that differs before and after a submission.
  func ask(
    _ stage: Triage.Stage, _ request: HTTPRequest, for seconds: Double, interruption: Failure.Kind
  ) throws(Failure) -> Reply {
    let end = patience.elapsed + seconds
    var backoff = Backoff()
    while true {
      let why: String
      var pause = backoff.next()
      switch triage.action(stage, perform(request)) {
      case .accept(let answer): return .answer(answer)
      case .missing: return .missing
      case .fail(let failure): throw failure
      case .again(let after, let reason):
        why = reason
        pause = after.map(Double.init) ?? pause
      case .throttled, .reconcile, .refresh, .authorize:
        preconditionFailure("\(stage) is no creation and no download")
      }
      if patience.isStopped { throw interrupted(interruption) }
      guard patience.elapsed + pause < end else {
        throw Failure(.network, "\(service.title) does not answer: \(why)", help: "build again to go on")
      }
      exchange.log("\(stage.rawValue): \(why); again in \(JSON.fixed(pause, places: 0))s")
      if pause >= 4 { exchange.progress("\(service.title): \(why); trying again", fraction: nil) }
      guard patience.waitAbout(pause) else { throw interrupted(interruption) }
    }
  }

  func interrupted(_ kind: Failure.Kind) -> Failure {
    kind == .refused
      ? Failure(.refused, "interrupted before anything was submitted", cost: .zero)
      : Failure(kind, "interrupted; what was paid for is not lost", help: "build again to go on")
  }
}
