import CampaignCore

/// One bought result for an order: its bytes are in the store for good.
package struct Take: Hashable, Sendable {
  /// The bytes as the provider delivered them.
  package var content: ContentHash
  /// The attempt that bought it, in the ledger.
  package var attempt: String
  package var provider: String
  /// The model that the provider says it was.
  package var model: String
  package var version: String?
  package var seed: Int?
  package var price: Money
  /// `billed` by the provider, or `priced` by our table.
  package var basis: String
  /// Seconds since 1970.
  package var date: Int64
  /// Why a person does not want it; nil: nobody said so.
  package var rejected: String?

  package init(
    content: ContentHash, attempt: String, provider: String, model: String, version: String? = nil,
    seed: Int? = nil, price: Money, basis: String, date: Int64
  ) {
    self.content = content
    self.attempt = attempt
    self.provider = provider
    self.model = model
    self.version = version
    self.seed = seed
    self.price = price
    self.basis = basis
    self.date = date
  }
}

/// All takes of one order, oldest first, and which of them counts.
package struct Shelf: Hashable, Sendable {
  package internal(set) var takes: [Take] = []
  /// The take that was bought or chosen last, unless it was rejected since.
  package internal(set) var current: ContentHash?

  package init() {}

  package subscript(content: ContentHash) -> Take? { takes.first { $0.content == content } }

  /// Takes in one line of its file. Returns what is wrong with it, in words; what is right in it counts all the same.
  mutating func read(_ line: JSON) -> String? {
    if let take = Take(line) {
      if self[take.content] == nil { takes.append(take) }
      current = take.content
      return line["micros"]?.micros == nil ? Attempt.noAmount : nil
    } else if let content = line["use"]?.hash, let index = takes.firstIndex(where: { $0.content == content })
    {
      takes[index].rejected = nil
      current = content
    } else if let content = line["reject"]?.hash,
      let index = takes.firstIndex(where: { $0.content == content })
    {
      takes[index].rejected = line["reason"]?.string ?? ""
      if current == content { current = nil }
    } else {
      return "it is about no take"
    }
    return nil
  }
}

extension Take {
  var line: JSON {
    .members([
      "take": .string(content.hex), "attempt": .string(attempt), "provider": .string(provider),
      "model": .string(model), "version": version.map { .string($0) } ?? .null,
      "seed": seed.map { .int($0) } ?? .null, "micros": .int(price.micros), "basis": .string(basis),
      "date": .int(date),
    ])
  }

  init?(_ line: JSON) {
    guard let content = line["take"]?.hash else { return nil }
    self.init(
      content: content, attempt: line["attempt"]?.string ?? "", provider: line["provider"]?.string ?? "",
      model: line["model"]?.string ?? "", version: line["version"]?.string, seed: line["seed"]?.int,
      price: line["micros"]?.micros ?? .zero, basis: line["basis"]?.string ?? "",
      date: line["date"]?.time ?? 0)
  }
}

extension JSON {
  var hash: ContentHash? { string.flatMap { ContentHash(hex: $0) } }
}
