import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting

/// The steps of a job as the service before this one told of them: of the whole plan while it runs, of what it did after.
struct LuigiTasks {
  struct Task {
    var name: String
    var status: String
    var created: String?
    var completed: String?

    var json: JSON {
      .members([
        "name": .string(name), "status": .string(status), "created_at": .text(created),
        "completed_at": .text(completed),
      ])
    }
  }

  private(set) var tasks: [Task] = []
  /// Also those that are known only by their number yet.
  private(set) var total: Int
  var completed: Int { tasks.count { $0.status == "completed" } }

  init(_ job: BuildJob, _ campaign: ServedCampaign) throws {
    let project = try campaign.project(profile: job.order.profile, settings: job.order.settings)
    let run = job.run.flatMap { try? campaign.run(named: $0) }
    var told: [String: Task] = [:]
    for step in run?.steps ?? [] {
      told[step.target] = Task(step, began: run?.name.date, isOver: job.state.isOver)
    }
    let plan = (try? project.plan(job.order.request)) ?? Plan()
    for entry in plan.entries {
      let target = entry.outputs[0]
      let isCurrent = entry.verdict == .current || entry.verdict == .kept
      let status = isCurrent ? "completed" : job.state == .canceled ? "cancelled" : "pending"
      tasks.append(told.removeValue(forKey: target) ?? Task(name: target, status: status))
    }
    tasks += told.values.sorted { $0.name < $1.name }
    total = tasks.count
    for pending in plan.pending {
      tasks.append(Task(name: pending.outputs, status: "pending"))
      total += max(1, pending.most?.count ?? 1)
    }
  }
}

extension LuigiTasks.Task {
  fileprivate init(_ step: Run.Step, began: Int64?, isOver: Bool) {
    let date = { (seconds: Double) in began.map { Moment($0 + Int64(seconds)).iso } }
    name = step.target
    created = step.start.flatMap(date)
    completed = step.outcome.flatMap { _ in step.start.flatMap { date($0 + step.seconds) } }
    switch step.outcome {
    case "made", "restored", "adopted": status = "completed"
    case "failed": status = "failed"
    case nil: status = isOver ? "failed" : "running"
    default: status = "cancelled"
    }
  }
}
