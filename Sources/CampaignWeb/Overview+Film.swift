import CampaignActions
import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting

extension Overview {
  // MARK: - The film

  var films: [JSON] {
    let isFilm = { (path: String) in path.hasSuffix(".mp4") || path.hasSuffix(".mov") }
    return plan.films.filter { isFilm($0.outputs[0]) && $0.each == nil }.map(film)
  }

  private func film(_ entry: Plan.Entry) -> JSON {
    let target = entry.outputs[0]
    let path = served.root + "/" + target
    let stamp = FileStamp.of(path)
    let info = stamp.flatMap { served.media.of(path, $0) }
    let isMaking = state(of: entry) == "running"
    let word =
      isMaking ? "making" : stamp == nil ? "missing" : entry.verdict == .current ? "current" : "stale"
    return .members([
      "target": .string(target), "file": stamp == nil ? .null : file(target), "bytes": .whole(stamp?.size),
      "etag": .text(stamp.flatMap { _ in served.tags.hash(of: path)?.hex }),
      "seconds": .seconds(info?.duration), "width": .whole(info?.video?.size.width),
      "height": .whole(info?.video?.size.height),
      "modified": .whole(stamp.map { $0.modified / 1_000_000_000 }),
      "state": .string(word), "reason": .string(entry.verdict.phrase),
    ])
  }

  // MARK: - The storyboard

  var storyboard: [JSON] {
    let clips = plan.entries.filter { $0.each != nil && $0.outputs[0].hasSuffix(".mp4") }
    var elements: [String: Elements] = [:]
    for file in Set(clips.compactMap(\.each)) { elements[file] = Elements(served.root + "/" + file) }
    let seconds = HashCache(path: StateFolder(root: served.root).cache)
    let open = Set(reviews.flatMap { review in review.items.map { $0.name } })
    return clips.map { entry in
      clip(
        entry, elements[entry.each ?? ""]?.of(entry),
        seconds: seconds.trace(entry.outputs[0]).map { Double($0.milliseconds) / 1000 }, open)
    } + plan.pending.filter { $0.outputs.hasSuffix(".mp4") }.flatMap(lastChoice)
  }

  /// The clips of the last choice of pairs, while it is open what the next will be.
  private func lastChoice(_ pending: Plan.Pending) -> [JSON] {
    Elements(served.root + "/" + pending.file).all.map { element in
      let target = pending.outputs.replacing(/\{[^.{}]*\.?([^{}]*)\}/) { field in
        element[String(field.output.1)]?.scalar ?? ""
      }
      served.learn([target] + ["first", "last"].compactMap { element[$0]?.string })
      return .members([
        "target": .string(target), "id": .string(element["id"]?.scalar ?? Elements.name(of: target)),
        "first": element["first"]?.string.map(file) ?? .null,
        "last": element["last"]?.string.map(file) ?? .null,
        "file": exists(target) ? file(target) : .null,
        "etag": .text(served.tags.hash(of: served.root + "/" + target)?.hex),
        "prompt": .text(element["prompt"]?.string), "scene": .text(element["scene"]?.string),
        "choice": .text(element["reason"]?.string), "maker": .string(""), "paid": .bool(pending.most != nil),
        "price": Money.zero.json, "reroll": Money.zero.json, "seconds": .null, "seed": .null, "take": .null,
        "takes": .int(0), "state": .string("undecided"),
        "reasons": .strings(["depends on `\(pending.file)`"]), "approved": .null,
      ])
    }
  }

  private func clip(_ entry: Plan.Entry, _ element: JSON?, seconds: Double?, _ open: Set<String>) -> JSON {
    let target = entry.outputs[0]
    let (maker, takes) = (entry.parameters.first { $0.name == "by" }?.value ?? entry.action, takes[target])
    let index = takes.flatMap { takes in takes.shelf.takes.firstIndex { $0.content == takes.current } }
    let take = index.flatMap { takes?.shelf.takes[$0] }
    let photos = [
      element?["first"]?.string ?? entry.inputs.first, element?["last"]?.string ?? entry.inputs.last,
    ]
    let prompt = element?["prompt"]?.string ?? entry.parameters.first { $0.name == "prompt" }?.value
    let path = served.root + "/" + target
    return .members([
      "target": .string(target), "id": .string(element?["id"]?.scalar ?? Elements.name(of: target)),
      "first": photos[0].map(file) ?? .null, "last": photos[1].map(file) ?? .null,
      "file": exists(target) ? file(target) : .null,
      "etag": .text(entry.verdict == .current ? entry.result?.hex : served.tags.hash(of: path)?.hex),
      "prompt": .text(prompt), "scene": .text(element?["scene"]?.string),
      "choice": .text(element?["reason"]?.string),
      "maker": .string(maker), "paid": .bool(entry.payee != nil || entry.order != nil),
      "price": (take?.price ?? entry.estimate).json, "reroll": reroll(entry, take).json,
      "seconds": .seconds(seconds), "seed": .whole(take?.seed), "take": .whole(index.map { $0 + 1 }),
      "takes": .int(takes?.shelf.takes.count ?? 0), "state": .string(state(of: entry)),
      "reasons": .strings(entry.verdict.why), "approved": approved(entry, open),
    ])
  }

