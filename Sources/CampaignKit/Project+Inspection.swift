import CampaignCore
import CampaignEngine

/// The story of one target: what made it, from what, and why it is current or not.
package struct Explanation: Sendable {
  package var entry: Plan.Entry
  package var parameters: [Parameter]
  /// The last good run, if any.
  package var last: LastRun?
  package var inputs: [Input]

  package struct LastRun: Sendable {
    /// Seconds since 1970.
    package var finished: Int64
    package var seconds: Double
    package var cost: Money
    package var wasEdited: Bool
  }

  package struct Input: Sendable {
    package var path: String
    /// First digits of its content hash; nil when missing.
    package var hash: String?
    /// The action that makes it; nil for a source.
    package var madeBy: String?
    /// Since the last good run; nil: not known.
    package var isChanged: Bool?
  }
}

extension Project {
  /// Why a target is as it is, down to its sources.
  package func explain(_ target: String) throws(BuildError) -> Explanation {
    var request = Request()
    request.targets = [target]
    let plan = try plan(request)
    guard let entry = plan.entries.first(where: { $0.outputs.contains(target) }) ?? plan.entries.last else {
      throw .invalid([
        Diagnostic(
          "E0406", "`\(target)` is not known yet: build `\(plan.pending.first?.file ?? target)` first",
          at: nil)
      ])
    }
    let cache = HashCache(path: state.cache)
    let trace = cache.trace(entry.outputs[0])
    let makers = Dictionary(plan.entries.flatMap { entry in entry.outputs.map { ($0, entry.action) } }) {
      first, _ in first
    }
    return Explanation(
      entry: entry, parameters: trace?.action.parameters ?? [],
      last: trace.map {
        Explanation.LastRun(
          finished: $0.finished, seconds: Double($0.milliseconds) / 1000, cost: $0.cost,
          wasEdited: $0.isEdited)
      },
      inputs: entry.inputs.map { path in
        let hash = try? Files.hash(state.resolve(path))
        return Explanation.Input(
          path: path, hash: hash?.short, madeBy: makers[path],
          isChanged: trace.map { trace in !trace.inputs.contains { $0.hash == hash } })
      })
  }

  /// The log of the last run of the step that makes `target`; nil when it has not run.
  package func log(_ target: String) throws(BuildError) -> String? {
    let path = state.resolve(StateFolder.log(of: target))
    guard Files.exists(path) else { return nil }
    do throws(FileError) { return try Files.text(path) } catch { throw .file(error) }
  }
}
