import CampaignCore

/// The good end of a request: what campaign enters into its journal.
package struct Delivery: Hashable, Sendable {
  /// Nil when the service does not say; then campaign prices `billed` with its own table.
  package var cost: Money?
  /// Plain numbers and words that the service bills by.
  package var billed: [JSON.Member] = []
  /// The model that answered, which may be another than the one asked for.
  package var model: String?
  package var version: String?
  package var seed: JSON?
  package var id: String?
  package var fingerprint: String?

  package init() {}

  var event: JSON {
    var members = [JSON.Member("ev", .string("done"))]
    if let cost { members.append(JSON.Member("usd", .string(cost.decimal))) }
    if !billed.isEmpty { members.append(JSON.Member("billed", .object(billed))) }
    if let seed { members.append(JSON.Member("seed", seed)) }
    let texts = [("model", model), ("version", version), ("id", id), ("fingerprint", fingerprint)]
    for case (let name, let text?) in texts { members.append(JSON.Member(name, .string(text))) }
    return .object(members)
  }
}
