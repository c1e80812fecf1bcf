@testable import CampaignActions
import CampaignCore
@testable import CampaignEngine
@testable import CampaignProviders

extension FuzzTarget {
  /// What other programs and services say.
  static let answers = [
    FuzzTarget(name: "csv", dictionary: "lines") { _ in
      { bytes in
        guard let table = try? CSV(String(decoding: bytes, as: UTF8.self)) else { return }
        expect(table.rows.allSatisfy { $0.fields.count == table.header.count }, "a row is uneven")
        expect(zip(table.rows, table.rows.dropFirst()).allSatisfy { $0.line < $1.line }, "lines run back")
      }
    },
    FuzzTarget(name: "provider", dictionary: "lines") { _ in
      let secrets = Secrets(["r8_0123456789"])
      return { bytes in
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
          let line = String(decoding: line, as: UTF8.self)
          if let event = ProviderEvent(line: line, hiding: secrets) { take(event) }
        }
      }
    },
    FuzzTarget(name: "chat", dictionary: "lines") { _ in
      { bytes in
        guard let answer = ChatAnswer(bytes) else { return }
        _ = (answer.error, answer.model, answer.id, answer.fingerprint)
        let prices = JSON.members(["in": .string("1.25"), "out": .string("999999.999999")])
        _ = (answer.cost(prices: prices)?.description, answer.cost(prices: nil)?.description)
        if let value = try? answer.value() {
          expect((try? JSON.parse(value)) != nil, "the value of an answer is no JSON")
        }
      }
    },
    FuzzTarget(name: "prediction", dictionary: "lines") { _ in
      { bytes in
        _ = ErrorBody(bytes)
        _ = ProgressLog.fraction(String(decoding: bytes, as: UTF8.self))
        _ = try? Container.check(.clip, size: bytes.count) { Array(bytes.dropFirst($0).prefix($1)) }
        if let request = try? JSON.parse(bytes) { _ = try? ProviderRequest(request) }
        if let prediction = Prediction(bytes) { look(prediction) }
      }
    },
    FuzzTarget(name: "ffprobe", dictionary: "json") { _ in
      { bytes in
        guard let info = try? MediaInfo(json: bytes, path: "x") else { return }
        _ = (info.video?.rate.value, info.video?.size.description)
        if let photos = (try? JSON.parse(bytes))?.array { _ = try? ManifestPhoto.list(photos) }
      }
    },
  ]

  /// What follows on a line of a provider.
  private static func take(_ event: ProviderEvent) {
    switch event {
    case .done(let delivery):
      let kept = delivery.json(content: ContentHash(high: 1, low: 2))
      let again = ProviderEvent.Delivery(kept: kept)
      expect(
        again.price == delivery.price && again.seed == delivery.seed, "a delivery is kept as another one")
    case .throttled(let seconds, let burst):
      var till = TillState(limits: SpendingLimits(), speed: 1, campaign: .zero, month: .zero)
      till.throttle("x", seconds: seconds, burst: burst, now: 1_800_000_000_000_000_000)
    case .progress(_, let fraction):
      if let fraction { _ = JSON.fixed(fraction, places: 3) }
    case .checkpoint(_, let data): _ = data.compact
    case .note, .failed: break
    }
  }

  private static func look(_ job: Prediction) {
    _ = (job.status, job.model, job.version, job.error, job.output, job.seed, job.page, job.isRemoved)
    for time in [job.createdAt, job.startedAt, job.completedAt, job.deadline] { _ = time?.iso }
    _ = Prediction.billed(job.json["metrics"])
    _ = ProgressLog.fraction(job.logs)
    _ = JobVerdict.failure(error: job.error, logs: job.logs)
  }
}
