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
      let items = try Items(try await call.form(Items.members))
      return try await api.off { try approve(items) }
    case "reject":
      let items = try Items(try await call.form(Items.members))
      guard !items.names.isEmpty else { throw Refusal(.badRequest, "`items` is missing") }
      return try await api.off { try reject(items) }
    case "take":
      let choice = try Choice(try await call.form(["target", "number", "do", "reason", "profile"]))
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

  // MARK: - Approvals

  /// A target that waits for an approval, and some of the items in it.
  private struct Items: Sendable {
    static let members: Set<String> = ["target", "items", "profile"]

    var target: String
    var names: [String]
    var profile: String?

    init(_ form: Form) throws(Refusal) {
      target = try form.needed("target", most: 1024)
      names = try form.texts("items", most: 256)
      profile = try form.text("profile")
    }
  }

  private func approve(_ items: Items) throws -> Response {
    let project = try campaign.project(profile: items.profile)
    do throws(BuildError) {
      var words: [String] = []
      if items.names.isEmpty { words.append(try project.approve(items.target)) }
      for name in items.names { words.append(try project.approve(items.target, item: name)) }
      return Reply.done("approved " + words.joined(separator: "; "), command: command(items))
    } catch { throw Refusal(error) }
  }

  private func reject(_ items: Items) throws -> Response {
    let project = try campaign.project(profile: items.profile)
    do throws(BuildError) {
      try project.reject(items.target, items: items.names)
      return Reply.done(
        "rejected " + items.names.joined(separator: ", "), command: command(items) + " --reject")
    } catch { throw Refusal(error) }
  }

  private func command(_ items: Items) -> String {
    "campaign approve" + campaign.options(profile: items.profile)
      + ([items.target] + items.names).map { " " + ServedCampaign.quoted($0) }.joined()
  }

  // MARK: - Takes

  private struct Choice: Sendable {
    var target: String
    var number: Int
    var isRejected: Bool
    var reason: String
    var profile: String?

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
      profile = try form.text("profile")
    }
  }

  private func choose(_ choice: Choice) throws -> Response {
    let project = try campaign.project(profile: choice.profile)
    let command =
      "campaign takes\(campaign.options(profile: choice.profile)) " + ServedCampaign.quoted(choice.target)
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
          command: "\(command) --reject \(choice.number)\(reason)")
      }
      try project.use(take, of: takes)
      let isThere = try project.bring(takes)
      return Reply.done(
        "take \(choice.number) of \(choice.target) counts" + (isThere ? "" : " from the next build on"),
        command: "\(command) --use \(choice.number)")
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
