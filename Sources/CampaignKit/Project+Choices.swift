import CampaignCore
import CampaignEngine

/// How a choice of pairs differs from the one before.
package struct ChoiceChange: Sendable {
  package var file: String
  package var kept: [String]
  package var new: [String]
  package var dropped: [String]

  /// Pairs are the same when they have one id and show the same photos.
  init(file: String, from old: JSON, to new: JSON) {
    let (before, after) = (Self.pairs(old), Self.pairs(new))
    self.file = file
    kept = after.filter { before.contains($0) }.map(\.name)
    self.new = after.filter { !before.contains($0) }.map(\.name)
    dropped = before.filter { !after.contains($0) }.map(\.name)
  }

  private struct Pair: Equatable {
    var name: String
    var photos: [JSON?]
  }

  private static func pairs(_ list: JSON) -> [Pair] {
    (list.array ?? []).map { Pair(name: $0["id"]?.string ?? "?", photos: [$0["first"], $0["last"]]) }
  }
}

extension Project {
  /// Files whose makers choose, and stick to their choice.
  package var choices: [String] {
    recipe.rules.filter { $0.action == "select-pairs" }.flatMap { $0.outputs.map(\.description) }
  }

  /// The Campaignfile says how much may be spent.
  package var hasBudget: Bool {
    campaign.budget != nil || campaign.runBudget != nil || campaign.monthBudget != nil
  }

  /// What some files hold now; those that are missing are left out.
  package func contents(of paths: [String]) -> [String: [UInt8]] {
    var contents: [String: [UInt8]] = [:]
    for path in paths { contents[path] = try? Files.read(state.resolve(path)) }
    return contents
  }

  package func changes(of paths: [String], since before: [String: [UInt8]]) -> [ChoiceChange] {
    paths.compactMap { path in
      guard let bytes = try? Files.read(state.resolve(path)), let new = try? JSON.parse(bytes) else {
        return nil
      }
      let old = before[path].flatMap { try? JSON.parse($0) } ?? .array([])
      return ChoiceChange(file: path, from: old, to: new)
    }
  }

  /// Puts files back as they were: a choice that was not wanted.
  package func put(back contents: [String: [UInt8]]) throws(FileError) {
    for (path, bytes) in contents {
      try Files.write(bytes, to: state.resolve(path) + ".new")
      try Files.rename(state.resolve(path) + ".new", to: state.resolve(path))
    }
  }
}
