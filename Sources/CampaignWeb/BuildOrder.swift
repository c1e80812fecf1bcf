import CampaignCore
import CampaignKit
import CampaignReporting

/// What a caller wants to be built: of a campaign, how, and for how much.
struct BuildOrder: Sendable {
  var campaign: String
  var profile: String?
  var settings: [(name: String, value: String)] = []
  var targets: [String] = []
  var forced: [String] = []
  var forceAll = false
  var reselects = false
  var keepsGoing = false
  var isFrozen = false
  var buysNothing = false
  var seed: String?
  var maxCost: Money?
  var callback: String?

  init(campaign: String) { self.campaign = campaign }

  static let planMembers: Set = ["profile", "set", "targets", "force", "forceAll", "reselect"]
  static let members = planMembers.union([
    "campaign", "keepGoing", "frozen", "freeOnly", "seed", "maxCost", "callback",
  ])

  /// Reads what a plan needs.
  init(campaign: String, plan form: Form) throws(Refusal) {
    self.campaign = campaign
    profile = try form.text("profile")
    settings = try form.settings("set")
    targets = try form.texts("targets")
    forced = try form.texts("force")
    forceAll = try form.flag("forceAll")
    reselects = try form.flag("reselect")
  }

  init(_ form: Form) throws(Refusal) {
    try self.init(campaign: try form.needed("campaign"), plan: form)
    keepsGoing = try form.flag("keepGoing")
    isFrozen = try form.flag("frozen")
    buysNothing = try form.flag("freeOnly")
    seed = try form.text("seed")
    maxCost = try form.money("maxCost")
    callback = try form.text("callback", most: 2048)
    if let seed, seed.wholeMatch(of: /next|same|random|[0-9]{1,9}/) == nil {
      throw Refusal(.badRequest, "`seed` takes next, same, random or a number")
    }
    if let callback, callback.wholeMatch(of: /https?:\/\/[^\s\/]+.*/) == nil {
      throw Refusal(.badRequest, "`callback` takes an http or https address")
    }
    if isFrozen && (maxCost != nil || buysNothing) {
      throw Refusal(.badRequest, "`frozen` spends nothing: it goes without `maxCost` and `freeOnly`")
    }
  }

  /// The same as a library call, for the plan and its price.
  var request: Project.Request {
    var request = Project.Request()
    request.targets = targets + forced.filter { !targets.isEmpty && !targets.contains($0) }
    request.forced = forced
    request.forceAll = forceAll
    request.reselects = reselects
    return request
  }

  /// `campaign build` with its options; the folder and the form of events are the caller's.
  var arguments: [String] {
    var arguments = ["build"]
    if let profile { arguments += ["--profile", profile] }
    for setting in settings { arguments += ["--set", "\(setting.name)=\(setting.value)"] }
    for target in forced { arguments += ["--force", target] }
    if forceAll { arguments.append("--force-all") }
    if reselects { arguments.append("--reselect") }
    if keepsGoing { arguments.append("--keep-going") }
    if isFrozen { arguments.append("--frozen") }
    if buysNothing { arguments.append("--free") }
    if let seed { arguments += ["--seed", seed] }
    if let maxCost { arguments += ["--max-cost", maxCost.json.scalar ?? "0"] }
    return arguments + targets
  }

  func command(_ place: String) -> String {
    "campaign build" + place + arguments.dropFirst().map { " " + ServedCampaign.quoted($0) }.joined()
  }

  // MARK: - On disk

  var json: JSON {
    .members([
      "campaign": .string(campaign), "profile": .text(profile),
      "set": .object(settings.map { JSON.Member($0.name, .string($0.value)) }), "targets": .strings(targets),
      "force": .strings(forced), "forceAll": .bool(forceAll), "reselect": .bool(reselects),
      "keepGoing": .bool(keepsGoing), "frozen": .bool(isFrozen), "freeOnly": .bool(buysNothing),
      "seed": .text(seed), "maxCost": maxCost?.json ?? .null, "callback": .text(callback),
    ])
  }

  init(_ json: JSON) {
    campaign = json["campaign"]?.string ?? ""
    profile = json["profile"]?.string
    if case .object(let members) = json["set"] {
      settings = members.map { ($0.name, $0.value.string ?? "") }
    }
    targets = json["targets"]?.array?.compactMap(\.string) ?? []
    forced = json["force"]?.array?.compactMap(\.string) ?? []
    forceAll = json["forceAll"]?.bool ?? false
    reselects = json["reselect"]?.bool ?? false
    keepsGoing = json["keepGoing"]?.bool ?? false
    isFrozen = json["frozen"]?.bool ?? false
    buysNothing = json["freeOnly"]?.bool ?? false
    seed = json["seed"]?.string
    maxCost = json["maxCost"]?.scalar.flatMap { Money(dollars: $0) }
    callback = json["callback"]?.string
  }
}
