import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import HTTPTypes
import Hummingbird

/// What changes a campaign without building it; each tells the command that does the same.
struct CampaignActions: Sendable {
  let api: API
  let campaign: ServedCampaign

  func respond(to call: HTTPCall, _ path: [String]) async throws -> Response {
    try call.options()
    switch path[0] {
    case "plan":
      let order = try BuildOrder(campaign: campaign.id, plan: try await call.form(BuildOrder.planMembers))
      return try await api.off { try plan(order) }
    case "approve":
      let form = try await call.form(["target", "items"])
      let (target, items) = (try form.needed("target", most: 1024), try form.texts("items", most: 256))
      return try await api.off { try approve(target, items) }
    case "reject":
      let form = try await call.form(["target", "items"])
      let (target, items) = (try form.needed("target", most: 1024), try form.texts("items", most: 256))
      guard !items.isEmpty else { throw Refusal(.badRequest, "`items` is missing") }
      return try await api.off { try reject(target, items) }
    case "take":
      let choice = try Choice(try await call.form(["target", "number", "do", "reason"]))
      return try await api.off { try choose(choice) }
    case "history": return try await api.off { try restore(path[1]) }
    case "cancel":
      let targets = try (try await call.form(["targets"], isOptional: true)).texts("targets")
      return try await api.off { try cancel(targets) }
    default: return try await pool(path)
    }
  }

  private func plan(_ order: BuildOrder) throws -> Response {
    let project = try campaign.project(profile: order.profile, settings: order.settings)
    do throws(BuildError) { return Reply.json(try project.plan(order.request).json) } catch {
      throw Refusal(error)
    }
  }

  private func approve(_ target: String, _ items: [String]) throws -> Response {
    let project = try campaign.project()
    do throws(BuildError) {
      var words: [String] = []
      if items.isEmpty { words.append(try project.approve(target)) }
      for item in items { words.append(try project.approve(target, item: item)) }
      return Reply.done(
        "approved " + words.joined(separator: "; "), command: "campaign approve" + named(target, items))
    } catch { throw Refusal(error) }
  }

  private func reject(_ target: String, _ items: [String]) throws -> Response {
    let project = try campaign.project()
    do throws(BuildError) {
      try project.reject(target, items: items)
      return Reply.done(
        "rejected " + items.joined(separator: ", "),
        command: "campaign approve" + named(target, items) + " --reject")
    } catch { throw Refusal(error) }
  }

  private func named(_ target: String, _ items: [String]) -> String {
    campaign.place + ([target] + items).map { " " + ServedCampaign.quoted($0) }.joined()
  }

  // MARK: - Takes

  private struct Choice: Sendable {
    var target: String
    var number: Int
    var isRejected: Bool
    var reason: String

    init(_ form: Form) throws(Refusal) {
      target = try form.needed("target", most: 1024)
      guard let number = try form.integer("number", in: 1...100_000) else {
        throw Refusal(.badRequest, "`number` is missing")
      }
      self.number = number
      let word = try form.needed("do")
      guard word == "use" || word == "reject" else { throw Refusal(.badRequest, "`do` takes use or reject") }
      isRejected = word == "reject"
      reason = try form.text("reason", most: 1000, mayBeEmpty: true) ?? ""
    }
  }

  private func choose(_ choice: Choice) throws -> Response {
    let project = try campaign.project()
    let target = ServedCampaign.quoted(choice.target)
    do throws(BuildError) {
      let takes = try project.takes(choice.target)
      guard let take = takes.number(choice.number) else {
        throw BuildError.invalid([
          Diagnostic("E0415", "`\(choice.target)` has no take \(choice.number)", at: nil)
        ])
      }
      if choice.isRejected {
        try project.reject(take, of: takes, reason: choice.reason)
        let reason = choice.reason.isEmpty ? "" : " " + ServedCampaign.quoted(choice.reason)
        return Reply.done(
          "rejected take \(choice.number) of \(choice.target)",
          command: "campaign takes\(campaign.place) \(target) --reject \(choice.number)\(reason)")
      }
      try project.use(take, of: takes)
      try project.bring([choice.target])
      return Reply.done(
        "take \(choice.number) of \(choice.target) counts",
        command: "campaign takes\(campaign.place) \(target) --use \(choice.number)")
    } catch { throw Refusal(error) }
  }

  /// Makes the takes count that did after a build, in the profile that it had.
  private func restore(_ name: String) throws -> Response {
    let run = try campaign.run(named: name)
    let project = try campaign.project(profile: run.profile)
    do throws(BuildError) {
      let restoration = try project.restoration(to: run, in: campaign.archive)
      try project.restore(restoration)
      let targets = restoration.choices.map(\.target).joined(separator: ", ")
      return Reply.done(
        targets.isEmpty ? "nothing differs" : "restored \(targets)",
        command: "campaign history\(campaign.place) \(run.name.short) --restore")
    } catch { throw Refusal(error) }
  }

  // MARK: - What is in flight, and pools

  private func cancel(_ targets: [String]) throws -> Response {
    let project = try campaign.project()
    if let builder = Workspace.builder(StateFolder(root: campaign.root)) {
      throw Refusal(.conflict, "a build holds the workspace: \(builder)", help: "cancel the build first")
    }
    do throws(BuildError) {
      let lines = try project.cancel(targets)
      let names = targets.map { " " + ServedCampaign.quoted($0) }.joined()
      return Reply.done(
        lines.isEmpty ? "nothing is in flight" : lines.joined(separator: "; "),
        command: "campaign cancel\(campaign.place)\(names)")
    } catch { throw Refusal(error) }
  }

  private func pool(_ path: [String]) async throws -> Response {
    let (name, verb) = (path[1], path[2])
    guard verb == "pause" || verb == "resume" else { throw Refusal.unknown }
    return try await api.off {
      let project = try campaign.project()
      let pool = name == "all" ? nil : name
      guard pool.map({ project.pools.contains($0) }) ?? true else {
        throw Refusal(.notFound, "there is no pool `\(name)`")
      }
      do throws(BuildError) {
        if verb == "pause" { try project.pause(pool) } else { try project.resume(pool) }
      } catch { throw Refusal(error) }
      let words = pool.map { " " + ServedCampaign.quoted($0) } ?? ""
      return Reply.done(
        "\(verb)d \(pool ?? "all pools")", command: "campaign \(verb)\(campaign.place)\(words)")
    }
  }
}
