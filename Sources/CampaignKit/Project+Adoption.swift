import CampaignCore
import CampaignEngine

extension Project {
  /// Accepts a file as the result of the step that makes it: as if the step had run, and a person had then replaced
  /// what it made. `source` is copied to the target first; nil: the target is there already.
  ///
  /// Nothing is run or bought. The step's inputs have to be current: a result stands for certain inputs. What stood
  /// at the target before is kept in the store.
  package func adopt(_ target: String, from source: String?) throws(BuildError) {
    let target = FilePath.normal(target)
    var request = Request()
    request.targets = [target]
    request.isFrozen = true
    let plan = try plan(request)
    guard let entry = plan.entries.first(where: { $0.outputs == [target] }) else {
      throw Self.refusal(
        "`\(target)` is not the one output of a step", "adopt a file that a rule makes alone")
    }
    if let stale = plan.entries.first(where: { $0.outputs != entry.outputs && !$0.isSettled }) {
      throw Self.refusal(
        "`\(target)` rests on `\(stale.outputs[0])`, which is \(stale.verdict.word)",
        "build that first: campaign build \(stale.outputs[0])")
    }
    let path = state.resolve(target)
    let candidate = source ?? path
    guard FileStamp.of(candidate) != nil else {
      throw Self.refusal("there is no file `\(source ?? target)`", "`--from FILE` names the file to adopt")
    }
    let action = Action(name: entry.action, version: 0, parameters: entry.parameters)
    if let problem = catalog.damage(of: candidate, madeBy: action) {
      throw Self.refusal("`\(source ?? target)` cannot be `\(target)`: \(problem)", nil)
    }
    if let source { try replace(path, by: source) }
    request.adopted = [target]
    _ = try build(request) { _ in }
  }

  private func replace(_ path: String, by source: String) throws(BuildError) {
    try change { () throws(FileError) in
      if let old = try? Files.hash(path) { try Store(folder: state.store).keep(path, hash: old) }
      if let folder = Files.folder(of: path) { try Files.makeFolder(folder) }
      _ = try Files.copy(source, to: path + ".new")
      try Files.rename(path + ".new", to: path)
    }
  }

  private static func refusal(_ message: String, _ help: String?) -> BuildError {
    .invalid([Diagnostic("E0418", message, at: nil, help: help)])
  }
}

extension Plan.Entry {
  /// A build would leave it as it is.
  fileprivate var isSettled: Bool { verdict == .current || verdict == .kept }
}
