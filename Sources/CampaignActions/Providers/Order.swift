import CampaignCore
import CampaignEngine

/// What is asked of a provider: everything that shapes what it makes, and what that may cost.
struct Order: Sendable {
  enum Kind: String, Sendable { case clip, music, chat }

  var kind: Kind
  var provider: String
  var model: String
  /// The pinned version of the model, where it needs one.
  var version: String?
  /// What is wanted, the same for every provider; without a seed.
  var input: JSON
  /// The same as the model's own input object, if the table knows the model. `{"$file": path}` is a file's content.
  var native: JSON?
  /// The fields that take a seed.
  var seedField: String?
  /// The files that the input names, with their contents.
  var files: [String: ContentHash]
  /// The most that one attempt can cost.
  var price: Money
  /// Seconds to wait for it here; the provider is to give up after as many.
  var deadline = 1800

  /// Of all that the provider sees but the seed; files by content, wherever they lie.
  var key: ContentHash {
    var hasher = ContentHasher()
    for text in [kind.rawValue, provider, model, version ?? ""] { hasher.append(text) }
    hasher.append(named(native ?? input).compact)
    return hasher.finish()
  }

  /// A JSON value with the contents of files in place of their paths.
  private func named(_ value: JSON) -> JSON {
    switch value {
    case .string(let text): files[text].map { .string($0.hex) } ?? value
    case .array(let elements): .array(elements.map(named))
    case .object(let members): .object(members.map { JSON.Member($0.name, named($0.value)) })
    case .null, .bool, .number: value
    }
  }

  /// What a provider is told of it, whenever that is.
  func request(seed: Int?) -> JSON {
    var members = [JSON.Member("input", seeded(input, "seed", seed))]
    if let native { members.append(.init("native", seeded(native, seedField, seed))) }
    if let version { members.append(.init("version", .string(version))) }
    return .object(members)
  }

  private func seeded(_ input: JSON, _ field: String?, _ seed: Int?) -> JSON {
    guard case .object(let members) = input, let field, let seed else { return input }
    return .object(members + [.init(field, .int(seed))])
  }
}

extension Attempt {
  /// The one line that a provider reads.
  ///
  /// - Parameters:
  ///   - verb: `make` or `cancel`.
  ///   - order: what `Order.request` says.
  ///   - output: the absolute path of the file to be written.
  ///   - deadline: seconds to wait.
  func line(_ verb: String, _ order: JSON, output: String, deadline: Int) -> JSON {
    var members: [JSON.Member] = [
      .init("v", .int(1)), .init("do", .string(verb)), .init("kind", .string(kind)),
      .init("provider", .string(provider)), .init("model", .string(model)), .init("attempt", .string(id)),
      .init("output", .string(output)),
    ]
    if case .object(let rest) = order { members += rest }
    members += [
      .init("deadline", .int(deadline)), .init("cancelAfter", .int(max(60, deadline))),
      .init("checkpoints", .array(checkpoints.filter { $0["state"]?.string != State.downloaded.rawValue })),
    ]
    return .object(members)
  }
}

/// Which seed a new take gets.
package enum SeedPolicy: Hashable, Sendable {
  /// Another one than before.
  case next
  /// That of the last take.
  case same
  case random
  case fixed(Int)

  package init?(_ text: String) {
    switch text {
    case "next", "": self = .next
    case "same": self = .same
    case "random": self = .random
    default:
      guard let number = Int(text), (0...Self.largest).contains(number) else { return nil }
      self = .fixed(number)
    }
  }

  private static let largest = 2_147_483_647

  /// - Parameter last: of the newest take of the order; nil when there is none.
  func seed(after last: Int?, of order: ContentHash) -> Int {
    let first = Int(order.low % 1_000_000)
    return switch self {
    case .next: last.map { $0 == Self.largest ? 0 : $0 + 1 } ?? first
    case .same: last ?? first
    case .random: .random(in: 0...Self.largest)
    case .fixed(let number): number
    }
  }
}
