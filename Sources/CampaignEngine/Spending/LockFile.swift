import CampaignCore

/// `Campaignfile.lock`: which take each bought target is, and what a person approved. Text, sorted, made for git.
///
///     build/clips/hook.mp4
///         take     9c56cc51b374c3ba189210d5b6d4bf57
///         order    3f1d...
///
/// A block a target and a line a fact, so that changes to different targets merge by themselves. Unknown facts are kept.
package struct LockFile: Hashable, Sendable {
  package typealias Entry = [String: String]
  package var entries: [String: Entry] = [:]

  package init() {}

  /// Reads the file; one that is not there is empty.
  package init(path: String) throws(FileError) { self.init(text: try Files.textIfPresent(path)) }

  package init(text: String) {
    var target: String?
    for line in text.split(whereSeparator: { ["\n", "\r\n", "\r"].contains($0) })
    where !line.hasPrefix("#") && !Self.isConflictMark(line) {
      if line.first != " " {
        target = String(line)
      } else if let target {
        let words = line.drop { $0 == " " }
        let name = words.prefix { $0 != " " }
        // Of both sides of a merge the first counts.
        if entries[target]?[String(name)] == nil {
          entries[target, default: [:]][String(name)] = String(words.dropFirst(name.count).drop { $0 == " " })
        }
      }
    }
  }

  private static func isConflictMark(_ line: Substring) -> Bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].contains { line.hasPrefix($0) }
  }

  package var text: String {
    let head =
      "# The takes and approvals of this campaign. `campaign` writes it; commit it with the Campaignfile.\n"
    return head
      + entries.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { target, entry in
        "\n\(target)\n"
          + entry.sorted { Self.rank($0.key) < Self.rank($1.key) }.map { name, value in
            "    " + name + String(repeating: " ", count: max(1, 12 - name.count)) + value + "\n"
          }.joined()
      }.joined()
  }

  /// Facts in the order in which they are read, then approvals, then the rest.
  private static func rank(_ name: String) -> String {
    let order = ["take", "order", "provider", "model", "version", "seed", "price", "bought", "approved"]
    return "\(order.firstIndex(of: name) ?? 9)\(name)"
  }

  // MARK: - Takes

  /// The take that a target is, if it was bought by this order.
  package func take(_ target: String, order: ContentHash) -> ContentHash? {
    guard entries[target]?["order"] == order.hex else { return nil }
    return entries[target]?["take"].flatMap { ContentHash(hex: $0) }
  }

  package mutating func set(_ take: Take, order: ContentHash, for target: String) {
    var entry = entries[target]?.filter { $0.key.hasPrefix("approved") } ?? [:]
    entry["take"] = take.content.hex
    entry["order"] = order.hex
    entry["provider"] = Self.oneLine(take.provider)
    entry["model"] = Self.oneLine(take.model)
    entry["version"] = take.version.map(Self.oneLine)
    entry["seed"] = take.seed.map { String($0) }
    entry["price"] = take.price.description.dropFirst() + " USD"
    entry["bought"] = take.date == 0 ? nil : Day(seconds: take.date).description
    entries[target] = entry
  }

  /// What a provider says of itself begins no line of its own.
  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  // MARK: - Approvals

  /// Whether a person approved this very content of a target, or of an item in it.
  package func isApproved(_ target: String, item: String? = nil, _ content: ContentHash) -> Bool {
    entries[target]?[Self.approval(of: item)]?.hasPrefix(content.hex) == true
  }

  package mutating func approve(_ target: String, item: String? = nil, _ content: ContentHash, day: Day) {
    entries[target, default: [:]][Self.approval(of: item)] = "\(content.hex) \(day)"
  }

  package mutating func withdraw(_ target: String, item: String) {
    entries[target]?[Self.approval(of: item)] = nil
  }

  private static func approval(of item: String?) -> String { item.map { "approved:\($0)" } ?? "approved" }
}