  /// What the plan says of a stale step, or else what the take cost: the price of a further one is that of the first.
  private func reroll(_ entry: Plan.Entry, _ take: Take?) -> Money {
    max(entry.estimate, take?.price ?? .zero)
  }

  private func approved(_ entry: Plan.Entry, _ open: Set<String>) -> JSON {
    guard let item = entry.item else { return .null }
    return .bool(!open.contains(item))
  }

  // MARK: - Money

  var money: JSON {
    let bought = costs.usableClips > 0 ? costs.clipCost.micros / Int64(costs.usableClips) : nil
    let month = Day.today.monthName
    let current = takes.mapValues { takes in takes.current.flatMap { takes.shelf[$0] }?.price ?? .zero }
    let restored = runs.flatMap(\.steps).filter { $0.outcome == "restored" }
    let campaign = project.campaign
    let spentThisMonth = costs.attempts.filter { Day(seconds: $0.began).monthName == month }
      .reduce(Money.zero) { $0 + $1.committed }
    let reserved = costs.inFlight.reduce(Money.zero) { $0 + $1.reserved }
    let saved = restored.reduce(Money.zero) { $0 + (current[$1.target] ?? .zero) }
    return .members([
      "spent": costs.total.json, "reserved": reserved.json,
      "budget": campaign.budget?.json ?? .null, "runBudget": campaign.runBudget?.json ?? .null,
      "monthBudget": campaign.monthBudget?.json ?? .null,
      "month": spentThisMonth.json,
      "usableClips": .int(costs.usableClips), "perUsableClip": bought.map { Money(micros: $0).json } ?? .null,
      "saved": saved.json,
      "byProvider": .array(costs.rows { "\($0.provider) \($0.model)" }.map(row)),
      "planned": plan.forecast.most.json, "awaited": plan.forecast.awaitedCost.json,
      "inFlight": .array(costs.inFlight.map(request)),
    ])
  }

  private func row(_ row: CostReport.Row) -> JSON {
    .members(["name": .string(row.name), "attempts": .int(row.attempts), "cost": row.cost.json])
  }

  private func request(_ attempt: Attempt) -> JSON {
    .members([
      "target": .string(attempt.target), "provider": .string("\(attempt.provider) \(attempt.model)"),
      "id": .text(attempt.jobID), "cost": attempt.reserved.json, "since": .int(attempt.began),
    ])
  }

  // MARK: - The build that runs

  var liveJSON: JSON {
    let isBuilding = now.builder != nil && !live.isOver
    let rows = isBuilding ? live.rows : []
    return .members([
      "event": .text(event), "run": .text(live.run), "building": .bool(now.builder != nil),
      "cutShort": .bool(now.builder == nil && !live.isOver), "owner": .text(now.builder),
      "started": .whole(live.run.flatMap { RunName($0).date }), "done": .int(live.done),
      "total": .int(live.total), "spent": live.spent.json, "rows": .array(rows.map(row)),
      "pools": .array(project.pools.map { pool($0, rows) }),
    ])
  }

  private func row(_ row: LiveState.Row) -> JSON {
    .members([
      "target": .string(row.target), "action": .string(row.action), "pool": .string(row.pool),
      "fraction": row.fraction.map { .decimal($0, places: 3) } ?? .null, "detail": .text(row.detail),
      "seconds": .decimal(max(0, live.seconds - row.start), places: 3), "usual": .seconds(row.usual),
      "retries": .int(row.retries), "message": .text(row.message),
    ])
  }

  private func pool(_ name: String, _ rows: [LiveState.Row]) -> JSON {
    .members([
      "name": .string(name), "width": .whole(project.campaign.pools.first { $0.name == name }?.width),
      "running": .int(rows.count { $0.pool == name }), "paused": .bool(project.pausedPools.contains(name)),
    ])
  }
}

/// The elements of an array that rules are repeated for.
private struct Elements {
  private var byName: [String: JSON] = [:]
  private var byPhotos: [[String?]: JSON] = [:]
  private(set) var all: [JSON]

  init(_ path: String) {
    all = (try? Files.read(path)).flatMap { try? JSON.parse($0) }?.array ?? []
    for element in all {
      if let name = element["id"]?.scalar { byName[name] = element }
      byPhotos[[element["first"]?.string, element["last"]?.string]] = element
    }
  }

  func of(_ entry: Plan.Entry) -> JSON? {
    byName[Self.name(of: entry.outputs[0])] ?? byPhotos[[entry.inputs.first, entry.inputs.last]]
  }

  /// `hook` of `build/clips/hook.mp4`.
  static func name(of path: String) -> String {
    let name = Files.name(of: path)
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }
}
