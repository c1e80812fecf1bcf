import CampaignActions
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import Glibc

/// All that the page shows of a campaign, as one document.
struct Overview {
  let served: ServedCampaign
  let profile: String?
  let project: Project
  let plan: Plan
  let now: Status.Circumstances
  let live: LiveState
  let event: String?
  let takes: [String: Takes]
  let reviews: [Review]
  let runs: [Run]
  let costs: CostReport
  private let entries: [String: Plan.Entry]
  private let failures: [String: String]

  /// A campaign whose Campaignfile has mistakes has an overview, too: it says which.
  init(_ served: ServedCampaign, profile: String?) throws {
    self.served = served
    self.profile = profile
    do throws(InvalidCampaign) {
      var options = Project.Options()
      options.root = served.root
      options.profile = profile
      project = try Project.load(options)
    } catch {
      throw Mistaken(served, profile: profile, error.diagnostics)
    }
    do throws(BuildError) { plan = try project.plan(Project.Request()) } catch {
      guard case .invalid(let diagnostics) = error else { throw Refusal(error) }
      throw Mistaken(served, profile: profile, diagnostics)
    }
    served.learn(plan, project)
    (live, event) = served.wire.now()
    do throws(BuildError) {
      now = try project.circumstances(plan)
      takes = try project.takes(of: plan)
      costs = try project.costs()
    } catch { throw Refusal(error) }
    reviews = project.reviews(of: plan)
    runs = served.archive.history(limit: 50).reversed()
    var entries: [String: Plan.Entry] = [:]
    for entry in plan.entries { for output in entry.outputs { entries[output] = entry } }
    self.entries = entries
    failures = Dictionary(now.failures.map { ($0.target, $0.message) }) { first, _ in first }
  }

  var json: JSON {
    .members([
      "id": .string(served.id), "name": .string(project.campaign.name), "folder": .string(served.folder),
      "profile": .text(profile), "profiles": .strings(project.campaign.profiles),
      "sets": .object(settings),
      "state": .string(state), "reason": .string(reason), "needs": .array(needs), "films": .array(films),
      "storyboard": .array(storyboard), "money": money, "live": liveJSON,
      "steps": .array(plan.entries.map(step)),
      "later": .array(plan.pending.map(later)), "history": .array(runs.map(\.item)),
    ])
  }

  /// Without hooks: their addresses may hold a secret.
  private var settings: [JSON.Member] {
    project.campaign.settings.filter { project.campaign.hooks[$0.name] == nil }
      .map { JSON.Member($0.name, .string($0.value)) }
  }

  // MARK: - The state in a word

  private var isBuilding: Bool { now.builder != nil }

  var state: String {
    if isBuilding { return "building" }
    if plan.isCurrent { return "current" }
    if failures.keys.contains(where: { kind(of: $0) != "limit" }) { return "failed" }
    if !failures.isEmpty { return "waiting" }
    return plan.entries.contains { if case .awaiting = $0.verdict { true } else { false } }
      ? "waiting" : "stale"
  }

  var reason: String {
    if let builder = now.builder { return "a build runs: \(builder)" }
    if plan.isCurrent { return "\(Wording.count(plan.entries.count, "target")) current" }
    if let failure = now.failures.first { return "\(failure.target) failed: \(failure.message)" }
    let causes = plan.entries.lazy.filter { !$0.verdict.why.isEmpty }
      .map { "\($0.outputs[0]) \($0.verdict.verbPhrase)" }
    return causes.first ?? "something is not made yet"
  }

  /// What a step is doing or how it stands.
  func state(of entry: Plan.Entry) -> String {
    let target = entry.outputs[0]
    if isBuilding, live.rows.contains(where: { $0.target == target }) { return "running" }
    // Also of the build that runs, which goes on; what failed in the one before is to be made again.
    if failures[target] != nil, !isBuilding || runs.first?.isRunning ?? false { return "failed" }
    switch entry.verdict {
    case .stale: return isBuilding ? "queued" : "stale"
    case .kept: return "edited"
    case .awaiting: return "waiting"
    case .current, .restorable, .edited, .undecided: return entry.verdict.word
    }
  }

  // MARK: - What it needs

  private var needs: [JSON] { reviews.map(approval) + now.failures.map(failure) }

  private func approval(_ review: Review) -> JSON {
    let price = review.items.reduce(Money.zero) { $0 + $1.price }
    return need(
      "approval", review.target,
      "\(review.target) waits for your approval"
        + (price > .zero ? "; what follows costs up to \(price)" : ""),
      sheet: review.sheet, items: review.items.map(item),
      command: "campaign approve\(served.options(profile: profile)) \(ServedCampaign.quoted(review.target))")
  }

