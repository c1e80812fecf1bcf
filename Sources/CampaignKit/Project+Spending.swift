import CampaignActions
import CampaignCore
import CampaignEngine

/// What a workspace has cost, attempt by attempt.
package struct CostReport: Sendable {
  package struct Row: Hashable, Sendable {
    package var name: String
    package var attempts = 0
    package var cost = Money.zero
  }

  package var attempts: [Attempt]
  /// What of the ledger cannot be counted.
  package var oddLines: [OddLine] = []
  /// Bought takes that nobody has rejected.
  package var usableClips = 0
  package var clipCost = Money.zero

  package var total: Money { attempts.reduce(.zero) { $0 + $1.committed } }
  package var inFlight: [Attempt] { attempts.filter(\.isOpen) }

  /// Sums by a property of the attempts, dearest first.
  package func rows(by name: (Attempt) -> String) -> [Row] {
    var rows: [String: Row] = [:]
    for attempt in attempts where attempt.committed > .zero || attempt.state == .bought {
      let key = name(attempt)
      rows[key, default: Row(name: key)].attempts += 1
      rows[key]!.cost = rows[key]!.cost + attempt.committed
    }
    return rows.values.sorted { ($1.cost, $0.name) < ($0.cost, $1.name) }
  }
}

extension Project {
  /// Some rule's action is done by others than this machine, so that a build may cost something.
  package var mayBuy: Bool { recipe.rules.contains(where: catalog.mayBuy) }

  /// What this workspace has spent. Reads only.
  package func costs() throws(BuildError) -> CostReport {
    do throws(FileError) {
      let spending = try Spending(state)
      var report = CostReport(attempts: spending.ledger.attempts, oddLines: spending.ledger.oddLines)
      for attempt in report.attempts where attempt.kind == "clip" {
        report.clipCost = report.clipCost + attempt.committed
        guard let content = attempt.take, let take = try spending.store.shelf(attempt.order)[content] else {
          continue
        }
        if take.rejected == nil { report.usableClips += 1 }
      }
      return report
    } catch { throw .file(error) }
  }

  /// Cancels requests that are in flight, for some targets or for all. Returns a line for each.
  package func cancel(_ targets: [String]) throws(BuildError) -> [String] {
    var lines: [String] = []
    do throws(EngineError) {
      try Workspace.exclusively(state) { () throws(FileError) in
        let spending = try Spending(state)
        let open = spending.ledger.attempts.filter { attempt in
          attempt.isOpen && (targets.isEmpty || targets.contains(attempt.target))
        }
        lines = open.map { Cancellation(attempt: $0, spending: spending, root: root).carryOut() }
      }
    } catch { throw BuildError(error) }
    return lines
  }
}
