import CampaignCore
import CampaignEngine

extension Project {
  /// Approves what a target contains now, or one item of its array. Returns what was approved, in words.
  package func approve(_ target: String, item: String? = nil) throws(BuildError) -> String {
    let target = FilePath.normal(target)
    try checkNeedsApproval(target)
    let content: ContentHash
    if let item {
      content = try elements(of: target).item(item).hash
    } else {
      do { content = try Files.hash(state.resolve(target)) } catch { throw .file(error) }
    }
    try change { () throws(FileError) in
      try Workspace.changeLockFile(state) { $0.approve(target, item: item, content, day: .today) }
    }
    return "\(target)\(item.map { ", `\($0)`" } ?? ""), as it is now (\(content.short))"
  }

  /// Takes items out of the array of a target, as a person who edits the file would: the edit is adopted, and stays
  /// until `--force` makes the file anew. The rest of it stays approved if it was.
  package func reject(_ target: String, items: [String]) throws(BuildError) {
    let target = FilePath.normal(target)
    try checkNeedsApproval(target)
    let text = try elements(of: target).text(without: items)
    let (path, rest) = (state.resolve(target), state.resolve(target) + ".rest")
    defer { Files.remove(rest) }
    let (old, new): (ContentHash, ContentHash)
    do throws(FileError) {
      try Files.write(text, to: rest)
      (old, new) = (try Files.hash(path), try Files.hash(rest))
    } catch { throw .file(error) }
    try adopt(target, from: rest)
    try change { () throws(FileError) in
      try Workspace.changeLockFile(state) { lock in
        if lock.isApproved(target, old) { lock.approve(target, new, day: .today) }
        for item in items { lock.withdraw(target, item: item) }
      }
    }
  }

  private func checkNeedsApproval(_ target: String) throws(BuildError) {
    guard campaign.rules.contains(where: { $0.needsApproval && $0.outputs.contains { $0.plain == target } })
    else {
      throw .invalid([
        Diagnostic(
          "E0416", "`\(target)` needs no approval", at: nil,
          help: "write `approve = yes` below the rule that makes it")
      ])
    }
  }

  private func elements(of target: String) throws(BuildError) -> Elements {
    do throws(FileError) { return Elements(target, try Files.read(state.resolve(target))) } catch {
      throw .file(error)
    }
  }
}

/// The array that a target holds.
private struct Elements {
  private let target: String
  private let list: [JSON]
  private let items: [Graph.Item]

  init(_ target: String, _ bytes: [UInt8]) {
    self.target = target
    list = (try? JSON.parse(bytes))?.array ?? []
    items = list.enumerated().map { Graph.Item($1, index: $0) }
  }

  func item(_ name: String) throws(BuildError) -> Graph.Item {
    guard let item = items.first(where: { $0.name == name }) else {
      let near = suggestion(for: name, among: items.map(\.name)).map { "did you mean `\($0)`?" }
      throw Self.refusal("`\(target)` has no item `\(name)`", help: near)
    }
    return item
  }

  /// The array as it is written to the file, without some of its items.
  func text(without names: [String]) throws(BuildError) -> String {
    for name in names { _ = try item(name) }
    let rest = zip(list, items).filter { !names.contains($1.name) }.map(\.0)
    guard !rest.isEmpty else {
      throw Self.refusal(
        "nothing would be left of `\(target)`", help: "choose anew instead: campaign build --force \(target)")
    }
    return JSON.array(rest).pretty
  }

  private static func refusal(_ message: String, help: String?) -> BuildError {
    .invalid([Diagnostic("E0416", message, at: nil, help: help)])
  }
}