  private func item(_ item: Review.Item) -> JSON {
    .members([
      "id": .string(item.name), "first": file(item.first), "last": file(item.last),
      "reason": .string(item.reason), "prompt": .text(item.prompt), "price": item.price.json,
    ])
  }

  /// A limit that forbade to spend, trouble at a provider, or a step that failed.
  private func failure(_ failure: (target: String, message: String)) -> JSON {
    let kind = kind(of: failure.target)
    return need(
      kind, failure.target, failure.message, site: entries[failure.target]?.site,
      command: "campaign build\(served.options(profile: profile))"
        + (kind == "limit" ? " --max-cost USD" : ""))
  }

  private func kind(of target: String) -> String {
    switch runs.first?.steps.last(where: { $0.target == target })?.kind {
    case "refused": "limit"
    case "trouble": "trouble"
    default: "failure"
    }
  }

  private func need(
    _ kind: String, _ target: String, _ message: String, site: Site? = nil, sheet: String? = nil,
    items: [JSON] = [], command: String
  ) -> JSON {
    .members([
      "kind": .string(kind), "target": .string(target), "message": .string(message), "help": .null,
      "code": .null, "site": .text(site.map { "\($0.file):\($0.line)" }), "sheet": sheet.map(file) ?? .null,
      "items": .array(items), "command": .string(command),
    ])
  }

  // MARK: - The graph

  private func step(_ entry: Plan.Entry) -> JSON {
    let target = entry.outputs[0]
    return .members([
      "target": .string(target), "outputs": .strings(entry.outputs),
      "inputs": .strings(entry.inputs + (entry.each.map { [$0] } ?? [])), "action": .string(entry.action),
      "pool": .string(entry.pool), "state": .string(state(of: entry)), "reasons": .strings(entry.verdict.why),
      "price": entry.estimate.json, "seconds": .seconds(entry.usual), "message": .text(failures[target]),
      "site": .text(entry.site.map { "\($0.file):\($0.line)" }),
    ])
  }

  private func later(_ pending: Plan.Pending) -> JSON {
    .members([
      "pattern": .string(pending.outputs), "after": .string(pending.file),
      "most": .whole(pending.most?.count),
      "price": pending.most?.cost.json ?? .null,
    ])
  }

  /// Where a file of the campaign is to be had; it need not be there.
  func file(_ path: String) -> JSON {
    .members([
      "path": .string(path), "url": .string(served.url(path)),
      "still": .string(served.url(path, as: "stills")), "version": .text(version(path)),
    ])
  }

  /// Another one when the file is another; cheaper than its content.
  private func version(_ path: String) -> String? {
    FileStamp.of(served.root + "/" + path).map { String($0.modified, radix: 36) }
  }

  func exists(_ path: String) -> Bool { FileStamp.of(served.root + "/" + path) != nil }
}

extension Run {
  /// A build in the list of builds.
  fileprivate var item: JSON {
    .members([
      "run": .string(name.full), "name": .string(name.short), "started": .whole(name.date),
      "seconds": .decimal(seconds, places: 3), "outcome": .string(outcome), "profile": .text(profile),
      "cost": cost.json, "made": .int(steps.count { $0.outcome == "made" }),
      "changed": .strings(steps.filter(\.isChanged).map(\.target)),
    ])
  }

  /// A build, step by step, and which takes would count again if it were restored.
  func timeline(_ restoration: Restoration? = nil) -> JSON {
    .members([
      "run": .string(name.full), "name": .string(name.short), "started": .whole(name.date),
      "seconds": .decimal(seconds, places: 3), "outcome": .string(outcome), "profile": .text(profile),
      "cost": cost.json, "targets": .strings(targets), "forced": .strings(forced),
      "steps": .array(steps.map(\.bar)), "awaiting": .strings(awaiting),
      "restores": .array((restoration?.choices ?? []).map(\.json)),
      "others": .strings(restoration?.others ?? []),
      "remade": .strings(restoration?.remade ?? []),
    ])
  }
}

extension Restoration.Choice {
  fileprivate var json: JSON { .members(["target": .string(target), "take": .int(number)]) }
}

extension Run.Step {
  fileprivate var bar: JSON {
    .members([
      "target": .string(target), "action": .string(action), "pool": .string(pool), "why": .strings(why),
      "outcome": .text(outcome), "start": .seconds(start), "seconds": .decimal(seconds, places: 3),
      "cost": cost.json, "changed": .bool(isChanged), "retries": .int(retries), "message": .text(message),
    ])
  }
}
