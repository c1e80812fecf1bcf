import CampaignCore
import CampaignEngine

/// One question to a chat model; the answer is a JSON value.
struct Question: Sendable {
  enum Part: Hashable, Sendable {
    case text(String)
    /// A JPEG file.
    case picture(String)
  }

  /// Of the schema.
  var name: String
  var system: String
  var parts: [Part]
  /// Of the answer (JSON Schema).
  var schema: JSON
  /// 0: always the same answer; 1: a free one.
  var temperature: Double

  /// What a question costs at most; nil: nobody knows.
  ///
  /// - Parameters:
  ///   - characters: of text in the question.
  ///   - elements: of the array in the answer.
  static func price(
    _ model: Model?, _ maker: Maker, characters: Int, pictures: Int, elements: Int
  ) -> Money? {
    if let price = model?.price {
      return price.amount(
        tokensIn: characters / 3 + pictures * 2000, tokensOut: 500 + elements * 200)
    }
    // What runs on one's own machine is free.
    if case .provider("ollama", _) = maker { return .zero }
    return nil
  }
}

/// Puts questions to a provider; an answer that was paid for is never asked for again.
final class Asker {
  private let maker: Maker
  private let model: Model?
  private let job: Job

  init(maker: Maker, model: Model?, job: Job) {
    self.maker = maker
    self.model = model
    self.job = job
  }

  func ask(_ question: Question) throws(StepFailure) -> ChatSelection.Answer {
    var job = job
    job.take = nil
    job.wantsNewTake = job.wantsNewTake || job.isReselect
    let purchase = Purchase(
      job: job, order: try order(question), priced: { [model] in model?.price(billed: $0) },
      flaw: { (path) throws(StepFailure) in try Self.value(at: path) == nil ? "the answer is no JSON" : nil })
    switch try purchase.result() {
    case .rejected(let failure): return .unreadable(failure.message)
    case .take(let take):
      let value = try Self.value(at: job.spending.store.path(of: take.content))
      return value.map { .value($0) } ?? .unreadable("the answer is no JSON")
    }
  }

  /// Lets a question be asked anew by a later build, although it has an answer.
  func forget(_ question: Question) throws(StepFailure) {
    let order = try order(question).key
    do throws(FileError) {
      guard let take = try job.spending.store.shelf(order).current else { return }
      try job.spending.store.reject(take, of: order, reason: "its answers were not usable")
    } catch { throw StepFailure(error) }
  }

  private func order(_ question: Question) throws(StepFailure) -> Order {
    guard case .provider(let provider, let name) = maker else { preconditionFailure("nobody to ask") }
    var files: [String: ContentHash] = [:]
    var characters = question.system.count
    var parts: [JSON] = []
    for part in question.parts {
      switch part {
      case .text(let text):
        characters += text.count
        parts.append(.members(["text": .string(text)]))
      case .picture(let path):
        do { files[path] = try Files.hash(job.resolve(path)) } catch { throw StepFailure(error) }
        parts.append(.members(["image": .string(path)]))
      }
    }
    var input: [JSON.Member] = [
      .init("system", .string(question.system)), .init("parts", .array(parts)),
      .init("schema", question.schema), .init("name", .string(question.name)),
      .init("temperature", .decimal(question.temperature, places: 2)),
    ]
    if let prices = model?.price?.perMillion {
      input.append(.init("prices", .members(["in": prices.in.decimal, "out": prices.out.decimal])))
    }
    let price = Question.price(
      model, maker, characters: characters, pictures: files.count, elements: question.parts.count)
    guard let price else { throw StepFailure("nobody knows what `\(name)` costs") }
    return Order(
      kind: .chat, provider: provider, model: name, input: .object(input), files: files, price: price,
      deadline: 300)
  }

  /// The JSON value in a file; nil when there is none. Throws when the file cannot be read.
  private static func value(at path: String) throws(StepFailure) -> JSON? {
    let bytes: [UInt8]
    do { bytes = try Files.read(path) } catch { throw StepFailure(error) }
    return try? JSON.parse(bytes)
  }
}

extension Money {
  /// As decimal text without a sign of money, e.g. `1.25`.
  var decimal: JSON { .string(String(description.dropFirst())) }
}
